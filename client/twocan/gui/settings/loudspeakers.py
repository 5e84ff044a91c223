"""What plays sound: the speaker of calls, and what rings."""

from PySide6.QtCore import Signal

from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge
from twocan.gui.parts import PushButton, Row
from twocan.gui.settings.devices import DeviceChoice
from twocan.gui.settings.pieces import Group, ProblemLine
from twocan.gui.settings.slider import VolumeSlider


class Speaker(Group):
    """The speaker, or the headphones, of calls."""

    tried = Signal()
    """Something was asked of it: a problem from now on is its own."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        name = self.tr("Speaker")
        self.choice = DeviceChoice(name)
        self.test = PushButton(self.tr("Play a test tone"), icon="speaker")
        self.problem = ProblemLine()
        self.gather(name, self.choice, self.test, self.problem)
        self.choice.chosen.connect(lambda name: bridge.do(lambda desk: desk.change(speaker=name)))
        self.test.clicked.connect(self.tried)
        self.test.clicked.connect(lambda: bridge.do(lambda desk: desk.try_speaker()))

    def show_desk(self, view: DeskView) -> None:
        """Draw what is chosen."""
        self.choice.show_chosen(view.settings.speaker)
        self.test.setEnabled(not view.calls)


class Ringer(Group):
    """What rings, and how loud."""

    tried = Signal()
    """Something was asked of it: a problem from now on is its own."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        volume = self.tr("Ring volume")
        self.choice = DeviceChoice(self.tr("What rings"))
        self.volume = VolumeSlider(volume)
        self.test = PushButton(self.tr("Ring once"), icon="ringer")
        self.problem = ProblemLine()
        slide = Row(volume, self.volume)
        self.gather(self.tr("Ringing"), self.choice, slide, self.test, self.problem)
        self.choice.chosen.connect(lambda name: bridge.do(lambda desk: desk.change(ringer=name)))
        self.volume.slid.connect(
            lambda volume: bridge.do(lambda desk: desk.change(ring_volume=volume))
        )
        self.test.clicked.connect(self.tried)
        self.test.clicked.connect(lambda: bridge.do(lambda desk: desk.try_ringer()))

    def show_desk(self, view: DeskView) -> None:
        """Draw what is chosen, and how loud it is."""
        self.choice.show_chosen(view.settings.ringer)
        self.volume.show_volume(view.settings.ring_volume)
        self.test.setEnabled(not view.calls)
