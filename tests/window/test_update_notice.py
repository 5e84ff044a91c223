"""New versions in the window: the line on the page of a phone that waits, and the settings."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from drawn import Drawn
from fitting import cut, show_at
from settings_pages import on_screen
from twocan import __version__
from twocan.desk.settings import Settings
from twocan.desk.state import DeskView, Finding, Known, Stage, Standing, Update
from twocan.gui.pages.idle import IdleView
from twocan.gui.settings.general import GeneralPage
from twocan.gui.settings.updates import Updates
from twocan.gui.words import updates as words

NOW = time.time()
HERE = DeskView(standing=Standing.ONLINE, account=Known("me@site.example"))
READY = Update("1.2", Stage.READY, asked=NOW, came=Finding.READY)


@pytest.fixture
def idle(drawn: Drawn, qtbot: QtBot) -> Iterator[IdleView]:
    view = IdleView(drawn)
    drawn.changed.connect(view.show_desk)
    drawn.show(HERE)
    on_screen(view, qtbot)
    yield view
    view.hide()


@pytest.fixture
def settings(
    drawn: Drawn, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Updates]:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr("sys.platform", "linux")
    page = GeneralPage(drawn)
    drawn.changed.connect(page.show_desk)
    drawn.show(HERE)
    on_screen(page, qtbot)
    yield page.updates
    page.hide()


# --- The page of a phone that waits --------------------------------------------------------------


def test_a_version_that_is_ready_is_told(idle: IdleView, drawn: Drawn) -> None:
    assert idle.update_notice.isHidden()

    drawn.show(update=READY)

    assert idle.update_notice.isVisible()
    assert idle.update_notice.text() == "Twocan 1.2 is ready for the next start."
    assert idle.update_notice.button.text() == "Restart Twocan"


@pytest.mark.parametrize("stage", [each for each in Stage if each is not Stage.READY])
def test_what_is_not_ready_disturbs_nobody(idle: IdleView, drawn: Drawn, stage: Stage) -> None:
    drawn.show(update=Update("1.2", stage, came=Finding.NOT_SIGNED))
    assert idle.update_notice.isHidden()


def test_restart_now(idle: IdleView, drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    restarts: list[str] = []
    monkeypatch.setattr("twocan.gui.restarting.restart", lambda: restarts.append("now"))
    drawn.show(update=READY)

    QTest.keyClick(idle.update_notice.button, Qt.Key.Key_Space)

    assert restarts == ["now"]
    assert drawn.wanted.verbs == []


def test_the_notice_fits_into_the_narrowest_window(idle: IdleView, drawn: Drawn) -> None:
    drawn.show(update=READY)
    show_at(idle, 320, 480)
    assert cut(idle) == []


_RESTARTS = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from twocan.gui.restarting import restart
from twocan.install.programs import Programs
application = QCoreApplication([])
QTimer.singleShot(0, lambda: restart(Programs(Path(sys.argv[1]))))
code = application.exec()
print("put away", code, flush=True)
"""


def test_the_program_becomes_the_current_one_once_all_is_put_away(tmp_path: Path) -> None:
    version = tmp_path / "1.2-0123456789abcdef"
    version.mkdir()
    (tmp_path / "current").symlink_to(version.name)
    program = version / "twocan"
    program.write_text('#!/bin/sh\necho "1.2 runs as $$ with $# arguments"\n')
    program.chmod(0o700)

    ends = subprocess.Popen(
        [sys.executable, "-c", _RESTARTS, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    said, _ = ends.communicate(timeout=30)

    assert said.splitlines() == ["put away 0", f"1.2 runs as {ends.pid} with 0 arguments"]


# --- The settings --------------------------------------------------------------------------------


def test_a_build_that_nobody_signs_for_says_so(settings: Updates, drawn: Drawn) -> None:
    assert settings.version.text() == f"This is version {__version__}."
    assert settings.state.text() == "This copy of Twocan does not look for new versions."
    assert not settings.looks.isVisible()
    assert not settings.asked.isVisible()


def test_looking_is_switched(settings: Updates, drawn: Drawn) -> None:
    drawn.show(update=Update(stage=Stage.RESTING))
    assert settings.looks.isVisible()
    assert settings.looks.isChecked()

    QTest.keyClick(settings.looks, Qt.Key.Key_Space)
    assert drawn.last == ("change", (), {"updates": False})

    drawn.show(settings=Settings(updates=False))
    assert not settings.looks.isChecked()


def test_when_it_was_looked_for_and_what_came_of_it(settings: Updates, drawn: Drawn) -> None:
    drawn.show(update=Update(stage=Stage.RESTING))
    assert settings.asked.text() == "Not looked for yet."
    assert not settings.state.isVisible()

    drawn.show(update=Update(stage=Stage.RESTING, asked=NOW, came=Finding.NEWEST))
    assert settings.asked.text().startswith("Last looked for: ")
    assert settings.state.text() == "This is the newest version."


@pytest.mark.parametrize(
    ("update", "said"),
    [
        (Update(stage=Stage.ASKING), "Looking for a new version…"),
        (Update("1.2", Stage.FETCHING), "Version 1.2 is being downloaded…"),
        (Update("1.2", Stage.PREPARING), "Version 1.2 is being unpacked…"),
        (READY, "Version 1.2 is ready for the next start."),
        (
            Update("1.2", Stage.RESTING),
            "Version 1.2 is out: it is downloaded when there is no call.",
        ),
        (Update(stage=Stage.RESTING), ""),
    ],
)
def test_what_is_being_done(update: Update, said: str) -> None:
    assert words.state(update) == said


@pytest.mark.parametrize("finding", [each for each in Finding if each is not Finding.READY])
def test_whatever_came_of_it_has_words_of_its_own(finding: Finding) -> None:
    said = words.state(Update("1.2", Stage.RESTING, came=finding))
    others = {words.state(Update("1.2", Stage.RESTING, came=each)) for each in set(Finding)}
    assert said.endswith(".")
    assert len(others) == len(Finding)


@pytest.mark.parametrize("finding", [None, *Finding])
def test_the_settings_fit_into_the_narrowest_window(
    settings: Updates, drawn: Drawn, finding: Finding | None
) -> None:
    drawn.show(update=Update("1.2", Stage.RESTING, asked=NOW, came=finding))
    page = settings.window()
    show_at(page, 320, 480)
    assert cut(page) == []
