"""What a start of the window does, in turn: which program, whose phone, and then a window."""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from twocan import __main__, handover
from twocan.gui import opening, telling
from twocan.install import holding, starting

MINE = "0.1.0-0123456789abcdef"
LINK = "twocan:launch?code=a-one-time-code_0123"


class Steps:
    """A frozen program, of which each part says that it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
        self.taken: list[str] = []
        self.current = home / "data" / "twocan" / "program" / "current"
        self.current.parent.mkdir(parents=True)
        self.phone: handover.Claim | None = None
        self.exit: int | None = None
        for name in ("XDG_RUNTIME_DIR", "TWOCAN_ACCOUNT"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        monkeypatch.setattr(sys, "executable", str(home / MINE / "twocan"))
        monkeypatch.setattr(holding, "hold", lambda: self.taken.append("hold"))
        monkeypatch.setattr(opening, "settle", self._settle)
        monkeypatch.setattr(handover, "begin", self._begin)
        monkeypatch.setattr(opening, "open_window", self._open)
        self._patch = monkeypatch

    def is_current(self) -> None:
        self.current.unlink(missing_ok=True)
        self.current.symlink_to(MINE)

    def start(self, *arguments: str) -> int:
        self._patch.setattr(sys, "argv", ["twocan", *arguments])
        return __main__.main()

    def _settle(self, arguments: Sequence[str]) -> int | None:
        self.taken.append("settle")
        return self.exit

    def _begin(self, links: Sequence[str], _: object, *, hidden: bool, instead: bool) -> object:
        said = [*links, *["hidden"] * hidden, *["instead"] * instead]
        self.taken.append(" ".join(["begin", *said]))
        return self.phone

    def _open(self, arguments: Sequence[str], claim: object) -> int:
        self.taken.append("open")
        assert claim is self.phone
        return 0


class Claimed(handover.Claim):
    """Being the phone, and letting that go."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def close(self) -> None:
        self._steps.taken.append("close")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Steps:
    return Steps(monkeypatch, tmp_path)


def test_a_second_start_of_the_current_program_hands_over_and_no_more(steps: Steps) -> None:
    steps.is_current()
    assert steps.start(LINK) == 0
    assert steps.taken == ["hold", f"begin {LINK}"]


def test_the_first_start_looks_whether_an_update_waits(steps: Steps) -> None:
    steps.is_current()
    steps.phone = Claimed(steps)
    assert steps.start("--hidden") == 0
    assert steps.taken == ["hold", "begin hidden", "settle", "open", "close"]


def test_another_program_than_the_current_one_settles_that_first(steps: Steps) -> None:
    steps.phone = Claimed(steps)
    assert steps.start() == 0
    assert steps.taken == ["hold", "settle", "begin", "settle", "open", "close"]


def test_one_that_becomes_the_current_one_takes_the_place_of_who_runs(
    steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle(_: Sequence[str]) -> None:
        steps.taken.append("settle")
        steps.is_current()

    monkeypatch.setattr(opening, "settle", settle)
    steps.phone = Claimed(steps)
    assert steps.start(LINK) == 0
    assert steps.taken == ["hold", "settle", f"begin {LINK} instead", "open", "close"]


def test_where_the_person_wants_neither_none_runs(steps: Steps) -> None:
    steps.exit = 0
    assert steps.start() == 0
    assert steps.taken == ["hold", "settle"]


def test_the_phone_is_given_up_whatever_happens(
    steps: Steps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError(f"cannot do {LINK}")

    steps.is_current()
    steps.phone = Claimed(steps)
    monkeypatch.setattr(opening, "open_window", fail)
    monkeypatch.setattr(telling, "_show", lambda words: steps.taken.append("told"))
    monkeypatch.setenv("DISPLAY", ":nowhere")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert steps.start(LINK) == 1
    assert steps.taken[-2:] == ["close", "told"]
    said = capsys.readouterr().err
    assert "Twocan cannot start: RuntimeError: cannot do twocan:…" in said
    assert "a-one-time-code" not in said


# --- Which of several programs ---------------------------------------------------------------


class Asked(starting.Older):
    """A newer one is installed."""

    def __init__(self, kept: list[Sequence[str]]) -> None:
        object.__setattr__(self, "_kept", kept)

    __slots__ = ("_kept",)

    def keep(self, arguments: Sequence[str]) -> None:
        kept: list[Sequence[str]] = object.__getattribute__(self, "_kept")
        kept.append(arguments)


@pytest.mark.parametrize("arguments", [["--hidden"], [LINK]])
def test_where_nobody_can_be_asked_the_newer_one_runs(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    kept: list[Sequence[str]] = []
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if "--hidden" in arguments:
        monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(starting, "settle", lambda _: Asked(kept))
    opening.settle(arguments)
    assert kept == [arguments]


def test_else_the_person_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from twocan.gui import older

    asked: list[object] = []

    def ask(about: object, arguments: Sequence[str], language: str | None) -> int:
        asked.extend((about, arguments, language))
        return 7

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":0")
    question = Asked([])
    monkeypatch.setattr(starting, "settle", lambda _: question)
    monkeypatch.setattr(older, "ask", ask)
    assert opening.settle([LINK]) == 7
    assert asked == [question, [LINK], None]


def test_one_that_is_right_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "settle", lambda _: None)
    assert opening.settle([]) is None


def test_what_is_installed_is_looked_after_on_a_thread_of_its_own() -> None:
    from twocan.gui.app import _tend

    on: list[str] = []
    done = threading.Event()

    def tend() -> None:
        on.append(threading.current_thread().name)
        done.set()

    _tend(tend)
    assert done.wait(5)
    assert on == ["tending"]


# --- Words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ModuleNotFoundError("", name="PySide6"), "the window needs PySide6: install twocan[windo"),
        (ImportError("libxkbcommon.so.0: cannot open shared object"), "libxkbcommon0 in Debian"),
        (ImportError("libodd.so.7: cannot open"), "needs libodd.so.7, which this system lacks"),
        (ImportError("undefined symbol"), "the window cannot be loaded: undefined symbol"),
    ],
)
def test_what_is_missing_is_named(error: ImportError, said: str) -> None:
    assert said in telling.missing(error)


def test_other_programs_are_told_to_use_their_own_libraries() -> None:
    frozen = {"LD_LIBRARY_PATH": "/inside", "LD_LIBRARY_PATH_ORIG": "/theirs", "HOME": "/h"}
    assert telling._as_started(frozen)["LD_LIBRARY_PATH"] == "/theirs"
    assert telling._as_started({"LD_LIBRARY_PATH": "/inside"}) == {}


def test_whoever_has_no_screen_is_shown_nothing() -> None:
    assert not telling.has_screen({}, "linux")
    assert not telling.has_screen({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "linux")
    assert telling.has_screen({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert telling.has_screen({}, "win32")
    assert telling.can_show({"QT_QPA_PLATFORM": "offscreen"}, "linux")
    assert not telling.can_show({}, "linux")


def test_where_qt_is_missing_another_program_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    program = tmp_path / "xmessage"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {told}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    telling._show_otherwise("the window needs <b>&quot;")
    assert told.read_text() == "the window needs <b>&quot;"
