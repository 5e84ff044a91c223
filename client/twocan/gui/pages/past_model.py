"""The history as rows: what a list shows of it, and what it says to who does not see the list."""

from PySide6.QtCore import (
    QAbstractListModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QWidget

from twocan.desk.state import DeskView, Outcome, Past
from twocan.gui import words
from twocan.gui.pages.past_row import PAST, SHOWN, Shown

AnyIndex = QModelIndex | QPersistentModelIndex


class PastModel(QAbstractListModel):
    """The history as rows, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = DeskView()
        self._fresh: frozenset[str] = frozenset()

    def show_desk(self, view: DeskView, fresh: frozenset[str]) -> bool:
        """Show this desk's history; whether that is another one than before."""
        if (self._view.past, self._view.names, self._fresh) == (view.past, view.names, fresh):
            return False
        self.beginResetModel()
        self._view, self._fresh = view, fresh
        self.endResetModel()
        return True

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._view.past)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._view.past):
            return None
        past = self._view.past[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._view.name(past.peer)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._told(past)
            case Qt.ItemDataRole.ToolTipRole:
                return f"{past.peer}\n{self._at_length(past)}"
            case _ if role == PAST:
                return past
            case _ if role == SHOWN:
                return Shown(
                    past,
                    self._view.name(past.peer),
                    self.outcome(past),
                    words.when(past.began),
                    past.sid in self._fresh,
                )
        return None

    def row(self, sid: str) -> int | None:
        """The row of this call."""
        rows = (row for row, past in enumerate(self._view.past) if past.sid == sid)
        return next(rows, None)

    def outcome(self, past: Past) -> str:
        """What became of it, in a word or two."""
        match past.outcome:
            case Outcome.MISSED:
                return self.tr("Missed")
            case Outcome.DECLINED:
                return self.tr("Declined")
            case Outcome.NOT_REACHED:
                return self.tr("Not reached")
            case Outcome.ANSWERED:
                return words.duration(past.seconds)

    def _told(self, past: Past) -> str:
        """The whole row in a sentence."""
        about = {
            "name": self._view.name(past.peer),
            "when": words.when(past.began),
            "outcome": self.outcome(past),
        }
        if past.outcome is Outcome.MISSED:
            return self.tr("Missed call from {name}, {when}").format(**about)
        if past.outgoing:
            return self.tr("You called {name}, {when}: {outcome}").format(**about)
        return self.tr("{name} called you, {when}: {outcome}").format(**about)

    def _at_length(self, past: Past) -> str:
        at = QDateTime.fromSecsSinceEpoch(int(past.began))
        # The long form of both would name the time zone, which only ICU can in words.
        date = QLocale().toString(at.date(), QLocale.FormatType.LongFormat)
        time = QLocale().toString(at.time(), QLocale.FormatType.ShortFormat)
        when = f"{date} {time}"
        return self.tr("{outcome}, {when}").format(outcome=self.outcome(past), when=when)
