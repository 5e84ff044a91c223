"""The microphone: which one, how loud it is now, and how one sounds to others."""

from PySide6.QtCore import QTimer, Signal

from twocan.desk.state import DeskView, Step
from twocan.gui.bridge import Bridge
from twocan.gui.parts import Meter, PushButton
from twocan.gui.settings.devices import DeviceChoice
from twocan.gui.settings.pieces import Group, ProblemLine, help_line
from twocan.gui.settings.progress import Progress

LEVELS_EVERY = 50
"""Milliseconds between two looks at how loud it is."""
RECORDED = 5000
"""Milliseconds that a trial records, and then plays."""

RESUMES_AFTER = 10
"""Looks without any sound after which the microphone is listened to again: half a second."""

HEARING = (Step.RECORDING, Step.PLAYING)


class Microphone(Group):
    """The microphone, tried from ``start`` to ``stop``.

    A call that is up has it already: then nothing is opened, and the level is the call's. What is
    played meanwhile, a test tone or what was recorded, ends the listening, which begins anew when
    that is over.
    """

    tried = Signal()
    """Something was asked of it: a problem from now on is its own."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._started = self._trying = self._heard = False
        self._silent = 0
        self._step: Step | None = None
        name = self.tr("Microphone")
        self.choice = DeviceChoice(name)
        self.meter = Meter()
        self.meter.setAccessibleName(self.tr("How loud your microphone is"))
        self.problem, self.status = ProblemLine(), help_line()
        self.record = PushButton("", icon="microphone")
        self.about = help_line(self.tr("Five seconds are recorded, then played to you."))
        self.record.setAccessibleDescription(self.about.text())
        self.progress = Progress(self.tr("How far the recording is"))
        self.levels_timer = QTimer(self, interval=LEVELS_EVERY)
        self.levels_timer.timeout.connect(self._show_levels)
        self.choice.chosen.connect(self._choose)
        self.record.clicked.connect(self._record)
        said = (self.about, self.status, self.progress, self.problem)
        self.gather(name, self.choice, self.meter, self.record, *said)
        self._show_step(None)

    def start(self) -> None:
        """Somebody looks."""
        self._started = True
        self.levels_timer.start()
        self._try()

    def stop(self) -> None:
        """Nobody looks."""
        self._started = False
        self.levels_timer.stop()
        self.meter.show_level(None)
        self._try()

    def show_desk(self, view: DeskView) -> None:
        """Draw what is chosen, and how the trial goes."""
        self.choice.show_chosen(view.settings.microphone)
        self.record.setEnabled(not view.calls)
        if view.trial.microphone is not self._step:
            self._show_step(view.trial.microphone)
        self._try()

    def _try(self) -> None:
        wanted = self._started and not self._bridge.view.calls
        if wanted is not self._trying:
            self._trying = wanted
            self._listen() if wanted else self._bridge.do(lambda desk: desk.try_microphone(False))

    def _listen(self) -> None:
        self._heard, self._silent = False, 0
        self._bridge.do(lambda desk: desk.try_microphone(True))

    def _choose(self, name: str) -> None:
        self._bridge.do(lambda desk: desk.change(microphone=name))
        self.tried.emit()
        if self._trying:
            # Asked for again, because the one before may not have opened.
            self._listen()

    def _record(self) -> None:
        self.tried.emit()
        if self._step in HEARING:
            self._listen()
        else:
            self._bridge.do(lambda desk: desk.record())

    def _show_step(self, step: Step | None) -> None:
        self._step = step
        self._heard = self._heard or step is not None
        hears = step in HEARING
        start = self.tr("Hear yourself")
        self.record.setText(self.tr("Stop") if hears else start)
        self.about.setVisible(not hears)
        self.status.setVisible(hears)
        self.progress.setVisible(hears)
        if hears:
            self.progress.run(RECORDED)
        self._show_status()

    def _show_status(self) -> None:
        match self._step:
            case Step.RECORDING:
                left = -(-(RECORDED - self.progress.value()) // 1000)
                text = self.tr("Say something. %n second(s) are left.", "", left)
                self.status.setText(text)
            case Step.PLAYING:
                self.status.setText(self.tr("This is how others hear you."))

    def _show_levels(self) -> None:
        levels = self._bridge.levels()
        self.meter.show_level(levels.microphone if levels else None)
        self._show_status()
        over = levels is None or levels.speaker is None
        rests = self._trying and self._heard and self._step is None and over
        self._silent = self._silent + 1 if rests and not self._bridge.view.trial.problem else 0
        if self._silent == RESUMES_AFTER:
            self._listen()
