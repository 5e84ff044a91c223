"""The page that is there until there is a desk: the first that is painted, and so the lightest.

It is drawn without any of the parts, whose loading would be waited for.
"""

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from twocan.desk.state import DeskView
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Space, Type


class BeginningView(QWidget):
    """The name of the program, and that it starts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._standing = QCoreApplication.translate("words", "Starting…")
        self.setAccessibleName(self._standing)

    def show_desk(self, view: DeskView) -> None:
        """There is nothing of a desk to be seen yet."""

    def paintEvent(self, event: QPaintEvent) -> None:
        title, small = theme().font(Type.TITLE), theme().font(Type.SMALL)
        high, low = QFontMetricsF(title).height(), QFontMetricsF(small).height()
        top = (self.height() - high - Space.SMALL - low) / 2
        centre = Qt.AlignmentFlag.AlignCenter
        with QPainter(self) as painter:
            painter.setFont(title)
            painter.setPen(theme().colour(Ink.TEXT))
            painter.drawText(QRectF(0, top, self.width(), high), centre, "Twocan")
            painter.setFont(small)
            painter.setPen(theme().colour(Ink.MUTED))
            below = QRectF(0, top + high + Space.SMALL, self.width(), low)
            painter.drawText(below, centre, self._standing)
