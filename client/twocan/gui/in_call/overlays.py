"""Opens and closes what lies over a call: one overlay at a time, and one menu."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from twocan.gui.bridge import Bridge
from twocan.gui.in_call.overlay import Overlay
from twocan.gui.tokens import Size, Space
from twocan.states import CallView


class Overlays(QObject):
    """``host``: what they lie in. ``foot``: what they end above, at least as long as it fits."""

    changed = Signal()
    """Something was opened or closed."""

    def __init__(self, bridge: Bridge, host: QWidget, foot: QWidget) -> None:
        super().__init__(host)
        self._bridge, self._host, self._foot = bridge, host, foot
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
        size = menu.sizeHint()
        mirrored = above.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = above.width() - size.width() if mirrored else 0
        menu.popup(above.mapToGlobal(QPoint(x, -size.height() - Space.TINY)))
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

    def place(self) -> None:
        """Lie in the middle, above the foot, no wider than a column, and scroll what is over."""
        if self.overlay is None:
            return
        host, around = self._host.rect(), Space.SMALL
        width = min(Size.COLUMN, host.width() - 2 * around)
        bottom = self._foot.geometry().top() - around
        height = min(self.overlay.tallest(width), bottom - around)
        left = (host.width() - width) // 2
        self.overlay.setGeometry(QRect(left, bottom - height, width, height))

    def _menu_gone(self) -> None:
        self._menu = None
        self.changed.emit()
