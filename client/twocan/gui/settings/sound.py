"""The page of sound: the microphone, the speaker, what rings, and what is done to the voice."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge
from twocan.gui.parts import Card, Row, Switch
from twocan.gui.settings.devices import Plugged
from twocan.gui.settings.loudspeakers import Ringer, Speaker
from twocan.gui.settings.microphone import Microphone
from twocan.gui.settings.page import Page
from twocan.gui.settings.pieces import Group
from twocan.gui.words import microphone_problem

if TYPE_CHECKING:
    from twocan.desk.equipment import Equipped


class SoundPage(Page):
    """What is heard, by others and here."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.microphone, self.voice = Microphone(bridge), Voice(bridge)
        self.speaker, self.ringer = Speaker(bridge), Ringer(bridge)
        self.plugged = Plugged(bridge, self._show_plugged, self)
        self._tried: Microphone | Speaker | Ringer = self.microphone
        self._missing: dict[QWidget, str | None] = {}
        for part in (self.microphone, self.speaker, self.ringer):
            part.tried.connect(lambda part=part: self._try(part))
        parts = (self.microphone, self.voice, self.speaker, self.ringer)
        self.lay_out(*(Card(part) for part in parts))

    def show_desk(self, view: DeskView) -> None:
        """Draw what is chosen, and how the trial goes."""
        for part in (self.microphone, self.voice, self.speaker, self.ringer):
            part.show_desk(view)
        self._show_problems(view.trial.problem)

    def came(self) -> None:
        """The microphone is heard, and what is plugged in is looked at."""
        self._tried = self.microphone
        self.microphone.start()
        self.plugged.start()

    def left(self) -> None:
        """Nothing stays open."""
        self.plugged.stop()
        self.microphone.stop()

    def _try(self, part: Microphone | Speaker | Ringer) -> None:
        self._tried = part
        self._show_problems(None)

    def _show_problems(self, of_trial: str | None) -> None:
        """Each where it belongs: that of a trial at what was tried last."""
        for part in (self.microphone, self.speaker, self.ringer):
            told = of_trial if part is self._tried else None
            problem = told or self._missing.get(part)
            part.problem.show_problem(microphone_problem(problem) if problem else None)

    def _show_plugged(self, equipped: "Equipped") -> None:
        self.microphone.choice.show_plugged(equipped.microphones)
        self.speaker.choice.show_plugged(equipped.speakers)
        self.ringer.choice.show_plugged(equipped.speakers)
        silent = self.speaker if equipped.microphones else self.microphone
        self._missing = {silent: equipped.sound_problem}
        self._show_problems(self.bridge.view.trial.problem)


class Voice(Group):
    """What is done to the sound of the microphone."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        echo, noise = self.tr("Remove echo"), self.tr("Suppress noise")
        gain = self.tr("Keep the loudness even")
        self.echo, self.noise, self.gain = Switch(echo), Switch(noise), Switch(gain)
        self.gather(
            self.tr("Your voice"),
            Row(echo, self.echo, self.tr("Others do not hear themselves from your speaker.")),
            Row(noise, self.noise, self.tr("Fans, traffic and keyboards become quiet.")),
            Row(gain, self.gain, self.tr("You are as loud from afar as from close by.")),
        )
        self.echo.clicked.connect(lambda on: bridge.do(lambda desk: desk.change(echo=on)))
        self.noise.clicked.connect(lambda on: bridge.do(lambda desk: desk.change(noise=on)))
        self.gain.clicked.connect(lambda on: bridge.do(lambda desk: desk.change(gain=on)))

    def show_desk(self, view: DeskView) -> None:
        """Draw what is on."""
        self.echo.setChecked(view.settings.echo)
        self.noise.setChecked(view.settings.noise)
        self.gain.setChecked(view.settings.gain)
