"""What is spoken into, heard from and filmed with, to be changed while one talks."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from twocan.desk.settings import DEFAULT, NO_CAMERA
from twocan.gui import words
from twocan.gui.bridge import Bridge
from twocan.gui.in_call.overlay import Overlay
from twocan.gui.parts import Banner, Choice, Meter, Tone, Words
from twocan.gui.tokens import Ink, Space, Time, Type
from twocan.states import CallView

if TYPE_CHECKING:
    from twocan.desk.equipment import Equipped


class DeviceMenu(Overlay):
    """What is chosen is used at once. Asks which devices there are each time that it is opened."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(bridge, parent)
        self.entitle(self.tr("Devices"))
        self._choices = {
            "microphone": Choice(self.tr("Microphone")),
            "speaker": Choice(self.tr("Speaker")),
            "camera": Choice(self.tr("Camera")),
        }
        self._meter = Meter()
        self._meter.setAccessibleName(self.tr("How loud your microphone is"))
        self._trouble = Banner(tone=Tone.END)
        self._trouble.hide()
        self._lay_out()
        self._timer = QTimer(self, interval=Time.LEVEL)
        self._timer.timeout.connect(self._measure)
        for setting, choice in self._choices.items():
            choice.activated.connect(lambda _, setting=setting: self._choose(setting))
        self._fill("microphone", ())
        self._fill("speaker", ())
        self._fill("camera", ())
        bridge.ask(lambda desk: desk.devices(), self._take, self)

    def show_call(self, call: CallView) -> None:
        for setting, choice in self._choices.items():
            _mark(choice, getattr(self.bridge.view.settings, setting))

    def first(self) -> QWidget:
        return self._choices["microphone"]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        for choice in self._choices.values():
            choice.hidePopup()

    def _lay_out(self) -> None:
        self.body.addWidget(self._trouble)
        for setting, choice in self._choices.items():
            name = Words(choice.accessibleName(), Type.SMALL, Ink.MUTED)
            name.setBuddy(choice)
            self.body.addWidget(name)
            self.body.addWidget(choice)
            if setting == "microphone":
                self.body.addWidget(self._meter)
            self.body.addSpacing(Space.TINY)

    def _take(self, equipped: "Equipped") -> None:
        self._fill("microphone", equipped.microphones)
        self._fill("speaker", equipped.speakers)
        self._fill("camera", equipped.cameras)
        sound, sight = equipped.sound_problem, equipped.camera_problem
        said = [words.microphone_problem(sound)] if sound else []
        said += [words.camera_problem(sight)] if sight else []
        self._trouble.show_text("\n".join(said))
        self._trouble.setVisible(bool(said))

    def _fill(self, setting: str, names: tuple[str, ...]) -> None:
        choice, chosen = self._choices[setting], getattr(self.bridge.view.settings, setting)
        # A list that changes under the pointer would have something else chosen.
        choice.hidePopup()
        choice.clear()
        choice.addItem(self.tr("The one that the system uses"), DEFAULT)
        for name in names:
            choice.addItem(name, name)
        if setting == "camera":
            choice.addItem(self.tr("No camera"), NO_CAMERA)
        # One that is unplugged stays chosen, and is used again as soon as it is back.
        if choice.findData(chosen) < 0:
            choice.addItem(chosen, chosen)
        _mark(choice, chosen)

    def _choose(self, setting: str) -> None:
        chosen = self._choices[setting].currentData()
        self.bridge.do(lambda desk: desk.change(**{setting: chosen}))

    def _measure(self) -> None:
        levels = self.bridge.levels()
        self._meter.show_level(levels.microphone if levels is not None else None)


def _mark(choice: Choice, chosen: str) -> None:
    if (at := choice.findData(chosen)) >= 0:
        choice.setCurrentIndex(at)
