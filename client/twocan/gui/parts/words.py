"""Words to be read."""

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from twocan.gui.parts.painting import aligned, faded
from twocan.gui.parts.text import elided, hint, lines_of, width_of
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Size, Type


class Words(QLabel):
    """Plain text that never needs more width than there is.

    ``wrap``: goes on in a further line. Otherwise it is one line, which is elided where there is
    too little room, the whole then being its tooltip; ``elided``: the first to give way, such as a
    name beside a duration.
    """

    def __init__(
        self,
        text: str = "",
        type: Type = Type.BODY,  # noqa: A002
        ink: Ink = Ink.TEXT,
        *,
        wrap: bool = False,
        centred: bool = False,
        elided: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._type, self._ink = type, ink
        self._wraps, self._yields = wrap, elided
        side = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeading
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        # A widget of fixed height is never given more than its hint, which knows of no width.
        height = QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, height)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setText(text)

    def set_ink(self, ink: Ink) -> None:
        """Be of this colour."""
        if ink is not self._ink:
            self._ink = ink
            self.update()

    def setText(self, text: str) -> None:
        if text == self.text():
            return
        super().setText(text)
        # A label without word wrap of its own forgets that its height goes by its width.
        policy = self.sizePolicy()
        policy.setHeightForWidth(self._wraps)
        self.setSizePolicy(policy)
        self.updateGeometry()
        self._hint()

    def sizeHint(self) -> QSize:
        width = ceil(width_of(self.text(), theme().font(self._type)))
        width = min(width, Size.COLUMN) if self._wraps else width
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetricsF(theme().font(self._type))
        whole = ceil(width_of(self.text(), theme().font(self._type)))
        least = ceil(metrics.averageCharWidth() * 4)
        if not self._wraps and not self._yields:
            least = Size.NARROWEST // 2
        return QSize(min(whole, least), ceil(metrics.height()))

    def hasHeightForWidth(self) -> bool:
        return self._wraps

    def heightForWidth(self, width: int) -> int:
        metrics = QFontMetricsF(theme().font(self._type))
        return ceil(metrics.height() + metrics.lineSpacing() * (len(self._lines(width)) - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = theme().font(self._type)
        painter.setFont(font)
        painter.setPen(faded(self, theme().colour(self._ink)))
        # Sentences go by their language, whatever name they begin with; those from right to left
        # isolate it, so that there what is no sentence, such as a name alone, goes by its letters.
        ways = Qt.LayoutDirection
        painter.setLayoutDirection(
            ways.LayoutDirectionAuto if self.isRightToLeft() else ways.LeftToRight
        )
        flags = aligned(self) | Qt.TextFlag.TextDontClip
        painter.drawText(QRectF(self.rect()), int(flags), "\n".join(self._lines(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint()

    def _lines(self, width: int) -> list[str]:
        # Half a pixel more, because a width is rounded up where it is asked for.
        if self._wraps:
            return lines_of(self.text(), theme().font(self._type), width + 0.5)
        return [elided(self.text(), theme().font(self._type), width + 0.5)]

    def _hint(self) -> None:
        cut = not self._wraps and self._lines(self.width()) != [self.text()]
        hint(self, self.text() if cut and self.testAttribute(Qt.WidgetAttribute.WA_Resized) else "")
