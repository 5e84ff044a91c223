"""What is kept of calls is kept for days; for fewer where it is too much, and never for more."""

import asyncio
from pathlib import Path

import pytest

from running import Supernode
from twocan_supernode import forgetting
from twocan_supernode.forgetting import ARCHIVE_DAYS, MISSED_DAYS, TOO_MUCH, Days, Kept
from twocan_supernode.installation import DATABASE
from twocan_supernode.sessions import EjabberdSessions, SessionsAway
from twocan_supernode.state import State
from xmpp_stream import NS, signed_in


def test_what_is_not_too_much_is_kept_as_usual() -> None:
    for usual in (ARCHIVE_DAYS, MISSED_DAYS):
        days = Days(usual)
        assert not days.less(0)
        assert not days.less(TOO_MUCH)
        assert days.now == usual


def test_what_grows_is_kept_for_less_and_less_down_to_nothing() -> None:
    days = Days(ARCHIVE_DAYS)
    growing = range(TOO_MUCH, 2 * TOO_MUCH, 1_000_000)
    kept = [(size // 1_000_000, days.now) for size in growing if days.less(size)]
    # All of it well before 2 GB, from where nothing new would be kept.
    assert kept == [(251, 2), (314, 1), (393, 0), (492, 0)]


def test_what_got_small_again_is_kept_as_usual() -> None:
    days = Days(MISSED_DAYS)
    assert days.less(TOO_MUCH + 1)
    assert days.now == 7
    assert not days.less(TOO_MUCH)
    assert days.now == MISSED_DAYS
    assert days.less(TOO_MUCH + 1)


@pytest.mark.expects_log
async def test_it_is_once_an_hour_and_at_once_where_it_is_too_much(tmp_path: Path) -> None:
    asked: list[int] = []

    async def forget(days: int) -> None:
        asked.append(days)

    kept = Kept("it", tmp_path / "it.DAT", ARCHIVE_DAYS, forget)
    for now in (5.0, 65.0, 3604.0):
        await kept.look(now)
    assert asked == [3]
    await kept.look(3605.0)
    assert asked == [3, 3]
    with (tmp_path / "it.DAT").open("wb") as file:
        file.truncate(TOO_MUCH + 1)
    for now in (3665.0, 3725.0, 7265.0):
        await kept.look(now)
    assert asked == [3, 3, 2, 2]


class Asked:
    """A node that is asked to forget; ``away``: it does not answer in time."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.away = False

    async def forget_archived(self, days: int) -> None:
        self.asked.append(("archive", days))
        if self.away:
            raise SessionsAway("the node does not answer")

    async def forget_missed(self, days: int) -> None:
        self.asked.append(("missed", days))


async def looked(folder: Path, node: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """One look after the other, until the node was asked for something."""
    before = len(node.asked)
    monkeypatch.setattr(forgetting, "_LOOKS_EVERY", 0.01)
    running = asyncio.create_task(forgetting.forgetting(folder, node))  # type: ignore[arg-type]
    while len(node.asked) < before + 2:
        await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_each_is_asked_for_even_if_the_other_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = Asked()
    node.away = True
    await looked(tmp_path, node, monkeypatch)
    assert node.asked == [("archive", 3), ("missed", 30)]


@pytest.mark.expects_log
async def test_a_file_that_is_too_long_is_noticed_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    files = tmp_path / DATABASE
    files.mkdir()
    for name in ("archive_msg.DAT", "offline_msg.DAT"):
        with (files / name).open("wb") as file:
            file.truncate(TOO_MUCH + 1)  # a hole
    node = Asked()
    await looked(tmp_path, node, monkeypatch)
    assert node.asked == [("archive", 2), ("missed", 7)]
    assert "the archive has 250 MB: what is older than 2 days is forgotten" in caplog.text


async def test_a_real_node_forgets_all_and_its_archive_gets_small(supernode: Supernode) -> None:
    state = State(supernode.state)
    archive = state.ejabberd / DATABASE / "archive_msg.DAT"
    account = supernode.mint("forgets")
    async with signed_in(account) as stream, EjabberdSessions(state) as sessions:
        for _ in range(3):
            stream.send(
                f"<message to='{account['address']}' type='chat'><body>{'x' * 25_000}</body>"
                "<store xmlns='urn:xmpp:hints'/></message>"
            )
        await stream.messages_so_far()
        await sessions.forget_missed(0)
        await sessions.forget_archived(0)
        assert archive.stat().st_size < 50_000
        found = await stream.ask(f"<query xmlns='{NS['mam']}'/>", "set")
        assert found.get("type") == "result"
        assert [e for e in stream.kept() if e.find("mam:result", NS) is not None] == []
