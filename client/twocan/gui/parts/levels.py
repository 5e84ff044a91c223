"""Bars that tell how loud it is, and how good a call is."""

from time import monotonic

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QProgressBar, QSizePolicy, QWidget

from twocan.gui.parts.painting import Ringed, brush_for, paint_focus, paint_shape, touched
from twocan.gui.parts.text import hint
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Level, Radius, Size, Space, Time

STEPS = 20
"""The pieces of a meter."""
GRADES = (2.6, 3.3, 3.8)
"""Opinion scores from which on a second, third and fourth bar is lit."""


class Meter(QProgressBar):
    """How loud it is: -60 to 0 dBFS. The loudest of the last second stays to be seen.

    Too loud is told by where the bar is and how high, not by its colour alone.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(Level.LOWEST, 0)
        self.setTextVisible(False)
        self._level = self._peak = float(Level.LOWEST)
        self._peaked = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setValue(Level.LOWEST)

    def show_level(self, dbfs: float | None) -> None:
        """Show how loud it is now; None: nothing is heard at all."""
        level = max(Level.LOWEST, min(0.0, dbfs)) if dbfs is not None else float(Level.LOWEST)
        now, seen = monotonic(), self._seen()
        if level >= self._peak or now - self._peaked > Time.PEAK / 1000:
            self._peak, self._peaked = level, now
        self._level = level
        if self._seen() != seen:
            self.setValue(round(level))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(Size.NARROWEST // 2, Size.METER)

    def minimumSizeHint(self) -> QSize:
        return QSize(Size.METER * 4, Size.METER)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        rest = theme().colour(Ink.LINE)
        pitch = (self.width() + Space.HAIR) / STEPS
        lit, peak = self._seen()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for step in range(STEPS):
            ink, height = _zone(step)
            piece = QRectF(step * pitch, 0, pitch - Space.HAIR, height)
            if mirrored:
                piece.moveRight(self.width() - step * pitch)
            piece.moveBottom((self.height() + height) / 2)
            shown = step < lit or step == peak - 1
            paint_shape(painter, piece, 2, theme().colour(ink) if shown else rest)

    def _seen(self) -> tuple[int, int]:
        """How many pieces are lit, and which is the highest of late."""
        return _lit(self._level), _lit(self._peak)


class QualityBars(Ringed, QAbstractButton):
    """How good the call is, in four bars; pressed, it tells more.

    ``on_stage``: it lies on a picture. The words for it are the caller's.
    """

    def __init__(self, *, on_stage: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on_stage = on_stage
        self._lit = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(Size.CONTROL, Size.CONTROL)

    def set_on_stage(self, on_stage: bool) -> None:
        """Whether it lies on a picture now."""
        self._on_stage = on_stage
        self.update()

    def show_quality(self, score: float | None, words: str = "") -> None:
        """Show an opinion score, 1 to 5; None: nothing is known yet. ``words``: the same for who
        does not see it."""
        lit = 0 if score is None else 1 + sum(score >= grade for grade in GRADES)
        if words != self.accessibleName():
            self.setAccessibleName(words)
            hint(self, words)
        if lit != self._lit:
            self._lit = lit
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        looks = theme()
        on = looks.colour(Ink.ON_STAGE if self._on_stage else Ink.TEXT)
        rect = QRectF(self.rect())
        if self.underMouse() or self.isDown():
            fill = looks.colour(Ink.SCRIM if self._on_stage else Ink.BACKGROUND)
            paint_shape(painter, rect, Radius.SMALL, touched(self, fill, on))
        rest = QColor(on)
        rest.setAlphaF(0.25)
        for bar, piece in enumerate(self._pieces()):
            paint_shape(painter, piece, 1.5, self._colour() if bar < self._lit else rest)
        if self.shows_focus():
            paint_focus(painter, rect, Radius.SMALL, Ink.ON_STAGE if self._on_stage else Ink.ACCENT)

    def _colour(self) -> QColor:
        if self._on_stage:
            return theme().colour(Ink.ON_STAGE)
        return theme().colour((Ink.BAD, Ink.BAD, Ink.FAIR, Ink.GOOD, Ink.GOOD)[self._lit])

    def _pieces(self) -> list[QRectF]:
        """The bars, the lowest first."""
        left, base = (self.width() - Size.ICON) / 2, (self.height() + Size.ICON) / 2 - 2
        pieces = [QRectF(left + 5 * bar, 0, 3.5, 4 + 4 * bar) for bar in range(4)]
        for piece in pieces:
            piece.moveBottom(base)
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                piece.moveRight(self.width() - piece.left())
        return pieces


def _lit(level: float) -> int:
    return round((level - Level.LOWEST) / -Level.LOWEST * STEPS)


def _zone(step: int) -> tuple[Ink, int]:
    """The colour of a piece of a meter, and how high it is."""
    level = Level.LOWEST + (step + 1) / STEPS * -Level.LOWEST
    if level > Level.TOO_LOUD:
        return Ink.BAD, Size.METER
    if level > Level.LOUD:
        return Ink.FAIR, Size.METER - 2
    return Ink.GOOD, Size.METER - 4
