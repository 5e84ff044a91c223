"""The pages of language, presence, history and folders; of trusted sites; and about the program."""

import platform
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from drawn import Drawn
from settings_pages import choose, on_screen, tab_order, texts
from twocan import __version__
from twocan.desk import autostart
from twocan.desk.settings import Settings
from twocan.desk.state import Outcome, Past
from twocan.gui.settings.about import AboutPage
from twocan.gui.settings.general import GeneralPage
from twocan.gui.settings.page import Page
from twocan.gui.settings.sites import SitesPage

P = TypeVar("P", bound=Page)


def opened(page: P, drawn: Drawn, qtbot: QtBot) -> P:
    drawn.changed.connect(page.show_desk)
    page.show_desk(drawn.view)
    on_screen(page, qtbot)
    return page


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, so that nobody's log-in is changed."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path


@pytest.fixture
def general(drawn: Drawn, qtbot: QtBot, home: Path) -> Iterator[GeneralPage]:
    page = opened(GeneralPage(drawn), drawn, qtbot)
    yield page
    page.hide()


# --- Language --------------------------------------------------------------------------------


def test_each_language_is_called_what_its_speakers_call_it(general: GeneralPage) -> None:
    names = ["As the system", "English", "Deutsch", "Español", "简体中文", "العربية"]
    assert texts(general.language) == names


def test_a_language_is_chosen(drawn: Drawn, general: GeneralPage) -> None:
    choose(general.language, "简体中文")
    assert drawn.last == ("change", (), {"language": "zh_CN"})

    drawn.show(settings=Settings(language="de"))
    assert general.language.currentText() == "Deutsch"

    choose(general.language, "As the system")
    verb, _, changes = drawn.last
    assert verb == "change"
    assert changes == {"language": None}


# --- Being called ----------------------------------------------------------------------------


def test_do_not_disturb_is_switched(drawn: Drawn, general: GeneralPage) -> None:
    QTest.keyClick(general.presence.quiet, Qt.Key.Key_Space)
    assert drawn.last == ("change", (), {"do_not_disturb": True})

    count = len(drawn.wanted.verbs)
    drawn.show(settings=Settings(do_not_disturb=True))
    drawn.show(settings=Settings())
    assert not general.presence.quiet.isChecked()
    assert len(drawn.wanted.verbs) == count


def test_start_at_log_in_is_what_the_system_says(general: GeneralPage) -> None:
    assert not general.presence.start.isChecked()

    QTest.keyClick(general.presence.start, Qt.Key.Key_Space)
    assert autostart.is_on()

    autostart.turn(False)
    general.hide()
    general.show()
    assert not general.presence.start.isChecked(), "it was taken away elsewhere"


def test_a_start_that_cannot_be_set_is_told_in_place(general: GeneralPage, home: Path) -> None:
    (home / "XDG_CONFIG_HOME").write_text("a file where a folder should be")

    QTest.keyClick(general.presence.start, Qt.Key.Key_Space)

    assert not general.presence.start.isChecked()
    assert not general.presence.problem.isHidden()
    assert general.presence.problem.text().startswith("The start at log-in could not be set: ")


# --- History ---------------------------------------------------------------------------------


def past(count: int) -> tuple[Past, ...]:
    return tuple(
        Past(f"call {at}", "somebody@site.example", True, Outcome.ANSWERED, 0.0)
        for at in range(count)
    )


def test_clearing_the_history_asks_and_says_how_much_it_is(
    drawn: Drawn, general: GeneralPage
) -> None:
    drawn.show(past=past(23))
    clear = general.history.clear
    assert general.history.count.text().startswith("23 call")

    QTest.keyClick(clear.button, Qt.Key.Key_Space)
    assert "Forget 23 call" in clear.question.text()
    assert drawn.wanted.verbs == []

    QTest.keyClick(clear.yes, Qt.Key.Key_Space)
    assert drawn.last == ("clear_history", (), {})

    drawn.show(past=())
    assert general.history.count.text() == "There are no calls in it."
    assert clear.isHidden()


def test_where_things_are_can_be_copied(general: GeneralPage, home: Path) -> None:
    data = general.folders.data.edit
    assert data.text() == str(home / "XDG_DATA_HOME" / "twocan")
    assert general.folders.config.text() == str(home / "XDG_CONFIG_HOME" / "twocan")

    data.setFocus()
    QTest.keyClicks(data, "x")
    assert data.text() == str(home / "XDG_DATA_HOME" / "twocan"), "it is only to be read"
    QTest.keyClick(data, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(data, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == data.text()


# --- Trusted sites ---------------------------------------------------------------------------


@pytest.fixture
def sites(drawn: Drawn, qtbot: QtBot) -> SitesPage:
    drawn.show(settings=Settings(trusted_sites=("site.example", "chat.example")))
    return opened(SitesPage(drawn), drawn, qtbot)


def test_trust_is_taken_away_from_one_site(drawn: Drawn, sites: SitesPage) -> None:
    assert list(sites.rows) == ["site.example", "chat.example"]
    first, second = tab_order(sites)
    assert first.accessibleName() == "Do not trust site.example any more"

    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert drawn.last == ("change", (), {"trusted_sites": ("chat.example",)})

    drawn.show(settings=Settings(trusted_sites=("chat.example",)))
    assert list(sites.rows) == ["chat.example"]
    assert second.hasFocus(), "the keyboard goes to its neighbour"


def test_without_a_site_it_explains_what_would_be_here(drawn: Drawn, sites: SitesPage) -> None:
    assert sites.help.text().startswith("When you press the call button")

    drawn.show(settings=Settings())

    assert list(sites.rows) == []
    assert sites.help.text().startswith("There are none.")


def test_a_site_that_is_trusted_meanwhile_appears(drawn: Drawn, sites: SitesPage) -> None:
    drawn.show(settings=Settings(trusted_sites=("site.example", "chat.example", "new.example")))

    assert list(sites.rows) == ["site.example", "chat.example", "new.example"]


# --- About -----------------------------------------------------------------------------------


def test_technical_details_are_copied_without_anybody_in_them(drawn: Drawn, qtbot: QtBot) -> None:
    page = opened(AboutPage(drawn), drawn, qtbot)
    (copy,) = tab_order(page)

    QTest.keyClick(copy, Qt.Key.Key_Space)

    copied = QGuiApplication.clipboard().text()
    for part in (__version__, platform.python_version(), qVersion(), platform.machine()):
        assert part in copied
    assert "@" not in copied
    assert str(Path.home()) not in copied
    assert platform.node() not in copied
    assert not page.copied.isHidden()

    page.hide()
    assert page.copied.isHidden()
