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
        asked = call.state is State.ACTIVE and not (call.muted or call.held)
        dead = asked and levels is not None and levels.microphone is None
        self._dead = self._dead + 1 if dead else 0
        if self._dead == _QUIET_SECONDS:
            text = self.tr("Your microphone gives no sound, so nobody can hear you.")
            self.microphone.show_text(text, self.tr("Choose another microphone"))
            self.microphone.show()
        elif not self._dead:
            self.microphone.hide()
