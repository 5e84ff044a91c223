"""The icons that stand for the phone outside its window: ``assets/tray-SIGN.svg``."""

from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from twocan.desk.state import DeskView, Standing
from twocan.gui.places import assets
from twocan.states import State

SIDES = (16, 22, 24, 32, 44, 48, 64)
"""Pixels across, as panels and trays ask for them at one and two times."""


class Sign(StrEnum):
    """What the phone is at, as far as an icon can say it."""

    ONLINE = "online"
    OFFLINE = "offline"
    """No calls come for now."""
    QUIET = "quiet"
    """Do not disturb."""
    CALL = "call"
    """It rings, or somebody talks."""
    MISSED = "missed"
    """There are missed calls that nobody looked at."""


def sign(view: DeskView) -> Sign:
    """What matters most of what there is: a call, a missed one, then whether calls can come."""
    if any(call.state is not State.ENDED for call in view.calls):
        return Sign.CALL
    if view.missed:
        return Sign.MISSED
    if view.standing is not Standing.ONLINE:
        return Sign.OFFLINE
    return Sign.QUIET if view.settings.do_not_disturb else Sign.ONLINE


@lru_cache(maxsize=len(Sign))
def tray_icon(of: Sign) -> QIcon:
    """The icon of a sign, drawn at each of ``SIDES``: a tray scales badly."""
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(assets() / f"tray-{of}.svg"))
    icon = QIcon()
    for side in SIDES:
        pixmap = QPixmap(QSize(side, side))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
