"""What the keyboard does in a call, and the list of it."""

from collections.abc import Callable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from twocan.gui.bridge import Bridge
from twocan.gui.in_call.overlay import Overlay
from twocan.gui.parts import Words, row
from twocan.gui.parts.text import left_to_right
from twocan.gui.tokens import Ink, Space, Type

SHORTCUTS: tuple[tuple[str, str], ...] = (
    (str(QT_TRANSLATE_NOOP("shortcuts", "Mute or unmute the microphone")), "M"),
    (str(QT_TRANSLATE_NOOP("shortcuts", "Camera on or off")), "V"),
    (str(QT_TRANSLATE_NOOP("shortcuts", "Hold or resume")), "H"),
    (str(QT_TRANSLATE_NOOP("shortcuts", "Keypad")), "K"),
    (str(QT_TRANSLATE_NOOP("shortcuts", "Press a telephone key")), "0-9 * #"),
    (str(QT_TRANSLATE_NOOP("shortcuts", "Swap the two calls")), "S"),
    (str(QT_TRANSLATE_NOOP("shortcuts", "Full screen")), "F11"),
    (str(QT_TRANSLATE_NOOP("shortcuts", "Close what is open, or leave full screen")), "Esc"),
    (str(QT_TRANSLATE_NOOP("shortcuts", "Hang up")), "Ctrl+D"),
)
"""What there is, to be translated (context ``shortcuts``), and its keys."""


def on_key(view: QWidget, key: str, act: Callable[[], object]) -> None:
    """Have ``key`` do this, whatever in ``view`` has the focus but what is typed into. A key that
    is held down does it once."""
    shortcut = QShortcut(QKeySequence(key), view)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(lambda: act())


class KeyList(Overlay):
    """All of ``SHORTCUTS``, for people."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(bridge, parent)
        self.entitle(self.tr("Keys"))
        for name, keys in SHORTCUTS:
            told = QCoreApplication.translate("shortcuts", name)
            text = Words(told, wrap=True)
            pressed = Words(left_to_right(_native(keys)), Type.STRONG, Ink.MUTED)
            line = row(text, pressed, space=Space.LARGE)
            line.setStretch(0, 1)
            self.body.addLayout(line)


def _native(keys: str) -> str:
    """As this system writes them."""
    if " " in keys:
        return keys
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
