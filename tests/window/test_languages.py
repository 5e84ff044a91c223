"""The window speaks each of its languages: wholly, in words that fit, from right to left too."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QAction, QImage, QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from drawn_calls import a_call
from fitting import cut
from shots.scenes import Scene, scenes
from shots.taking import Studio
from texts import (
    TRANSLATIONS,
    Text,
    Translated,
    built_at_run_time,
    of_language,
    of_window,
    untranslated,
)
from twocan.desk.settings import LANGUAGES
from twocan.gui.in_call.verification import Verification
from twocan.gui.languages import Language, nearest
from twocan.gui.older import OlderQuestion
from twocan.gui.parts import Words
from twocan.gui.parts.text import left_to_right
from twocan.gui.settings.about import AboutPage
from twocan.gui.theme import Application

FOREIGN = [code for code in LANGUAGES if code != "en"]
PLURALS = {"en": 2, "de": 2, "es": 2, "zh_CN": 1, "ar": 6}
SMALL = (320, 480)
SCENES = scenes()

_PLACES = re.compile(r"\{\w+\}")
_OF_OTHERS = re.compile(
    r"\{(?:name|address|site|caller|device|detail|reason|why|store|place|keys|licence|version|mine|current)\}"
)
"""What is filled in by others or below the window: nobody knows in which direction it is read."""
_FIRST_STRONG, _END = "\u2068", "\u2069"
"""Unicode's isolates (UAX #9 §2.4.2): FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE."""

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u200e", "\u200f"
"""Marks that are not seen and say how what follows is read."""

every_language = pytest.mark.parametrize("code", LANGUAGES)
every_foreign_one = pytest.mark.parametrize("code", FOREIGN)


@pytest.fixture
def language(qapp: Application) -> Iterator[Language]:
    """All is as before afterwards."""
    locale, direction = QLocale(), qapp.layoutDirection()
    language = Language(qapp)
    yield language
    for translator in language._translators:
        QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(locale)
    qapp.setLayoutDirection(direction)


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio()


def qts_own_files() -> Path:
    return Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))


def loaded(path: Path) -> QTranslator:
    translator = QTranslator()
    assert translator.load(str(path)), f"{path} is missing, or broken"
    return translator


# --- Nothing is left out ----------------------------------------------------------------------


def test_no_words_are_shown_that_cannot_be_translated() -> None:
    assert untranslated() == []
    assert built_at_run_time() == []


@every_foreign_one
def test_a_language_has_every_text_of_the_window_and_no_other(code: str) -> None:
    there, wanted = {each.text for each in of_language(code)}, of_window()
    assert wanted - there == set(), "run make translations, and translate these"
    assert there - wanted == set(), "run make translations: these are in the window no more"


def test_english_has_what_is_counted() -> None:
    assert {each.text for each in of_language("en")} == {t for t in of_window() if t.counted}


@every_language
def test_every_text_is_translated(code: str) -> None:
    for each in of_language(code):
        assert each.finished, each.text
        assert all(form.strip() for form in each.forms), each.text
        assert len(each.forms) == (PLURALS[code] if each.text.counted else 1), each.text


@every_language
def test_what_is_loaded_is_what_was_translated(code: str) -> None:
    translator = loaded(TRANSLATIONS / f"twocan_{code}.qm")
    for each in of_language(code):
        about = translator.translate, each.text.context, each.text.source
        assert said(*about, counted=each.text.counted) == set(each.forms), (
            f"run make translations: {each.text}"
        )


def said(translate: object, context: str, source: str, *, counted: bool) -> set[str]:
    """All that a translator has for a text."""
    assert callable(translate)
    if not counted:
        return {translate(context, source)}
    return {translate(context, source, None, number) for number in range(201)}


@every_foreign_one
def test_qts_own_words_are_there(code: str) -> None:
    translator = loaded(qts_own_files() / f"qtbase_{code}.qm")
    for source in ("&Undo", "&Copy", "&Paste", "Select All"):
        assert translator.translate("QWidgetTextControl", source)


# --- It is well said --------------------------------------------------------------------------


@every_foreign_one
def test_what_is_filled_in_has_its_place(code: str) -> None:
    for each in of_language(code):
        for form in each.forms:
            assert sorted(_PLACES.findall(form)) == sorted(_PLACES.findall(each.text.source))


@every_foreign_one
def test_sentences_end_as_they_do_in_english(code: str) -> None:
    for each in of_language(code):
        for form in each.forms:
            assert ending(form) == ending(each.text.source), (each.text.source, form)


def ending(text: str) -> str:
    """With what it ends, in European marks: a full stop, a question mark, an ellipsis, or not."""
    last = text.rstrip(_END)[-1]
    last = {"。": ".", "？": "?", "؟": "?"}.get(last, last)  # noqa: RUF001
    return last if last in ".?…" else ""


@pytest.mark.parametrize("code", ["de", "es", "zh_CN", "ar"])
def test_quotation_marks_are_those_of_the_language(code: str) -> None:
    for each in of_language(code):
        for form in each.forms:
            assert not set("\"'") & set(form), form
            assert "..." not in form


def test_arabic_keeps_apart_what_may_be_read_from_left_to_right() -> None:
    for each in of_language("ar"):
        for form in each.forms:
            for place in _OF_OTHERS.finditer(form):
                around = form[place.start() - 1 : place.end() + 1]
                assert around == f"{_FIRST_STRONG}{place[0]}{_END}", form


def test_arabic_begins_with_arabic() -> None:
    """The first letter that nothing isolates says how all of it is read."""
    for each in of_language("ar"):
        for form in each.forms:
            bare = re.sub(f"{_FIRST_STRONG}.*?{_END}|{_PLACES.pattern}|%Ln", "", form)
            ways = [unicodedata.bidirectional(letter) for letter in bare]
            strong = [way for way in ways if way in ("L", "R", "AL")]
            assert strong[:1] != ["L"] or form == each.text.source, form


def test_arabic_counts_in_its_own_way(language: Language) -> None:
    language.speak("ar")
    counted = {
        n: QCoreApplication.translate("IdleView", "%n missed call(s)", None, n) for n in _MANY
    }
    assert len(set(counted.values())) == len(_MANY)
    assert counted[3].startswith("٣ ")
    assert counted[11].startswith("١١ ")  # noqa: RUF001


_MANY = (1, 2, 3, 11)


# --- It is spoken -----------------------------------------------------------------------------


@every_foreign_one
def test_a_language_is_spoken_once_it_is_chosen(language: Language, code: str) -> None:
    translated = next(
        each for each in of_language(code) if each.text == Text("IdleView", "Try now")
    )
    assert language.speak(code)
    assert QCoreApplication.translate("IdleView", "Try now") == translated.forms[0]
    assert QLocale().language() == QLocale(code).language()
    assert not language.speak(code)


def test_only_arabic_is_read_from_right_to_left(qapp: Application, language: Language) -> None:
    for code in LANGUAGES:
        language.speak(code)
        assert language.right_to_left is (code == "ar")
        assert QWidget().layoutDirection() is qapp.layoutDirection()


def test_english_again_is_as_before(language: Language) -> None:
    language.speak("de")
    language.speak("en")
    assert QCoreApplication.translate("IdleView", "Try now") == "Try now"
    counted = QCoreApplication.translate("IdleView", "%n missed call(s)", None, 1)
    assert counted == "1 missed call"


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (["de-AT", "en-GB"], "de"),
        (["fr-FR", "es-419", "en"], "es"),
        (["zh-Hans-CN"], "zh_CN"),
        (["zh-SG"], "zh_CN"),
        (["zh-Hant-TW", "de"], "de"),
        (["ar-MA"], "ar"),
        (["fi"], "en"),
        ([], "en"),
    ],
)
def test_a_system_is_spoken_to_in_what_it_understands(wanted: list[str], spoken: str) -> None:
    assert nearest(wanted) == spoken


@every_foreign_one
def test_the_menu_of_a_text_field_is_in_the_same_language(
    language: Language, qtbot: QtBot, code: str
) -> None:
    field = QLineEdit("some text")
    qtbot.addWidget(field)
    in_english = [action.text() for action in field.createStandardContextMenu().actions()]
    language.speak(code)
    translated = [action.text() for action in field.createStandardContextMenu().actions()]
    pairs = zip(in_english, translated, strict=True)
    assert [one for one, other in pairs if one and one == other] == []


# --- It fits ----------------------------------------------------------------------------------


@every_foreign_one
@pytest.mark.parametrize("scene", SCENES, ids=[scene.name for scene in SCENES])
def test_every_page_has_room_for_its_words_and_no_english_ones(
    language: Language, studio: Studio, scene: Scene, code: str
) -> None:
    language.speak(code)
    with studio.shown(scene, SMALL) as window:
        assert cut(window) == []
        left = still_english(window, of_language(code))
    assert left == []


@every_foreign_one
def test_what_is_asked_before_there_is_a_window_fits_too(
    language: Language, qtbot: QtBot, code: str
) -> None:
    language.speak(code)
    question = OlderQuestion("1.9", "1.12")
    qtbot.addWidget(question)
    question.open()
    QCoreApplication.processEvents()
    assert cut(question) == []
    assert still_english(question, of_language(code)) == []


def still_english(window: QWidget, translated: list[Translated]) -> list[str]:
    """What is read there that has a translation and is not translated."""
    known = {each.text.source for each in translated if each.text.source not in each.forms}
    known -= {form for each in translated for form in each.forms}
    read = {label.text() for label in window.findChildren(QLabel) if label.isVisible()}
    read |= {action.text() for action in window.findChildren(QAction)}
    read |= {part.accessibleName() for part in window.findChildren(QWidget) if part.isVisible()}
    return sorted(read & known)


# --- What reads from left to right in every language ------------------------------------------


def test_a_safety_code_is_read_alike_by_both(
    language: Language, drawn: Drawn, qtbot: QtBot
) -> None:
    """Its groups would change places in a line of Arabic."""
    language.speak("en")
    in_english = safety_code(drawn, qtbot)
    language.speak("ar")
    assert safety_code(drawn, qtbot) == in_english


def safety_code(drawn: Drawn, qtbot: QtBot) -> QImage:
    """The line of digits, as it is painted."""
    window = QWidget()
    qtbot.addWidget(window)
    sheet = Verification(drawn, window)
    sheet.show_call(a_call(verification="048215"))
    line = next(words for words in sheet.findChildren(Words) if words.text() == "048 215")
    line.setFixedSize(240, 40)
    return line.grab().toImage()


def test_a_sentence_goes_by_its_language_and_not_by_the_name_it_begins_with(
    language: Language, qtbot: QtBot
) -> None:
    language.speak("en")
    in_english = "{name} hung up"
    assert painted(in_english.format(name="سعاد"), qtbot) == painted(
        _LEFT_TO_RIGHT + in_english.format(name="سعاد"), qtbot
    )
    language.speak("ar")
    in_arabic = QCoreApplication.translate("words", in_english)
    in_arabic = f"{_FIRST_STRONG}Demo{_END} {in_arabic.format(name='Demo')}"
    assert painted(in_arabic, qtbot) == painted(_RIGHT_TO_LEFT + in_arabic, qtbot)


def test_a_name_alone_goes_by_its_own_letters(language: Language, qtbot: QtBot) -> None:
    language.speak("ar")
    for name, mark in (("Demo & Co.", _LEFT_TO_RIGHT), ("سعاد (2)", _RIGHT_TO_LEFT)):
        assert painted(name, qtbot) == painted(f"{mark}{name}{mark}", qtbot)


def painted(text: str, qtbot: QtBot) -> QImage:
    words = Words(text)
    qtbot.addWidget(words)
    words.setFixedSize(240, 40)
    return words.grab().toImage()


def test_keys_stand_as_they_are_pressed(language: Language, drawn: Drawn, qtbot: QtBot) -> None:
    language.speak("ar")
    page = AboutPage(drawn)
    qtbot.addWidget(page)
    keys = QKeySequence("Ctrl+D").toString(QKeySequence.SequenceFormat.NativeText)
    assert left_to_right(keys) in [label.text() for label in page.findChildren(QLabel)]
