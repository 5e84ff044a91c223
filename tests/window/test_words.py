"""What the window says: true for every end and every trouble, and in the person's own figures."""

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from types import MappingProxyType

import pytest
from PySide6.QtCore import QLocale

import twocan.media
from twocan.desk.equipment import _IN_CALL
from twocan.desk.settings import LANGUAGES, Settings
from twocan.desk.state import DeskView, Problem, Standing, Trouble
from twocan.desk.trials import _HEARS_NOTHING, _NO_VOLUME
from twocan.gui import words
from twocan.gui.words import devices as device_words
from twocan.headless import _QUALITY
from twocan.media.devices.choosing import Device, Direction
from twocan.media.devices.choosing import choose as choose_sound
from twocan.media.pictures.cameras import troubles
from twocan.media.pictures.cameras.listing import CameraDevice
from twocan.media.pictures.cameras.listing import choose as choose_camera
from twocan.media.pictures.filming.screens import open_screen
from twocan.media.pictures.picture import PictureError
from twocan.media.sound import SoundError
from twocan.states import CallView, End, State

NAME = "Demo Person"
CALL = CallView(
    "sid",
    "b@site.example",
    outgoing=True,
    state=State.ENDED,
    end=End.HUNG_UP,
    ended_by="us",
    held=False,
    held_by_peer=False,
    muted=False,
    muted_by_peer=False,
    verification=None,
    times=MappingProxyType({"started": 0.0, "ended": 9.0}),
)
CONNECTED = MappingProxyType({"started": 0.0, "connected": 1.0, "ended": 9.0})


@pytest.fixture
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def arabic() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("ar_EG"))
    yield
    QLocale.setDefault(before)


def every_call() -> Iterator[CallView]:
    everything = product(End, (True, False), ("us", "them", None), (CALL.times, CONNECTED))
    for end, outgoing, by, times in everything:
        yield replace(CALL, end=end, outgoing=outgoing, ended_by=by, times=times)


# --- ends -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "outgoing", "by", "headline"),
    [
        (End.DECLINED, True, "them", "Demo Person declined the call"),
        (End.DECLINED, False, "us", "You declined the call"),
        (End.BUSY, True, "them", "Demo Person is in another call"),
        (End.BUSY, False, "us", "Demo Person called while you were in another call"),
        (End.CANCELLED, True, "us", "You gave up before Demo Person answered"),
        (End.CANCELLED, False, "them", "Demo Person gave up before you answered"),
        (End.NO_ANSWER, True, None, "Demo Person did not answer"),
        (End.NO_ANSWER, False, None, "You missed a call from Demo Person"),
        (End.UNREACHABLE, True, None, "Demo Person cannot be reached"),
        (End.FAILED, True, "us", "This program made a mistake"),
        (End.FAILED, True, "them", "The program of Demo Person failed"),
        (End.HUNG_UP, True, "us", "You hung up before the call was connected"),
        (End.HUNG_UP, False, "them", "Demo Person hung up before the call was connected"),
    ],
)
def test_who_called_and_whose_doing_it_was_decide_the_words(
    end: End, outgoing: bool, by: str | None, headline: str
) -> None:
    view = replace(CALL, end=end, outgoing=outgoing, ended_by=by)
    assert words.ending(view, NAME)[0] == headline


def test_a_call_that_was_talked_in_says_who_hung_up() -> None:
    talked = replace(CALL, times=CONNECTED)
    assert words.ending(talked, NAME) == ("You hung up", None)
    assert words.ending(replace(talked, ended_by="them"), NAME) == ("Demo Person hung up", None)


def test_every_end_has_words_of_its_own() -> None:
    for outgoing in (True, False):
        said = {words.ending(replace(CALL, end=e, outgoing=outgoing), NAME)[0] for e in End}
        assert len(said) == len(End)


def test_only_what_was_declined_is_called_so() -> None:
    for view in every_call():
        headline, _ = words.ending(view, NAME)
        declined = view.end in (End.DECLINED, End.DECLINED_ELSEWHERE)
        assert ("declined" in headline.lower()) is declined, view


def test_whatever_went_wrong_comes_with_advice() -> None:
    chosen = {End.HUNG_UP, End.REPLACED}
    for view in every_call():
        headline, advice = words.ending(view, NAME)
        assert "{" not in headline + (advice or "")
        by_me = (view.end, view.outgoing) in {(End.CANCELLED, True), (End.DECLINED, False)}
        assert (advice is None) is (view.end in chosen or by_me), view


def test_a_name_with_braces_is_a_name() -> None:
    assert words.ending(replace(CALL, times=CONNECTED, ended_by="them"), "{0}")[0] == "{0} hung up"


# --- troubles and standing --------------------------------------------------------------------


def test_every_trouble_has_words_and_advice() -> None:
    told = [words.problem(Problem(trouble)) for trouble in Trouble]
    assert len({headline for headline, _ in told}) == len(Trouble)
    assert all(advice for _, advice in told)


def test_an_unknown_trouble_shows_what_is_known_of_it() -> None:
    assert words.problem(Problem(Trouble.OTHER, "the disk is full"))[1] == "the disk is full"


def test_each_standing_is_told_apart() -> None:
    view = DeskView(ready=True)
    said = {words.standing(replace(view, standing=standing)) for standing in Standing}
    assert len(said) == len(Standing)
    assert words.standing(DeskView()) == "Starting…"


def test_who_is_not_to_be_disturbed_is_told_so_only_while_calls_could_come() -> None:
    quiet = DeskView(ready=True, settings=Settings(do_not_disturb=True))
    assert "disturb" in words.standing(replace(quiet, standing=Standing.ONLINE))
    assert "Offline" in words.standing(replace(quiet, standing=Standing.OFFLINE))


# --- figures ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("english")
def test_durations() -> None:
    given = [0, 9.9, 75, 3599, 3735, -1]
    assert [*map(words.duration, given)] == ["0:00", "0:09", "1:15", "59:59", "1:02:15", "0:00"]


@pytest.mark.usefixtures("arabic")
def test_durations_have_the_digits_of_the_language() -> None:
    assert words.duration(75) == "١:١٥"  # noqa: RUF001


@pytest.mark.usefixtures("english")
def test_when_it_was_is_as_short_as_can_be() -> None:
    now = datetime(2026, 3, 12, 20, 30)  # noqa: DTZ001, a Thursday, where the computer is
    then = now.replace(hour=14, minute=5)

    def said(days: int) -> str:
        return words.when((then - timedelta(days)).timestamp(), now.timestamp())

    assert said(0) == "14:05"
    assert said(1) == "Yesterday, 14:05"
    assert said(2) == "Tuesday, 14:05"
    assert said(6) == "Friday, 14:05"
    assert said(7) == "05/03/2026"
    assert said(-1) == "13/03/2026"


def test_the_word_for_a_quality_is_that_of_the_headless_face() -> None:
    for least, word in _QUALITY:
        assert words.quality(least).lower() == word
        assert words.quality(least + 0.01).lower() == word


def test_languages_call_themselves_by_their_own_names() -> None:
    said = [words.language(code) for code in LANGUAGES]
    assert said == ["English", "Deutsch", "Español", "简体中文", "العربية"]


# --- devices ----------------------------------------------------------------------------------


def complaints_of_cameras() -> Iterator[PictureError]:
    """Every complaint that a camera can make of itself."""
    for _, complain in inspect.getmembers(troubles, inspect.isfunction):
        given = {"name": "Demo cam", "error": OSError("broken pipe"), "system": "linux"}
        yield complain(**{each: given[each] for each in inspect.signature(complain).parameters})
    yield troubles.forbidden("Demo cam", "win32")
    yield troubles.forbidden("Demo cam", "darwin")


def test_every_complaint_of_a_camera_is_known() -> None:
    complaints = [str(error) for error in complaints_of_cameras()]
    assert len(complaints) > len({"none_there", "unplugged", "busy", "forbidden"})
    for complaint in complaints:
        said = words.camera_problem(complaint)
        assert said != complaint
        assert said.endswith(".")
        assert ("Demo cam" in said) is ("Demo cam" in complaint)


def test_a_camera_that_cannot_be_chosen_is_known() -> None:
    two = [CameraDevice("Cam one", "/dev/video0", 0), CameraDevice("Cam two", "/dev/video2", 2)]
    for name, there in (("cam", two), ("other", two), ("other", [])):
        with pytest.raises(PictureError) as complaint:
            choose_camera(name, there)
        assert words.camera_problem(str(complaint.value)) != str(complaint.value)


@pytest.mark.parametrize("direction", Direction)
def test_a_sound_device_that_cannot_be_chosen_is_known(direction: Direction) -> None:
    two = [Device(direction, "USB one", "1"), Device(direction, "USB two", "2")]
    for name, there in (("usb", two), ("other", two), ("other", [])):
        with pytest.raises(SoundError) as complaint:
            choose_sound(name, there, direction)
        assert words.microphone_problem(str(complaint.value)) != str(complaint.value)


@pytest.mark.parametrize(
    ("complaint", "said"),
    [
        ("there is no microphone", "There is no microphone. Plug one in."),
        (
            "cannot use 'USB' at 48 kHz: Device unavailable",
            "USB does not open (Device unavailable). Close the other program that uses it, "
            "or choose another device.",
        ),
        (
            "no sound devices: install sounddevice",
            "Twocan was installed without what sound devices need. Install it again.",
        ),
    ],
)
def test_what_is_wrong_with_a_microphone(complaint: str, said: str) -> None:
    assert words.microphone_problem(complaint) == said


def test_what_a_trial_of_sound_says_is_known() -> None:
    ended = [f"the {direction} ended: out of memory" for direction in Direction]
    for complaint in (_HEARS_NOTHING, _NO_VOLUME, _IN_CALL, *ended):
        said = words.microphone_problem(complaint)
        assert said != complaint
        assert said.endswith(".")


def test_no_camera_at_all_is_not_the_same_as_none_that_is_plugged_in() -> None:
    said = "No camera is chosen. Choose one in the settings."
    assert words.camera_problem("there is no camera: choose one") == said
    assert words.camera_problem(str(troubles.none_there())) == "There is no camera. Plug one in."


def test_a_camera_that_a_call_has_is_not_tried() -> None:
    assert words.camera_problem(_IN_CALL) == "You are in a call. Try it again when it is over."


@pytest.mark.parametrize(
    "environment", [{"WAYLAND_DISPLAY": "wayland-0"}, {"WAYLAND_DISPLAY": "", "DISPLAY": ""}]
)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every screen can be seen")
def test_a_screen_that_cannot_be_shared_is_known(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(PictureError) as complaint:
        open_screen()
    assert words.camera_problem(str(complaint.value)) != str(complaint.value)


def complaints_in(folder: str) -> Iterator[tuple[str, str]]:
    """Which error is raised there, and an example of what it says: as the source writes it, all
    that is filled in being called Demo."""
    for path in sorted((Path(twocan.media.__file__).parent / folder).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args:
                match call.args[0]:
                    case ast.Constant(value=str(text)):
                        yield call.func.id, text
                    case ast.JoinedStr(values=parts):
                        yield call.func.id, "".join(filled(part) for part in parts)


def filled(part: ast.expr) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=ast.Name(id="direction") | ast.Attribute(attr="direction")):
            return "microphone"
        case ast.FormattedValue(conversion=conversion):
            return "'Demo'" if conversion == ord("r") else "Demo"
    raise AssertionError(part)


def test_every_complaint_in_the_source_of_sound_devices_is_known() -> None:
    said = [text for error, text in complaints_in("devices") if error == "SoundError"]
    assert len(said) > len({"none", "several", "unopened", "unserved"})
    assert [text for text in said if words.microphone_problem(text) == text] == []


def test_every_complaint_in_the_source_of_cameras_is_known() -> None:
    said = [text for error, text in complaints_in("pictures/cameras") if error == "PictureError"]
    assert len(said) > len({"none", "several", "unopened", "forbidden"})
    assert [text for text in said if words.camera_problem(text) == text] == []


def test_what_is_not_known_is_passed_on() -> None:
    assert words.camera_problem("it is raining in") == "it is raining in"
    assert device_words.microphone_problem("a {brace}") == "a {brace}"
