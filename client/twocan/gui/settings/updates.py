"""New versions: which one runs, whether others are looked for, and what came of it."""

from twocan import __version__
from twocan.desk.state import DeskView, Stage
from twocan.gui.bridge import Bridge
from twocan.gui.parts import Row, Switch, Words
from twocan.gui.settings.pieces import Group, help_line
from twocan.gui.words import updates as words


class Updates(Group):
    """A build that nobody signs for has no switch: there is nothing to be switched."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        looking = self.tr("Look for new versions")
        self.version = Words(self.tr("This is version {version}.").format(version=__version__))
        self.looks = Switch(looking)
        self._row = Row(
            looking,
            self.looks,
            self.tr(
                "About once a day the site of your account is asked, never during a call. Nothing "
                "about you is sent along."
            ),
        )
        self.state, self.asked = help_line(), help_line()
        self.gather(self.tr("New versions"), self.version, self._row, self.state, self.asked)
        self.looks.clicked.connect(lambda on: bridge.do(lambda desk: desk.change(updates=on)))

    def show_desk(self, view: DeskView) -> None:
        """Draw what is known."""
        update = view.update
        never = update.stage is Stage.NEVER
        self.looks.setChecked(view.settings.updates)
        self._row.setVisible(not never)
        none = self.tr("This copy of Twocan does not look for new versions.")
        self.state.setText(none if never else words.state(update))
        self.state.setVisible(bool(self.state.text()))
        self.asked.setText("" if never else words.asked(update))
        self.asked.setVisible(not never)
