"""What every page of the settings is: a column that scrolls, and knows whether it is looked at."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge
from twocan.gui.parts import Scroll, column
from twocan.gui.tokens import Size, Space


class Page(Scroll):
    """A page. It draws the desk it is shown; what only a page that is looked at needs, a meter or
    a camera, begins with ``came`` and is over with ``left``."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self._whole = QWidget()
        super().__init__(self._whole, parent)
        self.bridge = bridge
        self.seen = False
        """Whether the page is on the screen: shown, and its window not minimised."""
        # The keyboard goes from control to control, and the page scrolls to them.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def lay_out(self, *parts: QWidget) -> None:
        """Set what is on the page, from its top; it is in the middle where the page is wide."""
        middle = QWidget()
        middle.setMaximumWidth(Size.COLUMN)
        middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        middle.setLayout(column(*parts, None, space=Space.MEDIUM))
        across = QHBoxLayout(self._whole)
        across.setContentsMargins(Space.MEDIUM, Space.TINY, Space.MEDIUM, Space.LARGE)
        across.addWidget(middle)

    def show_desk(self, view: DeskView) -> None:
        """Draw what there is."""

    def came(self) -> None:
        """The page is looked at."""

    def left(self) -> None:
        """The page is not looked at any more."""

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what the keyboard is at: Qt's own way sees only some of it, the cursor of a
        line, and nothing that comes from outside of the page. Nothing moves below a pressed
        pointer."""
        pressed = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is not None and self._whole.isAncestorOf(now) and not pressed:
            middle = now.mapTo(self._whole, now.rect().center())
            self.ensureVisible(middle.x(), middle.y(), 0, now.height() // 2 + Space.LARGE)

    def showEvent(self, event: QShowEvent) -> None:
        """Also told when a minimised window comes back."""
        super().showEvent(event)
        if not self.seen:
            self.seen = True
            self.came()

    def hideEvent(self, event: QHideEvent) -> None:
        """Also told when the window is minimised."""
        super().hideEvent(event)
        if self.seen:
            self.seen = False
            self.left()
