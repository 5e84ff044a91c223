"""The round buttons of a call."""

from math import ceil

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from twocan.gui.icons import paint_icon
from twocan.gui.parts.painting import (
    INKS,
    Entered,
    Tone,
    brush_for,
    faded,
    paint_focus,
    paint_shape,
    touched,
)
from twocan.gui.parts.text import hint, lines_of, width_of
from twocan.gui.theme import mix, theme
from twocan.gui.tokens import Ink, Share, Size, Space, Type


class RoundButton(Entered, QAbstractButton):
    """An icon to be pressed.

    ``text``: its name, and tooltip. ``icon_on``, ``text_on``: what they are while it is checked.
    ``captioned``: the name stands below it. ``on_stage``: it lies on a picture. ``size``: across.
    """

    def __init__(
        self,
        icon: str,
        text: str,
        tone: Tone = Tone.PLAIN,
        *,
        icon_on: str | None = None,
        text_on: str | None = None,
        checkable: bool = False,
        captioned: bool = False,
        on_stage: bool = False,
        size: int = Size.ROUND,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icons = (icon, icon_on or icon)
        self._texts = (text, text_on or text)
        self._tone, self._captioned, self._on_stage = tone, captioned, on_stage
        self._size = size
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        fixed, grows = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum
        # Beside one whose caption has two lines, the circles of all stay level.
        self.setSizePolicy(*(grows, grows) if captioned else (fixed, fixed))
        self.toggled.connect(self._name)
        self._name()

    def set_icon(self, icon: str, text: str) -> None:
        """Be another icon, of this name."""
        if (self._icons, self._texts) == ((icon, icon), (text, text)):
            return
        self._icons, self._texts = (icon, icon), (text, text)
        self._name()
        self.updateGeometry()

    def set_on_stage(self, on_stage: bool) -> None:
        """Whether it lies on a picture now."""
        if on_stage != self._on_stage:
            self._on_stage = on_stage
            self.update()

    def sizeHint(self) -> QSize:
        if not self._captioned:
            return QSize(self._size, self._size)
        font = theme().font(Type.SMALL)
        widest = max(ceil(width_of(text, font)) for text in self._texts)
        width = max(self._size, min(widest, Size.CAPTION))
        rows = max(len(lines_of(text, font, width + 0.5, 2)) for text in self._texts)
        height = ceil(QFontMetricsF(font).lineSpacing() * rows)
        return QSize(width, self._size + Space.TINY + Space.HAIR + height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._size, self.sizeHint().height())

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        circle = QRectF((self.width() - self._size) / 2, 0, self._size, self._size)
        fill, on = self._colours()
        if fill.alpha():
            paint_shape(painter, circle, self._size / 2, touched(self, fill, on))
        side = Size.ICON_LARGE if self._size >= Size.ROUND else Size.ICON
        icon = QRectF(0, 0, side, side)
        icon.moveCenter(circle.center())
        paint_icon(painter, self._icons[self.isChecked()], icon, faded(self, on))
        if self.shows_focus():
            self._paint_ring(painter, circle, on)
        if self._captioned:
            self._paint_caption(painter)

    def _colours(self) -> tuple[QColor, QColor]:
        looks = theme()
        if self.isChecked():
            inks = (Ink.ON_STAGE, Ink.STAGE) if self._on_stage else (Ink.TEXT, Ink.BACKGROUND)
            return looks.colour(inks[0]), looks.colour(inks[1])
        if self._on_stage and self._tone in (Tone.PLAIN, Tone.QUIET):
            fill, on = looks.colour(Ink.SCRIM), looks.colour(Ink.ON_STAGE)
            if self._tone is Tone.PLAIN:
                fill = mix(fill, on, Share.TINT)
            fill.setAlphaF(Share.OVER_PICTURES)
            return fill, on
        fill, on = (looks.colour(ink) for ink in INKS[self._tone])
        if self._tone is Tone.QUIET:
            on = looks.colour(Ink.TEXT)
            if not (self.underMouse() or self.isDown()):
                fill.setAlpha(0)
        return fill, on

    def _paint_ring(self, painter: QPainter, circle: QRectF, on: QColor) -> None:
        paint_focus(painter, circle, self._size / 2, Ink.ON_STAGE if self._on_stage else Ink.ACCENT)
        if self._tone is not Tone.QUIET or self.isChecked():
            gap = circle.adjusted(2, 2, -2, -2)
            paint_focus(
                painter, gap, gap.width() / 2, Ink.STAGE if self._on_stage else Ink.BACKGROUND
            )

    def _paint_caption(self, painter: QPainter) -> None:
        font = theme().font(Type.SMALL)
        top = self._size + Space.TINY + Space.HAIR
        room = QRectF(0, top, self.width(), self.height() - top)
        lines = lines_of(self._texts[self.isChecked()], font, self.width() + 0.5, 2)
        painter.setFont(font)
        painter.setPen(faded(self, theme().colour(Ink.ON_STAGE if self._on_stage else Ink.MUTED)))
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(room, int(centred | Qt.TextFlag.TextDontClip), "\n".join(lines))

    def _name(self) -> None:
        name = self._texts[self.isChecked()]
        self.setAccessibleName(name)
        hint(self, name)
        self.update()
