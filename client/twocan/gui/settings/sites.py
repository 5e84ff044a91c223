"""The page of trusted sites: those whose links may call without asking."""

from PySide6.QtWidgets import QWidget

from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge
from twocan.gui.parts import Card, PushButton, Row
from twocan.gui.settings.page import Page
from twocan.gui.settings.pieces import Group, help_line


class SitesPage(Page):
    """The sites, each with a button that takes the trust away."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.rows: dict[str, Row] = {}
        self.help = help_line()
        about = Group()
        about.gather(self.tr("Trusted sites"), self.help)
        self._card = Card(about)
        self.lay_out(self._card)
        self._explain()

    def show_desk(self, view: DeskView) -> None:
        """Draw the sites that are trusted."""
        trusted = view.settings.trusted_sites
        for site in self.rows.keys() - set(trusted):
            gone = self.rows.pop(site)
            # Hidden first, so that the keyboard goes to its neighbour.
            gone.hide()
            gone.deleteLater()
        for site in trusted:
            if site not in self.rows:
                self._add(site)
        self._explain()
        self._card.update()

    def _add(self, site: str) -> None:
        remove = PushButton(self.tr("Remove"))
        remove.setAccessibleName(self.tr("Do not trust {site} any more").format(site=site))
        remove.clicked.connect(lambda: self._distrust(site))
        self.rows[site] = Row(site, remove)
        self._card.add(self.rows[site])

    def _explain(self) -> None:
        some = self.tr("When you press the call button of one of these, Twocan calls at once.")
        none = self.tr(
            "There are none. When the link of a site asks to call somebody, you can choose to "
            "trust the site: from then on Twocan calls at once, and the site is listed here."
        )
        self.help.setText(some if self.rows else none)

    def _distrust(self, site: str) -> None:
        left = tuple(each for each in self.bridge.view.settings.trusted_sites if each != site)
        self.bridge.do(lambda desk: desk.change(trusted_sites=left))
