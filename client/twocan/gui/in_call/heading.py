"""The head of a call: with whom and how long over pictures, how good it is, whether it is safe."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from twocan.gui import words
from twocan.gui.in_call.pills import Ground
from twocan.gui.parts import QualityBars, RoundButton, Tone, Words, row
from twocan.gui.tokens import Ink, Size, Space, Type


class Heading(QWidget):
    """What is said beside the avatar where there is one is said here over pictures."""

    statistics_wanted = Signal()
    verification_wanted = Signal()
    full_screen_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = False
        self._who = _Who()
        self.quality = _Quality()
        self.safety = _small("shield", self.tr("Safety code"))
        self.full = _small("full-screen", self.tr("Full screen"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, Space.SMALL, 0, 0)
        layout.setSpacing(Space.TINY)
        layout.addWidget(self._who)
        layout.addStretch(1)
        self._tools = Ground()
        self._tools.setLayout(row(self.full, self.safety, self.quality, space=0))
        layout.addWidget(self._tools)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.quality.bars.clicked.connect(self.statistics_wanted)
        self.safety.clicked.connect(self.verification_wanted)
        self.full.clicked.connect(self.full_screen_wanted)

    def set_on_stage(self, on_stage: bool) -> None:
        """Whether it lies on a picture now."""
        self._who.setVisible(on_stage)
        self.full.setVisible(on_stage)
        for part in (self._who, self._tools, self.quality, self.safety, self.full):
            part.set_on_stage(on_stage)

    def show_name(self, name: str) -> None:
        self._who.name.setText(name)

    def show_duration(self, text: str) -> None:
        self._who.duration.setText(text)

    def show_quality(self, score: float | None) -> None:
        """Show an opinion score, 1 to 5, in bars and in a word; None: nothing is known."""
        told = words.quality(score) if score is not None else ""
        unknown = self.tr("It is not known yet how good the call is")
        said = self.tr("Quality of the call: {quality}").format(quality=told) if told else unknown
        self.quality.bars.show_quality(score, said)
        self.quality.say(told)

    def show_full_screen(self, full: bool) -> None:
        if full == self._full:
            return
        self._full = full
        if full:
            self.full.set_icon("leave-full-screen", self.tr("Leave full screen"))
        else:
            self.full.set_icon("full-screen", self.tr("Full screen"))


class _Who(Ground):
    """The name, and how long."""

    def __init__(self) -> None:
        super().__init__()
        self.name = Words(type=Type.STRONG, ink=Ink.ON_STAGE, elided=True)
        self.duration = Words(type=Type.NUMERALS, ink=Ink.ON_STAGE)
        layout = row(self.name, self.duration, space=Space.SMALL)
        layout.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        self.setLayout(layout)
        self.setMinimumHeight(Size.CONTROL)


class _Quality(Ground):
    """The bars and their word: all of it can be clicked, the bars are what the keyboard is at."""

    def __init__(self) -> None:
        super().__init__()
        self.bars = QualityBars()
        self.word = Words(type=Type.SMALL)
        layout = row(self.bars, self.word, space=Space.TINY)
        layout.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
        self.setLayout(layout)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_on_stage(self, on_stage: bool) -> None:
        super().set_on_stage(on_stage)
        self.bars.set_on_stage(on_stage)
        self.word.set_ink(Ink.ON_STAGE if on_stage else Ink.MUTED)

    def say(self, word: str) -> None:
        """Show this beside the bars."""
        self.word.setText(word)
        self.word.setVisible(bool(word))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.bars.click()


def _small(icon: str, text: str) -> RoundButton:
    return RoundButton(icon, text, Tone.QUIET, size=Size.ROUND_SMALL)
