"""The page about the program: what it is, its keys, and what a report of a fault should say."""

import platform
import sys

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from twocan import __version__
from twocan.gui.bridge import Bridge
from twocan.gui.in_call.keys import SHORTCUTS
from twocan.gui.parts import Card, Mark, PushButton, Words, column, row
from twocan.gui.parts.text import left_to_right
from twocan.gui.settings.page import Page
from twocan.gui.settings.pieces import Group, help_line
from twocan.gui.tokens import Ink, Space, Type

LICENCE = "Apache-2.0"


class AboutPage(Page):
    """Name, version, licence, keys, and technical details to be copied."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.copy = PushButton(self.tr("Copy technical details"))
        self.copied = help_line(self.tr("Copied. There are no addresses in it."))
        self.copied.hide()
        self.lay_out(Card(self._program()), Card(self._keys()))
        self.copy.clicked.connect(self._copy)

    def left(self) -> None:
        """What was said is over."""
        self.copied.hide()

    def _program(self) -> Group:
        group = Group()
        said = column(
            Words("Twocan", Type.STRONG),
            help_line(self.tr("A phone that is only the call.")),
            space=Space.TINY,
        )
        head = row(Mark(), column(None, said, None), space=Space.LARGE)
        head.setStretch(1, 1)
        group.gather(
            head,
            Words(self.tr("Version {version}").format(version=__version__)),
            Words(self.tr("Licence: {licence}").format(licence=LICENCE)),
            self.copy,
            self.copied,
        )
        return group

    def _keys(self) -> Group:
        group, table = Group(), QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(Space.SMALL)
        grid.setColumnStretch(1, 1)
        for line, (keys, deed) in enumerate(self._shortcuts()):
            grid.addWidget(
                Words(left_to_right(keys), Type.STRONG), line, 0, Qt.AlignmentFlag.AlignTop
            )
            grid.addWidget(Words(deed, ink=Ink.MUTED, wrap=True), line, 1)
        group.gather(self.tr("Keys"), table)
        return group

    def _shortcuts(self) -> list[tuple[str, str]]:
        """Keys, as the system writes them, and what they do."""
        in_call = (
            (_key(keys), QCoreApplication.translate("shortcuts", str(deed)))
            for deed, keys in SHORTCUTS
        )
        return [
            (_key("Space"), self.tr("Take a call that rings")),
            (_key("V"), self.tr("Take it with your camera")),
            (_key("Esc"), self.tr("Decline it, or go back")),
            *in_call,
            (_key("Ctrl+,"), self.tr("Settings")),
            (_key("Ctrl+Q"), self.tr("Quit")),
        ]

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(details())
        self.copied.show()


def details() -> str:
    """What a report of a fault should say: versions and the system; nobody's address."""
    return "\n".join(
        (
            f"Twocan {__version__}",
            f"Python {platform.python_version()} ({sys.implementation.name})",
            f"Qt {qVersion()}, PySide6 {pyside_version}",
            f"{platform.system()} {platform.release()} {platform.machine()}",
            f"Window system: {QGuiApplication.platformName()}",
        )
    )


def _key(key: str) -> str:
    if " " in key:
        return key
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
