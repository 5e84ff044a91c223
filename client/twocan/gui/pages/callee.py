"""Whom to call: a field for an address, what it may be, and the buttons that call."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QVBoxLayout, QWidget

from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge
from twocan.gui.pages.dialling import Dialling
from twocan.gui.pages.sheet import Actions
from twocan.gui.pages.typed import is_link, meant
from twocan.gui.parts import Field, PushButton, Tone
from twocan.gui.parts.lines import Lines
from twocan.gui.tokens import Space

AnyIndex = QModelIndex | QPersistentModelIndex

_ADDRESS = Qt.ItemDataRole.UserRole
_SOUGHT = Qt.ItemDataRole(Qt.ItemDataRole.UserRole + 1)
_SEEN_AT_ONCE = 6


class People(QCompleter):
    """Completes a part of a name or an address to an address."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._known: dict[str, str] = {}
        self._people = QStandardItemModel(self)
        self.setModel(self._people)
        self.setCompletionRole(_SOUGHT)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(_SEEN_AT_ONCE)
        self._lines: Lines | None = None

    def prepare(self) -> None:
        """Somebody types: the list is made now, and not with the window."""
        if self._lines is None:
            self._lines = Lines(self)
            popup = self.popup()
            assert popup is not None, "a completer has one"
            popup.setItemDelegate(self._lines)

    def show_desk(self, view: DeskView) -> None:
        """Know whoever the desk knows: those that were called last come first."""
        addresses = dict.fromkeys((*(past.peer for past in view.past), *view.names))
        known = {address: view.names.get(address, "") for address in addresses}
        if known == self._known:
            return
        self._known = known
        self._people.clear()
        for address, name in known.items():
            self._people.appendRow(self._item(address, name))

    def pathFromIndex(self, index: AnyIndex) -> str:
        return str(index.data(_ADDRESS) or "")

    def _item(self, address: str, name: str) -> QStandardItem:
        shown = self.tr("{name} ({address})").format(name=name, address=address)
        item = QStandardItem(shown if name else address)
        item.setData(address, _ADDRESS)
        item.setData(f"{name} {address}", _SOUGHT)
        return item


class Callee(QWidget):
    """Calls whoever is typed into it, once that is an address. A link is followed."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._dialling = bridge, Dialling(bridge)
        self._own: str | None = None
        self.field = Field(self.tr("Who do you want to call?"), self.tr("person@site.example"))
        self.people = People(self)
        self.sound = PushButton(self.tr("Call"), Tone.ACCENT, "call")
        self.camera = PushButton(self.tr("Call with camera"), Tone.PLAIN, "camera")
        # An address is read from left to right in every language.
        self.field.edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.field.edit.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self.field.edit.setCompleter(self.people)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.MEDIUM)
        box.addWidget(self.field)
        box.addWidget(Actions(self.sound, self.camera))
        self.setFocusProxy(self.field)
        self.field.entered.connect(lambda: self._submit(showing=False))
        self.field.edited.connect(lambda _text: self.field.show_problem(None))
        self.field.edited.connect(lambda _text: self.people.prepare())
        self.sound.clicked.connect(lambda: self._submit(showing=False))
        self.camera.clicked.connect(lambda: self._submit(showing=True))

    def show_desk(self, view: DeskView) -> None:
        """Complete to whom the desk knows."""
        self._own = view.account.address if view.account else None
        self.people.show_desk(view)

    def _submit(self, *, showing: bool) -> None:
        text = self.field.text()
        if is_link(text):
            self._bridge.do(lambda desk: desk.follow(text))
            self.field.set_text("")
        elif problem := self._problem(text):
            self.field.show_problem(problem)
            self.field.edit.setFocus()
        else:
            self._dialling.call(meant(text), showing=showing)

    def _problem(self, text: str) -> str | None:
        """What is wrong with what was typed."""
        if not text:
            return self.tr("Type an address, or paste a link.")
        try:
            address = meant(text)
        except ValueError:
            return self.tr("This is not an address. It has to look like person@site.example.")
        return self.tr("This is your own address.") if address == self._own else None
