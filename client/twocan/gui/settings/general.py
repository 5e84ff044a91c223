"""The page of what belongs nowhere else: language, being there, history, new versions, and where
files are."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from twocan.desk.settings import LANGUAGES
from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge
from twocan.gui.parts import Card, Field, Row, Switch
from twocan.gui.settings.confirm import Confirm
from twocan.gui.settings.page import Page
from twocan.gui.settings.pieces import Group, ProblemLine, SteadyChoice, help_line
from twocan.gui.settings.updates import Updates
from twocan.gui.words import language


class GeneralPage(Page):
    """Language, being there, the history, new versions, and the folders."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.language = self._languages()
        self.presence, self.history = Presence(bridge), History(bridge)
        self.updates, self.folders = Updates(bridge), Folders()
        language_row = Row(self.tr("Language"), self.language)
        parts = (language_row, self.presence, self.history, self.updates, self.folders)
        self.lay_out(*(Card(part) for part in parts))

    def show_desk(self, view: DeskView) -> None:
        """Draw what is chosen."""
        self.language.setCurrentIndex(self.language.findData(view.settings.language or ""))
        self.presence.show_desk(view)
        self.history.show_desk(view)
        self.updates.show_desk(view)

    def came(self) -> None:
        """What the system says may have changed."""
        self.presence.look()
        self.folders.look()

    def _languages(self) -> SteadyChoice:
        choice = SteadyChoice(self.tr("Language"))
        choice.addItem(self.tr("As the system"), "")
        for code in LANGUAGES:
            choice.addItem(language(code), code)
        choice.activated.connect(
            lambda index: self.bridge.do(
                lambda desk: desk.change(language=choice.itemData(index) or None)
            )
        )
        return choice


class Presence(Group):
    """Whether calls ring, and whether the phone is there from the start."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        quiet, start = self.tr("Do not disturb"), self.tr("Start at log-in")
        self.quiet, self.start = Switch(quiet), Switch(start)
        self.problem = ProblemLine()
        self.gather(
            self.tr("Being called"),
            Row(quiet, self.quiet, self.tr("Calls do not ring. You see later who called.")),
            Row(start, self.start, self.tr("You can be called as soon as you have logged in.")),
            self.problem,
        )
        self.quiet.clicked.connect(
            lambda on: bridge.do(lambda desk: desk.change(do_not_disturb=on))
        )
        self.start.clicked.connect(self._turn)

    def show_desk(self, view: DeskView) -> None:
        """Draw whether calls ring."""
        self.quiet.setChecked(view.settings.do_not_disturb)

    def look(self) -> None:
        """Draw whether the system starts the phone."""
        from twocan.desk import autostart

        try:
            self.start.setChecked(autostart.is_on())
        except OSError as error:
            self._fail(error)

    def _turn(self, on: bool) -> None:
        from twocan.desk import autostart

        self.problem.show_problem(None)
        try:
            autostart.turn(on)
        except OSError as error:
            self._fail(error)
            self.start.setChecked(not on)

    def _fail(self, error: OSError) -> None:
        text = self.tr("The start at log-in could not be set: {why}")
        self.problem.show_problem(text.format(why=error.strerror or error))


class History(Group):
    """How many calls are remembered, and forgetting them."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.count = help_line()
        self.clear = Confirm(self.tr("Clear…"), "", self.tr("Clear"), self.tr("Keep"))
        self.clear.button.setAccessibleName(self.tr("Clear the history"))
        self.gather(self.tr("History"), self.count, self.clear)
        self.clear.confirmed.connect(lambda: bridge.do(lambda desk: desk.clear_history()))

    def show_desk(self, view: DeskView) -> None:
        """Draw how many there are."""
        many = len(view.past)
        none = self.tr("There are no calls in it.")
        self.count.setText(
            self.tr("%n call(s), kept on this computer only.", "", many) if many else none
        )
        self.clear.ask_about(self.tr("Forget %n call(s)? This cannot be undone.", "", many))
        self.clear.setVisible(bool(many))


class Folders(Group):
    """Where files of ours are, to be copied."""

    def __init__(self) -> None:
        super().__init__()
        self.data, self.config = _path(self.tr("History")), _path(self.tr("Settings"))
        self.gather(self.tr("Where things are"), self.data, self.config)

    def look(self) -> None:
        """Say where they are."""
        from twocan.desk.folders import config_folder, data_folder

        for field, folder in ((self.data, data_folder()), (self.config, config_folder())):
            field.set_text(str(folder))
            field.edit.setCursorPosition(0)
            field.edit.setToolTip(str(folder))


def _path(label: str) -> Field:
    """A path that can be selected and copied, whatever its length; it reads from the left."""
    field = Field(label)
    field.edit.setReadOnly(True)
    field.edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return field
