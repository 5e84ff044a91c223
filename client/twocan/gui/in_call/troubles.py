"""What is wrong with camera and microphone in a call, and what to do about it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from twocan.gui import words
from twocan.gui.parts import Banner, Tone
from twocan.gui.tokens import Space
from twocan.states import CallView, State

if TYPE_CHECKING:
    from twocan.desk.equipment import Levels

_QUIET_SECONDS = 5
"""That a microphone may take to begin."""


class Troubles(QWidget):
    """A banner for each, where there is one."""

    devices_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera, self.microphone = Banner(tone=Tone.END), Banner(tone=Tone.END)
        self._dead = 0
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.SMALL)
        for banner in (self.camera, self.microphone):
            banner.hide()
            box.addWidget(banner)
            banner.acted.connect(self.devices_wanted)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_call(self, call: CallView) -> None:
        """Show what the call says of the camera."""
        if call.camera_problem is not None:
            text = words.camera_problem(call.camera_problem)
            self.camera.show_text(text, self.tr("Choose another camera"))
        self.camera.setVisible(call.camera_problem is not None)

    def listen(self, call: CallView, levels: "Levels | None") -> None:
        """A second went by. Nothing is known of a microphone that never gave any sound."""
        if levels is None or call.held or call.state is not State.ACTIVE:
            self._dead = 0
            self.microphone.hide()
            return
        dead = levels.microphone is None and not call.muted
        self._dead = self._dead + 1 if dead else 0
        if levels.problem is not None:
            self._tell(words.microphone_problem(levels.problem))
        elif self._dead >= _QUIET_SECONDS:
            self._tell(self.tr("Your microphone gives no sound, so nobody can hear you."))
        else:
            self.microphone.hide()

    def _tell(self, text: str) -> None:
        self.microphone.show_text(text, self.tr("Choose another microphone"))
        self.microphone.show()
