"""Buttons with words on them, and switches."""

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QSizePolicy, QWidget

from twocan.gui.icons import paint_icon
from twocan.gui.parts.painting import (
    INKS,
    Entered,
    Ringed,
    Tone,
    brush_for,
    faded,
    leading,
    paint_focus,
    paint_shape,
    touched,
)
from twocan.gui.parts.text import elided, hint, width_of
from twocan.gui.theme import mix, theme
from twocan.gui.tokens import Ink, Radius, Size, Space, Time, Type

State = QVariantAnimation.State


class PushButton(Entered, QPushButton):
    """Words to be pressed. ``icon``: the name of one, before them."""

    def __init__(
        self,
        text: str,
        tone: Tone = Tone.PLAIN,
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone, self._icon = tone, icon
        self._text = ""
        self.setText(text)
        # Enter is answered here.
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        if text == self._text:
            return
        # An ampersand is one, and marks no key.
        super().setText(text.replace("&", "&&"))
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_icon(self, icon: str) -> None:
        """Have this one before the words."""
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        font = theme().font(Type.STRONG)
        width = ceil(width_of(self._text, font)) + 2 * self._margin()
        height = max(Size.CONTROL, ceil(QFontMetricsF(font).height()) + 2 * Space.SMALL)
        return QSize(width + self._beside(), height)

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(whole.width(), Size.CONTROL * 2), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        fill, on = self.colours()
        rect = QRectF(self.rect())
        if self._tone is not Tone.QUIET or (self.isEnabled() and self._is_touched()):
            paint_shape(painter, rect, Radius.MEDIUM, touched(self, fill, on))
        self._paint_words(painter, faded(self, on))
        if self.shows_focus():
            filled = self._tone not in (Tone.PLAIN, Tone.QUIET)
            ring = rect.adjusted(2, 2, -2, -2) if filled else rect
            paint_focus(
                painter,
                ring,
                Radius.MEDIUM - (2 if filled else 0),
                INKS[self._tone][1] if filled else Ink.ACCENT,
            )

    def colours(self) -> tuple[QColor, QColor]:
        """What it is filled with, and what lies on it."""
        fill, on = INKS[self._tone]
        return theme().colour(fill), theme().colour(on)

    def _paint_words(self, painter: QPainter, colour: QColor) -> None:
        font = theme().font(Type.STRONG)
        room = self.width() - 2 * self._margin() - self._beside()
        text = elided(self._text, font, room + 1)
        wide = width_of(text, font)
        start = (self.width() - wide - self._beside()) / 2
        icon = QRectF(start, (self.height() - Size.ICON) / 2, Size.ICON, Size.ICON)
        words = QRectF(start + self._beside(), 0, wide + 1, self.height())
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            icon.moveRight(self.width() - start)
            words.moveRight(self.width() - start - self._beside())
        if self._icon is not None:
            paint_icon(painter, self._icon, icon, colour)
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        hint(self, self._text if self.width() < self.sizeHint().width() else "")

    def _is_touched(self) -> bool:
        return self.isDown() or self.underMouse()

    def _margin(self) -> int:
        return Space.SMALL if self._tone is Tone.QUIET else Space.LARGE

    def _beside(self) -> int:
        return 0 if self._icon is None else Size.ICON + Space.SMALL


class Switch(Ringed, QCheckBox):
    """On or off, at once. ``text`` is its name, and stands before it unless ``bare``."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._bare = text, not text
        self.setAccessibleName(text)
        self._slid = 0.0
        self._slide: QVariantAnimation | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._move)

    @property
    def moves(self) -> bool:
        """Whether it slides now."""
        return self._slide is not None and self._slide.state() is State.Running

    def show_text(self, shown: bool) -> None:
        """Whether its name is to be seen; not where a title stands beside it."""
        self._bare = not shown or not self._text
        self.setSizePolicy(
            QSizePolicy.Policy.Fixed if self._bare else QSizePolicy.Policy.Preferred,
            QSizePolicy.Policy.Fixed,
        )
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        font = theme().font(Type.BODY)
        beside = 0 if self._bare else ceil(width_of(self._text, font)) + Space.MEDIUM
        height = max(Size.SWITCH_HEIGHT + 2 * Space.TINY, ceil(QFontMetricsF(font).height()))
        return QSize(Size.SWITCH_WIDTH + 2 * Space.TINY + beside, height)

    def minimumSizeHint(self) -> QSize:
        least = Size.SWITCH_WIDTH + 2 * Space.TINY + (0 if self._bare else Size.CONTROL)
        return QSize(min(least, self.sizeHint().width()), self.sizeHint().height())

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = brush_for(self)
        track = self._track()
        self._paint_track(painter, track)
        if self.shows_focus():
            ring = track.adjusted(-4, -4, 4, 4)
            paint_focus(painter, ring, ring.height() / 2)
        if not self._bare:
            self._paint_text(painter)

    def _paint_track(self, painter: QPainter, track: QRectF) -> None:
        off, on = theme().colour(Ink.EDGE), theme().colour(Ink.ACCENT)
        paint_shape(painter, track, track.height() / 2, faded(self, mix(off, on, self._slid)))
        knob = track.adjusted(3, 3, -3, -3)
        knob.setWidth(knob.height())
        way = (track.width() - knob.width() - 6) * self._slid
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            knob.moveRight(track.right() - 3 - way)
        else:
            knob.translate(way, 0)
        rest, pushed = theme().colour(Ink.SURFACE), theme().colour(Ink.ON_ACCENT)
        paint_shape(painter, knob, knob.height() / 2, mix(rest, pushed, self._slid))

    def _paint_text(self, painter: QPainter) -> None:
        font = theme().font(Type.BODY)
        room = QRectF(self.rect())
        beside = Size.SWITCH_WIDTH + Space.TINY + Space.MEDIUM
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            room.setLeft(beside)
        else:
            room.setRight(self.width() - beside)
        painter.setFont(font)
        painter.setPen(faded(self, theme().colour(Ink.TEXT)))
        text = elided(self._text, font, room.width() + 1)
        painter.drawText(room, int(leading(self.layoutDirection())), text)

    def _track(self) -> QRectF:
        track = QRectF(0, 0, Size.SWITCH_WIDTH, Size.SWITCH_HEIGHT)
        track.moveTop((self.height() - Size.SWITCH_HEIGHT) / 2)
        left_to_right = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        track.moveLeft(self.width() - track.width() - Space.TINY if left_to_right else Space.TINY)
        return track

    def _move(self, on: bool) -> None:
        end = 1.0 if on else 0.0
        if not self.isVisible() or not theme().animates:
            self._set_slid(end)
            return
        if self._slide is None:
            self._slide = QVariantAnimation(self, duration=Time.QUICK)
            self._slide.valueChanged.connect(self._set_slid)
        self._slide.stop()
        self._slide.setStartValue(self._slid)
        self._slide.setEndValue(end)
        self._slide.start()

    def _set_slid(self, slid: float) -> None:
        self._slid = slid
        self.update()
