"""The window as testers start it: what it says of the desk, in which order, and its exit code."""

import io
import json
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from town import ACCOUNT, ME, NEIGHBOUR
from twocan import cli
from twocan.desk.settings import DEFAULT, Settings
from twocan.desk.state import DeskView, Problem, Standing, Trouble
from twocan.gui import app
from twocan.states import CallView, End, State
from twocan.windowed import Windowed

CALL = CallView(
    "sid", NEIGHBOUR, True, State.DIALLING, None, None, False, False, False, False, None,
    MappingProxyType({"started": 10.0}),
)  # fmt: skip
ENDED = replace(
    CALL,
    state=State.ENDED,
    end=End.DECLINED,
    ended_by="them",
    times=MappingProxyType({"started": 10.0, "ended": 11.0}),
)
Happens = Callable[[Windowed], None]


def options(*given: str) -> Namespace:
    return cli._parser().parse_args(["call", NEIGHBOUR, "--window", *given])


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a window in which this happens: the exit code, and what was said."""

    def run(
        happens: Happens, *given: str, peer: str | None = NEIGHBOUR
    ) -> tuple[int, list[dict[str, Any]]]:
        windowed = Windowed(ACCOUNT, options(*given), peer, lambda: 0.25)
        monkeypatch.setattr(app, "run", lambda start: happens(windowed))
        code = windowed.run()
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def names(said: list[dict[str, Any]]) -> list[str]:
    return [event["event"] for event in said]


def test_a_call_is_told_as_it_goes_each_state_once(run: Any) -> None:
    def happens(windowed: Windowed) -> None:
        online = DeskView(standing=Standing.ONLINE)
        windowed._watch(DeskView(standing=Standing.SIGNING_IN))
        windowed._watch(online)
        for state in (State.DIALLING, State.DIALLING, State.RINGING, State.RINGING):
            windowed._watch(replace(online, calls=(replace(CALL, state=state),)))
        windowed._watch(replace(online, ended=ENDED))
        windowed._over(ENDED, None)

    code, said = run(happens)
    assert names(said) == ["signed-in", "dialling", "ringing", "ended", "report"]
    assert said[0] == {"event": "signed-in", "address": ME, "ms": 250.0}
    assert (code, said[-1]["outcome"], said[-1]["times_ms"]["signed_in"]) == (1, "declined", 250.0)


def test_who_waits_says_when_calls_may_come(run: Any) -> None:
    def happens(windowed: Windowed) -> None:
        windowed._watch(DeskView(standing=Standing.ONLINE))
        windowed._watch(DeskView(standing=Standing.OFFLINE))
        windowed._watch(DeskView(standing=Standing.ONLINE))

    code, said = run(happens, peer=None)
    assert names(said) == ["signed-in", "ready", "report"]
    assert (code, said[-1]["outcome"], said[-1]["reason"]) == (0, "not-called", "stopped")


def test_who_is_refused_is_told_why_once_and_by_the_exit_code(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = io.StringIO()
    monkeypatch.setattr("sys.stderr", words)

    def happens(windowed: Windowed) -> None:
        refused = DeskView(
            standing=Standing.REFUSED, problem=Problem(Trouble.EXPIRED, "it is over")
        )
        windowed._watch(refused)
        windowed._watch(replace(refused, ready=True))

    code, said = run(happens)
    assert words.getvalue() == "twocan: it is over\n"
    assert names(said) == ["report"]
    assert (code, said[0]["reason"]) == (3, "not-signed-in")


def test_a_window_that_is_closed_before_its_call_made_none(run: Any) -> None:
    code, said = run(lambda windowed: windowed._watch(DeskView(standing=Standing.ONLINE)))
    assert (code, said[-1]["reason"]) == (1, "stopped")


def test_the_worst_of_several_calls_is_the_exit_code(run: Any) -> None:
    def happens(windowed: Windowed) -> None:
        for end in (End.DECLINED, End.CONNECTION_FAILED, End.DECLINED):
            windowed._over(replace(ENDED, outgoing=False, end=end), None)

    code, said = run(happens, peer=None)
    assert (code, names(said).count("report")) == (4, 3)


def test_the_report_is_in_the_file_as_well(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    _, said = run(lambda windowed: windowed._over(ENDED, None), "--report", str(file))
    assert json.loads(file.read_text()) | {"event": "report"} == said[-1]


def test_what_was_typed_is_what_the_window_goes_by() -> None:
    typed = ("--microphone", "tone:440", "--speaker", "null", "--camera", "pattern")
    settings = Windowed(ACCOUNT, options(*typed), NEIGHBOUR, lambda: 0.0).settings
    assert (settings.microphone, settings.speaker, settings.ringer) == ("tone:440", "null", "null")
    assert settings.camera == "pattern"
    assert settings.told_of_closing, "a tester's window says nothing of trays"


def test_who_is_not_to_be_seen_at_first_may_be_later() -> None:
    windowed = Windowed(ACCOUNT, options("--camera", "none"), NEIGHBOUR, lambda: 0.0)
    assert windowed.settings.camera == DEFAULT == Settings().camera


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            ("call", NEIGHBOUR, "--window", "--screen", "seen.webm"),
            "--screen is for a phone without",
        ),
        (("answer", "--window", "--echo"), "--echo and --calls are for a phone without"),
        (("answer", "--window", "--calls", "2"), "--echo and --calls are for a phone without"),
    ],
)
def test_what_a_window_cannot_do_is_refused(
    given: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(given) == 2
    assert words in capsys.readouterr().err
