"""Words on a ground of their own, so that they are read over a picture as well as beside none."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from twocan.gui.parts import Icon, Words, row
from twocan.gui.parts.painting import brush_for, paint_shape
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Radius, Space
from twocan.gui.words.facts import Fact, words

ICONS = {
    Fact.CONNECTING: "clock",
    Fact.HELD: "hold",
    Fact.HELD_BY_PEER: "hold",
    Fact.MUTED: "microphone-off",
    Fact.MUTED_BY_PEER: "microphone-off",
    Fact.PAUSED: "camera-off",
    Fact.PAUSED_BY_PEER: "camera-off",
}


class Ground(QWidget):
    """What is dark over pictures, and nothing, or quietly raised, beside none."""

    def __init__(self, parent: QWidget | None = None, *, raised: bool = False) -> None:
        super().__init__(parent)
        self._raised = raised
        self._on_stage = False

    def set_on_stage(self, on_stage: bool) -> None:
        """Whether it lies on a picture now."""
        self._on_stage = on_stage
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self._on_stage or self._raised):
            return
        # Nothing shines through: the contrast is then the one that was decided, whatever the
        # picture, and each picture costs a sixth of what blending it in does.
        fill = theme().colour(Ink.SCRIM if self._on_stage else Ink.RAISED)
        radius = min(self.height() / 2, Radius.LARGE)
        paint_shape(brush_for(self), QRectF(self.rect()), radius, fill)


class FactPill(Ground):
    """One fact of a call: its icon, and a sentence."""

    def __init__(self, fact: Fact, name: str, *, on_stage: bool) -> None:
        super().__init__(raised=True)
        self.set_on_stage(on_stage)
        ink = Ink.ON_STAGE if on_stage else Ink.TEXT
        self.words = Words(words(fact, name), ink=ink, wrap=True)
        self.setLayout(row(Icon(ICONS[fact], ink), self.words, space=Space.SMALL))
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(Space.MEDIUM, Space.TINY, Space.MEDIUM, Space.TINY)


class Facts(QWidget):
    """All that is so of a call besides that it is, one pill each; nothing where nothing is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawn: tuple[tuple[Fact, ...], str, bool] = ((), "", False)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.TINY)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_facts(self, facts: tuple[Fact, ...], name: str, *, on_stage: bool) -> None:
        """Show these, of the call with the person of this name."""
        if (drawn := (facts, name, on_stage)) == self._drawn:
            return
        self._drawn = drawn
        while (item := self._box.takeAt(0)) is not None:
            if (pill := item.widget()) is not None:
                pill.hide()
                pill.deleteLater()
        for fact in facts:
            pill = FactPill(fact, name, on_stage=on_stage)
            self._box.addWidget(pill, 0, Qt.AlignmentFlag.AlignHCenter)
            # A layout shows what is added to it later, and counts it only from then on.
            pill.show()
        self.setVisible(bool(facts))

    def texts(self) -> tuple[str, ...]:
        """What it says."""
        facts, name, _ = self._drawn
        return tuple(words(fact, name) for fact in facts)
