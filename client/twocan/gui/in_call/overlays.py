"""Opens and closes what lies over a call: one overlay at a time, and one menu."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from twocan.gui.bridge import Bridge
from twocan.gui.in_call.overlay import Overlay
from twocan.gui.tokens import Size, Space
from twocan.states import CallView


class Overlays(QObject):
    """``host``: what they lie in. ``head``, ``foot``: what they lie between. Only what would fit
    no other way covers the head, which the keyboard does not come to then."""

    changed = Signal()
    """Something was opened or closed."""

    def __init__(self, bridge: Bridge, host: QWidget, head: QWidget, foot: QWidget) -> None:
        super().__init__(host)
        self._bridge, self._host, self._head, self._foot = bridge, host, head, foot
        self._menu: QMenu | None = None
        self._came_from: QWidget | None = None
        self.overlay: Overlay | None = None
        """What is open."""

    @property
    def any(self) -> bool:
        """Whether anything is open."""
        return self.overlay is not None or self._menu is not None

    def open(
        self, make: Callable[[Bridge, QWidget], Overlay], call: CallView, *, focus: bool = True
    ) -> Overlay:
        """Open this in place of what is open. ``focus``: the keyboard goes there."""
        came_from = self._host.window().focusWidget()
        self.close()
        overlay = make(self._bridge, self._host)
        overlay.done.connect(self.close)
        overlay.show_call(call)
        self.overlay = overlay
        if focus:
            self._came_from = came_from
        self.place()
        overlay.show()
        overlay.raise_()
        if focus:
            overlay.first().setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
        return overlay

    def pop_up(self, menu: QMenu, above: QWidget) -> None:
        """Open a menu at a button. It deletes itself."""
        self.close_menu()
        self._menu = menu
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.aboutToHide.connect(self._menu_gone)
        size, at = menu.sizeHint(), above.mapTo(self._host, QPoint(above.width() // 2, 0))
        # Above the middle of the button, as far as the window holds it there.
        x = min(at.x() - size.width() // 2, self._host.width() - size.width() - Space.SMALL)
        y = at.y() - size.height() - Space.SMALL
        menu.popup(self._host.mapToGlobal(QPoint(max(x, Space.SMALL), y)))
        self.changed.emit()

    def close(self) -> None:
        """Close the overlay; the keyboard goes back to where it came from."""
        overlay, self.overlay = self.overlay, None
        if overlay is None:
            return
        focused: QWidget | None = overlay.window().focusWidget()
        within = focused is not None and overlay.isAncestorOf(focused)
        overlay.hide()
        overlay.deleteLater()
        self._head.setEnabled(True)
        came_from, self._came_from = self._came_from, None
        if within:
            back = came_from if came_from is not None and came_from.isVisible() else self._host
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def close_menu(self) -> None:
        if self._menu is not None:
            self._menu.close()

    def close_all(self) -> None:
        """Nothing of it outlives its call."""
        self.close_menu()
        self.close()

    def place(self) -> int:
        """Lie in the middle, above the foot, no wider than a column, and scroll what is over. How
        much above the foot is covered."""
        if self.overlay is None:
            return 0
        host, around = self._host.rect(), Space.SMALL
        width = min(Size.COLUMN, host.width() - 2 * around)
        bottom = self._foot.geometry().top() - around
        tallest, below = self.overlay.tallest(width), bottom - self._head.geometry().bottom()
        covers = below < tallest <= bottom - around
        height = tallest if covers else min(tallest, below)
        self._head.setEnabled(not covers)
        left = (host.width() - width) // 2
        self.overlay.setGeometry(QRect(left, bottom - height, width, height))
        return height + around

    def _menu_gone(self) -> None:
        self._menu = None
        self.changed.emit()
