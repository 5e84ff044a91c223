"""The page of accounts: those that are kept, and how to add one."""

from PySide6.QtWidgets import QWidget

from twocan.desk.state import DeskView, Known, Standing
from twocan.gui import words
from twocan.gui.bridge import Bridge
from twocan.gui.parts import Card
from twocan.gui.settings.account_form import AccountForm
from twocan.gui.settings.account_row import AccountRow
from twocan.gui.settings.page import Page
from twocan.gui.settings.pieces import help_line


class AccountsPage(Page):
    """Each account, what is stored of it where, and a form for another one."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.rows: dict[str, AccountRow] = {}
        self.form = AccountForm(bridge)
        self.busy = help_line(self.tr("Accounts can be changed when the call is over."))
        self._card = Card()
        for known in _listed(bridge.view):
            # The tab key comes by things in the order in which they came to the page.
            self._add(known.address)
        self.lay_out(self.busy, self._card, Card(self.form))

    def show_desk(self, view: DeskView) -> None:
        """Draw the accounts as they are."""
        accounts = _listed(view)
        self._keep({known.address for known in accounts})
        self._card.setVisible(bool(accounts))
        for known in accounts:
            row = self.rows.get(known.address) or self._add(known.address)
            row.show_account(known, *_standing(view, known))
            row.allow(not view.calls)
        self.busy.setVisible(bool(view.calls))
        self.form.show_desk(view)

    def _keep(self, addresses: set[str]) -> None:
        for address in self.rows.keys() - addresses:
            gone = self.rows.pop(address)
            # Hidden first, so that the keyboard goes to its neighbour.
            gone.hide()
            gone.deleteLater()

    def _add(self, address: str) -> AccountRow:
        row = self.rows[address] = AccountRow(address)
        row.used.connect(lambda: self.bridge.do(lambda desk: desk.use(address)))
        row.forgotten.connect(lambda: self.bridge.do(lambda desk: desk.sign_out(address)))
        self._card.add(row)
        return row


def _listed(view: DeskView) -> list[Known]:
    """Those that are kept, and one that is in use without being kept."""
    accounts = [*view.accounts]
    mine = view.account
    if mine is not None and not view.entering and mine.address not in _addresses(accounts):
        accounts.insert(0, mine)
    return accounts


def _addresses(accounts: list[Known]) -> set[str]:
    return {known.address for known in accounts}


def _standing(view: DeskView, known: Known) -> tuple[str | None, str | None]:
    """How the account stands, and why it does not work: both None if it is not in use."""
    if view.account is None or view.account.address != known.address or view.entering:
        return None, None
    if view.standing is Standing.REFUSED and view.problem is not None:
        return words.standing(view), "\n".join(filter(None, words.problem(view.problem)))
    return words.standing(view), None
