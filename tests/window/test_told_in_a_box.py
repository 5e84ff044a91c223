"""Why there is no window, as it is shown by Qt: in sentences, and in the person's language."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale

from texts import of_language
from twocan import handover
from twocan.gui import telling
from twocan.gui.languages import Language
from twocan.gui.theme import Application
from twocan.gui.words import starting
from twocan.gui.words.starting import in_a_box

SILENT = handover._SILENT
REFUSALS = {SILENT, *handover._REFUSALS.values(), "somebody else listens where the phone should"}


@pytest.fixture
def german(qapp: Application) -> Iterator[None]:
    locale, language = QLocale(), Language(qapp)
    language.speak("de")
    yield
    for translator in language._translators:
        QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(locale)


def test_whatever_another_start_says_has_a_sentence() -> None:
    assert set(starting._REFUSALS) == REFUSALS
    for said in REFUSALS:
        told = in_a_box(said)
        assert told != said
        assert told[0].isupper()
        assert told.endswith(".")


def test_words_for_what_is_there_to_be_said_by_doors() -> None:
    source = Path(handover.__file__).with_name("doors.py").read_text(encoding="utf-8")
    assert "somebody else listens where the phone should" in source


@pytest.mark.usefixtures("german")
def test_it_is_said_in_the_language_that_is_spoken() -> None:
    in_german = {each.text.source: each.forms[0] for each in of_language("de")}
    for said in REFUSALS:
        assert in_a_box(said) == in_german[starting._REFUSALS[said]]
    told = in_a_box("Twocan cannot start: OSError: it {is} odd")
    assert told == "Twocan kann nicht starten: OSError: it {is} odd"


def test_what_has_no_better_words_is_shown_as_it_is() -> None:
    missing = telling.missing(ImportError("libodd.so.7: cannot open"))
    assert in_a_box(missing) == missing


_SHOWS = """
import sys
from PySide6.QtWidgets import QMessageBox
from twocan.gui import telling
QMessageBox.critical = lambda parent, title, words: print(title, words, sep="|", flush=True)
telling._show(sys.argv[1])
"""


def shown(words: str, config: Path) -> str:
    """What a program without an application of its own shows, with that folder of settings."""
    theirs = {"QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": str(config)}
    done = subprocess.run(
        [sys.executable, "-c", _SHOWS, words],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | theirs,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (json.dumps({"language": "es"}), "Twocan|Twocan ya está abierto, pero no responde."),
        ("{", "Twocan|Twocan is running already, but does not answer."),
    ],
)
def test_the_box_speaks_what_the_settings_say(tmp_path: Path, settings: str, said: str) -> None:
    (tmp_path / "twocan").mkdir()
    (tmp_path / "twocan" / "settings.json").write_text(settings, encoding="utf-8")
    assert shown(SILENT, tmp_path).startswith(said)


def test_it_is_shown_even_where_no_language_can_be_had(
    qapp: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> Application:
        raise OSError("no folder")

    # There is none at first; then there is one, half made.
    there = iter((None, qapp))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(telling, "_speaking", fail)
        meanwhile.setattr("PySide6.QtWidgets.QApplication.instance", lambda: next(there))
        shows = telling._application()
    assert shows is qapp
