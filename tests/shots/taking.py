"""Takes the pictures: a window over a desk that is only drawn, in one language, by day or night."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QCursor, QPainter, QPixmap
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QApplication,
    QMenu,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QWidget,
)

from drawn import Drawn
from shots.portraits import FAR, NEAR, portrait
from shots.scenes import Scene
from twocan.desk.equipment import Equipped, Levels
from twocan.gui.parts import Meter
from twocan.gui.parts.painting import POINTED
from twocan.gui.pictures.picture_view import PictureView
from twocan.gui.window import Window
from twocan.media.figures import Figures, Path
from twocan.media.pictures.canvas import Canvas
from twocan.media.pictures.figures import PictureStream, SightFigures
from twocan.media.stats import Stream

Size = tuple[int, int]

DEVICES = Equipped(
    ("Built-in microphone", "Demo headset"),
    ("Built-in speakers", "Demo headset"),
    ("Built-in camera", "Demo camera with a rather long name"),
)
LEVELS = Levels(-24.0, -31.0)
FIGURES = Figures(
    sent=Stream(37_700, 3_600_000, lost=12, jitter_ms=2.1, bitrate_kbps=38.2),
    received=Stream(
        37_600, 3_700_000, lost=60, jitter_ms=4.4, bitrate_kbps=41.0, concealed_ms=420.0
    ),
    rtt_ms=23.4,
    path=Path("192.0.2.4:50000", "198.51.100.7:50002", "udp", relayed=False),
    heard_seconds=754.0,
    pictures=SightFigures(
        PictureStream(190_000, 212_000_000, 40, 2.0, 22_600, 9, 1280, 720, 754.0),
        PictureStream(191_000, 215_000_000, 90, 3.0, 22_500, 9, 1280, 720, 754.0, freeze_ms=300.0),
    ),
)
_AWAY = (0, 799)
"""Where the pointer points at nothing."""
_PATIENCE = 20_000
"""Milliseconds that a window may take to come to rest."""


class Still(QProxyStyle):
    """Fusion for who wants nothing to move: pictures are the same each time."""

    def __init__(self) -> None:
        super().__init__("fusion")

    def styleHint(  # noqa: N802 - Qt's name
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        data: QStyleHintReturn | None = None,
    ) -> int:
        if hint is QStyle.StyleHint.SH_Widget_Animation_Duration:
            return 0
        return super().styleHint(hint, option, widget, data)


class Studio:
    """Shows scenes. What a canvas is painted with is drawn once."""

    def __init__(self) -> None:
        self._portraits = (portrait(FAR), portrait(NEAR))

    @contextmanager
    def shown(self, scene: Scene, size: Size) -> Iterator[Window]:
        """The window of that size with the scene in it, at rest."""
        bridge = _bridge(scene)
        far, near = Canvas(), Canvas()
        bridge.far.attach(far)
        bridge.near.attach(near)
        window = Window(bridge)
        try:
            QCursor.setPos(*_AWAY)
            window.setProperty(POINTED, not scene.tabs)
            window.resize(*size)
            window.show()
            window.activateWindow()
            QTest.qWaitForWindowActive(window)
            if (view := scene.draw()).ready:
                bridge.show(view)
            if scene.act is not None:
                scene.act(window)
            _rest(window)
            for wanted, canvas, picture in zip(
                (scene.far, scene.near), (far, near), self._portraits, strict=True
            ):
                if wanted:
                    canvas.show(picture)
            _rest(window)
            for _ in range(scene.tabs):
                QTest.keyClick(_focused(window), Qt.Key.Key_Tab)
            _rest(window)
            for meter in window.findChildren(Meter):
                meter.show_level(LEVELS.microphone)
            yield window
        finally:
            window.hide()
            window.deleteLater()
            bridge.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def take(self, scene: Scene, size: Size) -> QPixmap:
        """A picture of the scene, with the menu that is open over it."""
        with self.shown(scene, size) as window:
            picture = window.grab()
            for menu in window.findChildren(QMenu):
                if menu.isVisible():
                    _put(menu, window, picture)
                    menu.close()
            return picture


def _bridge(scene: Scene) -> Drawn:
    bridge = Drawn()
    bridge.wanted.answers |= {"devices": DEVICES, "figures": FIGURES}
    bridge.heard, bridge.score = LEVELS, scene.score
    return bridge


def _put(menu: QMenu, window: Window, picture: QPixmap) -> None:
    """A menu is a window of its own: it lies where it opened, but on the picture."""
    at = menu.mapToGlobal(QPoint()) - window.mapToGlobal(QPoint())
    room = window.rect().adjusted(0, 0, -menu.width(), -menu.height())
    at.setX(max(0, min(at.x(), room.right())))
    at.setY(max(0, min(at.y(), room.bottom())))
    with QPainter(picture) as painter:
        painter.drawPixmap(at, menu.grab())


def _focused(window: Window) -> QWidget:
    at: QWidget | None = window.focusWidget()
    return window if at is None else at


def _rest(window: Window) -> None:
    """Wait until all is laid out, and pictures are asked for in the size in which they are seen."""
    QApplication.processEvents()
    while timers := _settling(window):
        rested = QSignalSpy(timers[0].timeout).wait(_PATIENCE)
        assert rested, "the window does not come to rest"
    QApplication.processEvents()


def _settling(window: Window) -> list[QTimer]:
    views = (view for view in window.findChildren(PictureView) if view.isVisible())
    return [timer for view in views for timer in view.findChildren(QTimer) if timer.isActive()]
