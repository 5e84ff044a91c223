"""What stands at the head of a page that has nobody to show: an icon in a circle, the mark."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from twocan.gui.icons import paint_icon
from twocan.gui.parts.painting import brush_for
from twocan.gui.places import assets
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Size

_SHARE = 0.46
"""How large the icon is in its circle."""


class Badge(QWidget):
    """An icon in a quiet circle. It says nothing that is not said in words below it."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setFixedSize(Size.BADGE, Size.BADGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        with brush_for(self) as painter:
            circle = QRectF(self.rect())
            painter.setBrush(theme().colour(Ink.SOFT))
            painter.drawEllipse(circle)
            icon = QRectF(0, 0, self.width() * _SHARE, self.width() * _SHARE)
            icon.moveCenter(circle.center())
            paint_icon(painter, self._icon, icon, theme().colour(Ink.ON_SOFT))


class Mark(QWidget):
    """The program's own sign: ``assets/twocan.svg``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(Size.BADGE, Size.BADGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        # Loaded when it is painted, because the first paint does not need it.
        from PySide6.QtSvg import QSvgRenderer

        with brush_for(self) as painter:
            QSvgRenderer(str(assets() / "twocan.svg")).render(painter, QRectF(self.rect()))
