"""A site is made by a command, and every change by command is in its audit."""

import asyncio
import getpass
import json
from pathlib import Path

import pytest

from twocan_supernode.__main__ import main
from twocan_supernode.commands.audit import entries
from twocan_supernode.site.settings import SiteSettings
from twocan_supernode.state import State
from twocan_supernode.store import Entry, Store
from twocan_supernode.store.urls import url_of

URL = "https://site.example/calls"


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(tmp_path / "state")
    state.folder.mkdir(mode=0o700)
    state.add_site("site.example")
    return state


def asked(state: State, *words: str) -> int:
    """The exit code of ``site-settings``."""
    return main(["site-settings", "--state", str(state.folder), "--site", "site.example", *words])


def kept(state: State) -> SiteSettings:
    return SiteSettings.load(state.site("site.example").folder)


# --- a site that is not there yet


def test_a_site_is_made_when_asked_and_once(tmp_path: Path) -> None:
    state = State(tmp_path / "not there yet")
    asked(state, "--new", "--origin", "https://site.example")
    (site,) = state.sites()
    secret = site.secret()
    assert kept(state).origins == ("https://site.example",)
    assert state.folder.stat().st_mode & 0o777 == 0o700
    asked(state, "--new", "--no-origin")
    assert site.secret() == secret
    assert kept(state) == SiteSettings()


def test_one_without_settings_is_made_as_well(tmp_path: Path) -> None:
    asked(State(tmp_path), "--new")
    assert kept(State(tmp_path)) == SiteSettings()


@pytest.mark.parametrize("words", [[], ["--show"], ["--new"], ["--no-origin", "--no-webhook"]])
def test_what_changes_nothing_writes_nothing(state: State, words: list[str]) -> None:
    before = {file.name for file in state.folder.rglob("*")}
    assert asked(state, *words) == 0
    assert {file.name for file in state.folder.rglob("*")} == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--origin", "https://site.example"], "--new makes it"),
        (["--new", "--origin", "http://site.example"], "https"),
        (["--new", "--show"], "--show changes nothing"),
    ],
)
def test_what_is_wrong_makes_no_site(
    tmp_path: Path, words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(State(tmp_path), *words) == 2
    assert why in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# --- the audit


def audit(state: State, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main(["audit", "--state", str(state.folder), "--site", "site.example", *words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_change_is_in_the_audit_and_nothing_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = State(tmp_path)
    changes: list[tuple[list[str], list[str]]] = [
        (["--new", "--origin", "https://site.example"], ["site.made", "settings.origins"]),
        (["--webhook", f"{URL}?key=hidden"], ["settings.webhook"]),
        (["--new-webhook-secret"], ["settings.webhook-secret"]),
        (["--limit", "tokens=7/60s"], ["settings.limits"]),
        (["--show"], []),
        (["--webhook", f"{URL}?key=hidden"], []),
        (["--no-webhook", "--no-origin"], ["settings.origins", "settings.webhook"]),
    ]
    expected: list[str] = []
    for words, actions in changes:
        assert asked(state, *words) == 0
        expected += actions
        lines = audit(state, capsys)
        assert [line["action"] for line in lines] == expected
    (first, *_) = lines
    assert first == {
        "at": first["at"],
        "actor": f"command by {getpass.getuser()}",
        "action": "site.made",
        "subject": "",
        "outcome": "ok",
    }
    assert not any(secret in str(lines) for secret in ("hidden", "whsec_"))


def test_keys_are_in_the_audit_too_and_it_begins_when_one_says(
    state: State, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--state", str(state.folder), "--site", "site.example"]
    assert main(["site-key", "new", *where]) == 0
    name = capsys.readouterr().out.split("_")[1]
    assert main(["site-key", "retire", *where, name]) == 0
    actions = [line["action"] for line in audit(state, capsys, "--since", "1h")]
    assert actions == ["key.made", "key.retired"]
    long_ago = Entry(1_000, "site.example", "phone", "token.refreshed", "", "ok")
    asyncio.run(_noted(state, [long_ago]))
    assert len(audit(state, capsys)) == 2


async def _noted(state: State, lines: list[Entry]) -> None:
    store = await Store.open(url_of(state.folder))
    for line in lines:
        await store.note(line)
    await store.close()


@pytest.mark.parametrize("together", [1, 2, 3, 100])
async def test_a_long_audit_is_shown_whole_even_where_much_was_at_once(
    state: State, together: int
) -> None:
    times = [1, 2, 2, 2, 2, 2, 3, 4, 4]
    lines = [
        Entry(at, "site.example", "phone", f"action {n}", "", "ok") for n, at in enumerate(times)
    ]
    await _noted(state, lines)
    store = await Store.open(url_of(state.folder))
    assert [each async for each in entries(store, "site.example", 1, together)] == lines
    assert [each async for each in entries(store, "site.example", 4, together)] == lines[-2:]
    await store.close()


def test_a_database_that_is_away_lets_nothing_change(
    state: State, capsys: pytest.CaptureFixture[str]
) -> None:
    (state.folder / "site.sqlite").mkdir()
    assert asked(state, "--origin", "https://site.example") == 1
    assert "site.sqlite" in capsys.readouterr().err
    assert kept(state) == SiteSettings()
