"""The digits that two people read to each other to know that nobody sits between them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from twocan.gui.bridge import Bridge
from twocan.gui.in_call.overlay import Overlay
from twocan.gui.parts import Words
from twocan.gui.tokens import Ink, Type
from twocan.states import CallView

_IN_A_GROUP = 3


class Verification(Overlay):
    """Shows the code of the call as soon as there is one."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(bridge, parent)
        self.entitle(self.tr("Safety code"))
        self._code = Words(type=Type.TITLE, centred=True)
        # Both read it in the same order, in whatever language.
        self._code.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._explained = Words(ink=Ink.MUTED, wrap=True, centred=True)
        self.body.addWidget(self._code)
        self.body.addWidget(self._explained)

    def show_call(self, call: CallView) -> None:
        code = grouped(call.verification)
        self._code.setText(code)
        self._code.setVisible(bool(code))
        # A number of six digits would be read as one: the digits are to be heard.
        self._code.setAccessibleName(" ".join(code.replace(" ", "")))
        self._explained.setText(self._explanation() if code else self._none())

    def _explanation(self) -> str:
        return self.tr(
            "Read these digits out to each other. If both of you see the same, "
            "nobody sits between you and listens."
        )

    def _none(self) -> str:
        return self.tr(
            "The other program does not make a safety code. The call is encrypted, "
            "but you cannot check who is at the other end of it."
        )


def grouped(code: str | None) -> str:
    """``048 215``, however it came. Empty where there is none."""
    digits = "".join((code or "").split())
    groups = [digits[at : at + _IN_A_GROUP] for at in range(0, len(digits), _IN_A_GROUP)]
    return " ".join(groups)
