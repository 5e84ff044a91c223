"""How a call goes, in figures: for people, and one line for experts. All of it can be copied."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QSpacerItem, QWidget

from twocan.gui import words
from twocan.gui.bridge import Bridge
from twocan.gui.in_call.figures_words import as_text, expert, sections
from twocan.gui.in_call.overlay import Overlay
from twocan.gui.parts import PushButton, Words, announce
from twocan.gui.tokens import Ink, Space, Type
from twocan.states import CallView

if TYPE_CHECKING:
    from twocan.media.figures import Figures

_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class Statistics(Overlay):
    """Asks for the figures of its call once a second, while it is seen."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(bridge, parent)
        self.entitle(self.tr("How the call goes"))
        self._sid: str | None = None
        self._asking = False
        self._figures: Figures | None = None
        self._rows: dict[tuple[str, str], Words] = {}
        self._overall = Words(wrap=True)
        self._table = QWidget()
        self._expert = Words(type=Type.SMALL, ink=Ink.MUTED, wrap=True)
        self._expert.setTextInteractionFlags(_SELECTABLE)
        self._expert.setAccessibleName(self.tr("For experts"))
        self._copy = PushButton(self.tr("Copy the figures"))
        self._copy.clicked.connect(self._copy_all)
        self._copy.setEnabled(False)
        for widget in (self._overall, self._table, self._expert, self._copy):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def show_call(self, call: CallView) -> None:
        if call.sid != self._sid:
            self._sid = call.sid
            self.tick()

    def tick(self) -> None:
        self._overall.setText(self._opinion(self.bridge.quality()))
        # One question at a time: a phone that is busy is not asked more often than it answers.
        if self._sid is None or self._asking:
            return
        sid, self._asking = self._sid, True
        self.bridge.ask(lambda desk: desk.figures(sid), self._take, self)

    def _take(self, figures: "Figures | None") -> None:
        self._asking = False
        if figures is None:
            return
        self._figures = figures
        self._copy.setEnabled(True)
        self._expert.setText(expert(figures))
        known = {
            (section.heading, name): figure
            for section in sections(figures)
            for name, figure in section.rows
        }
        if list(known) != list(self._rows):
            self._build(known)
        for row, figure in known.items():
            self._rows[row].setText(figure)

    def _build(self, known: dict[tuple[str, str], str]) -> None:
        table, self._rows = QWidget(), {}
        form = QFormLayout(table)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(Space.LARGE)
        form.setVerticalSpacing(Space.TINY)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        before = ""
        for heading, name in known:
            if heading != before:
                if before:
                    form.addItem(QSpacerItem(0, Space.SMALL))
                form.addRow(Words(heading, Type.STRONG, wrap=True))
                before = heading
            figure = Words()
            figure.setTextInteractionFlags(_SELECTABLE)
            self._rows[heading, name] = figure
            form.addRow(Words(name, ink=Ink.MUTED), figure)
        self.body.replaceWidget(self._table, table)
        self._table.deleteLater()
        self._table = table

    def _opinion(self, score: float | None) -> str:
        if score is None:
            return self.tr("It is not known yet how good the call is.")
        return self.tr("Quality of the call: {quality}").format(quality=words.quality(score))

    def _copy_all(self) -> None:
        if self._figures is not None:
            QGuiApplication.clipboard().setText(as_text(self._figures))
            announce(self, self.tr("The figures are copied"))
