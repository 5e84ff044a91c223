"""What people are told in passing: lines about a problem, and words that go away by themselves."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QWidget

from twocan.gui.parts.arranging import Icon, column, row
from twocan.gui.parts.buttons import PushButton
from twocan.gui.parts.painting import Tone, brush_for, paint_shape
from twocan.gui.parts.words import Words
from twocan.gui.theme import mix, theme
from twocan.gui.tokens import Ink, Radius, Share, Size, Space, Time

SIGNS = {
    Tone.PLAIN: ("info", Ink.MUTED),
    Tone.QUIET: ("info", Ink.MUTED),
    Tone.ACCENT: ("info", Ink.ACCENT),
    Tone.ACCEPT: ("check", Ink.GOOD),
    Tone.END: ("warning", Ink.BAD),
}


def announce(widget: QWidget, text: str) -> None:
    """Have this read aloud to who listens to the screen."""
    # Loaded when something is said, because it takes PySide some 4 ms.
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class Action(PushButton):
    """What can be done about it: of the banner's own colour, only stronger."""

    def __init__(self, text: str, ink: Ink) -> None:
        super().__init__(text)
        self._ink = ink

    def colours(self) -> tuple[QColor, QColor]:
        fill = mix(theme().colour(Ink.SURFACE), theme().colour(self._ink), 2 * Share.TINT)
        return fill, theme().colour(Ink.TEXT)


class Banner(QWidget):
    """A line that people should know of, with what they can do: a problem, mostly.

    ``tone``: ``Tone.END`` for a problem. ``action``: the words of its button.
    """

    acted = Signal()
    """Its button was pressed."""

    def __init__(
        self,
        text: str = "",
        tone: Tone = Tone.PLAIN,
        action: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        sign, self._ink = SIGNS[tone]
        self._words = Words(text, wrap=True)
        self.button = Action(action or "", self._ink)
        if action is None:
            self.button.hide()
        self.button.clicked.connect(self.acted)
        words = column(self._words, self.button, None, space=Space.SMALL)
        words.setAlignment(self.button, Qt.AlignmentFlag.AlignLeading)
        icon = column(Icon(sign, self._ink), None)
        self.setLayout(row(icon, words, space=Space.MEDIUM, margin=Space.MEDIUM))
        self.layout().setStretch(1, 1)  # type: ignore[union-attr]

    def show_text(self, text: str, action: str | None = None) -> None:
        """Say this, and offer that."""
        if text != self._words.text():
            self._words.setText(text)
            announce(self, text)
        self.button.setText(action or "")
        self.button.setVisible(action is not None)

    def text(self) -> str:
        return self._words.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        surface = theme().colour(Ink.SURFACE)
        fill = mix(surface, theme().colour(self._ink), Share.TINT)
        paint_shape(brush_for(self), QRectF(self.rect()), Radius.MEDIUM, fill)


class Toast(QWidget):
    """Words at the foot of ``over`` that go away by themselves."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._words = Words("", ink=Ink.ON_STAGE, wrap=True, centred=True)
        self.setLayout(row(self._words, margin=Space.MEDIUM))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, interval=Time.TOAST, singleShot=True)
        self._timer.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Show this for a while."""
        self._words.setText(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        announce(self._over, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_shape(brush_for(self), QRectF(self.rect()), Radius.MEDIUM, theme().colour(Ink.SCRIM))

    def _place(self) -> None:
        widest = min(Size.COLUMN, self._over.width() - 2 * Space.LARGE)
        wide = min(widest, self._words.sizeHint().width() + 2 * Space.MEDIUM)
        high = self._words.heightForWidth(wide - 2 * Space.MEDIUM) + 2 * Space.MEDIUM
        left, top = (self._over.width() - wide) // 2, self._over.height() - high - Space.WIDE
        self.setGeometry(left, top, wide, high)
