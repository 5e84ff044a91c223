"""A page that is shown comes to rest: nothing that it does asks for the same again."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from shots.scenes import Scene, scenes
from shots.taking import Studio
from twocan.gui.theme import Application

SETTLES, LOOKS = 60, 40
"""Turns of Qt's loop: first as many as a page may take, then those in which it rests."""


class Counted(QObject):
    """Counts what asks for a layout."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.requests += event.type() is QEvent.Type.LayoutRequest
        return False


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
def test_nothing_is_laid_out_again_and_again(scene: Scene, qapp: Application) -> None:
    counted = Counted()
    with Studio().shown(scene, (400, 660)):
        for _ in range(SETTLES):
            QCoreApplication.processEvents()
        qapp.installEventFilter(counted)
        for _ in range(LOOKS):
            QCoreApplication.processEvents()
        qapp.removeEventFilter(counted)
    # A clock that moves on meanwhile may ask once.
    assert counted.requests < LOOKS // 4
