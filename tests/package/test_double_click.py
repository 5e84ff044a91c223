"""A download is started by a double-click, or by a link: on a real display, in an empty home."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

import frozen
from installed import tree
from own_display import XVFB, Display, Key, own_display
from trial_rooms import Room, Tried, run
from trial_screen import Screen

PROGRAMS = ".local/share/twocan/program"
ENTRY = ".local/share/applications/twocan.desktop"
ICON = ".local/share/icons/hicolor/scalable/apps/twocan.svg"
SCHEME = "x-scheme-handler/twocan=twocan.desktop;"
CODE = "a-one-time-code_0123456789"
WITHIN = 120.0
SOON = 60.0
"""Seconds in which a second start is over even on a machine that does much else. How long it takes
on one that does not is measured elsewhere."""

pytestmark = [
    pytest.mark.timeout(300, func_only=True),
    pytest.mark.skipif(XVFB is None, reason="Xvfb is not installed"),
]


@pytest.fixture
def display() -> Iterator[Display]:
    with own_display() as display:
        yield display


class Desktop:
    """A person's desktop, on which they start things."""

    def __init__(self, room: Room, display: Display, running: AsyncExitStack) -> None:
        self.room, self.display = room, display
        self.screen = Screen(display.name)
        self._running, self._count = running, 0

    async def start(self, file: Path, *arguments: str) -> Tried:
        self._count += 1
        words = replace(self.room, file=file).words(*arguments, DISPLAY=self.display.name)
        log = self.room.folder / f"start-{self._count}.log"
        return await self._running.enter_async_context(Tried.running(*words, log=log))

    async def phone(self, file: Path) -> Tried:
        """A start, once the phone is to be seen and is in the menu."""
        phone = await self.start(file)
        await self.screen.phone(WITHIN)
        await self.room.has(ENTRY, WITHIN)
        return phone

    async def asked(self, file: Path) -> Tried:
        """A start that asks something, before there is a phone."""
        asks = await self.start(file)
        await until(self.screen.all)
        assert self.screen.look() is None
        return asks

    async def unpacked(self, *files: Path) -> None:
        """Have each of these unpacked, and none of them installed."""
        for file in files:
            await run(replace(self.room, file=file), "--version", within=WITHIN)

    @property
    def programs(self) -> Path:
        return self.room.home / PROGRAMS

    @property
    def current(self) -> str:
        return (self.programs / "current").readlink().name

    async def becomes(self, current: Path) -> None:
        """Until that download is the current one."""
        await until(lambda: self.current == frozen.id_of(current))

    def runs(self, phone: Tried) -> str:
        """The ID of the program that it has become."""
        return Path(f"/proc/{phone.pid}/exe").readlink().parent.name


@pytest.fixture
async def desktop(room: Room, display: Display) -> AsyncIterator[Desktop]:
    async with AsyncExitStack() as running:
        yield Desktop(room, display, running)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN):
        while not holds():
            await asyncio.sleep(0.02)


# --- The first start -----------------------------------------------------------------------------


async def test_the_first_start_shows_how_far_it_is_and_then_the_phone_and_is_installed(
    desktop: Desktop, finished: Path
) -> None:
    phone = await desktop.start(finished)
    await until(desktop.screen.all)
    assert desktop.screen.look() is None
    assert not (desktop.programs / frozen.id_of(finished)).exists()

    await desktop.screen.phone(WITHIN)
    await desktop.room.has(ENTRY, WITHIN)
    await desktop.room.has(ICON, WITHIN)
    home = desktop.room.home
    assert desktop.current == desktop.runs(phone) == frozen.id_of(finished)
    said = dict(line.partition("=")[::2] for line in (home / ENTRY).read_text().splitlines())
    assert said["Exec"] == f"{desktop.programs}/current/twocan %u"
    await until(lambda: SCHEME in mimeapps(home))
    await phone.quit(WITHIN)


def mimeapps(home: Path) -> str:
    file = home / ".config" / "mimeapps.list"
    return file.read_text() if file.exists() else ""


async def test_killed_while_it_is_unpacked_the_next_click_shows_the_phone(
    desktop: Desktop, finished: Path
) -> None:
    killed = await desktop.start(finished)
    await until(lambda: list(desktop.programs.glob(".new-*/_internal")))
    killed.signal(signal.SIGKILL)
    await killed.said(WITHIN, -signal.SIGKILL)

    phone = await desktop.phone(finished)
    assert desktop.current == frozen.id_of(finished)
    assert list(desktop.programs.glob(".new-*")) == []
    await phone.quit(WITHIN)


async def test_two_clicks_at_once_are_one_phone(desktop: Desktop, finished: Path) -> None:
    clicks = [await desktop.start(finished), await desktop.start(finished)]
    await desktop.screen.phone(WITHIN)
    await desktop.room.has(ENTRY, WITHIN)
    ends = [asyncio.create_task(click.said(WITHIN)) for click in clicks]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)

    assert [end.done() for end in ends].count(False) == 1
    for click, end in zip(clicks, ends, strict=True):
        if not end.done():
            click.signal(signal.SIGTERM)
    assert await asyncio.gather(*ends) == ["", ""]


# --- Later starts --------------------------------------------------------------------------------


async def test_a_second_click_hands_over_to_the_phone_that_runs(
    desktop: Desktop, finished: Path
) -> None:
    phone = await desktop.phone(finished)
    for file in (finished, desktop.programs / "current" / "twocan"):
        begun = time.monotonic()
        second = await desktop.start(file)
        assert await second.said(WITHIN) == ""
        assert time.monotonic() - begun < SOON
    assert len(desktop.screen.all()) == 1
    await phone.quit(WITHIN)


class Site:
    """A site that is asked what its links are for, and is as good as gone."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.said = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.said += await reader.readuntil(b"}")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        self.asked.set()


async def test_a_link_is_handed_to_the_phone_that_runs(desktop: Desktop, finished: Path) -> None:
    phone, site = await desktop.phone(finished), Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/redeem"
        link = f"twocan:launch?redeem={quote(url, safe='')}&code={CODE}"
        second = await desktop.start(desktop.programs / "current" / "twocan", link)
        assert await second.said(WITHIN) == ""
        async with asyncio.timeout(WITHIN):
            await site.asked.wait()
    assert CODE.encode() in site.said
    await phone.quit(WITHIN)


# --- Other versions ------------------------------------------------------------------------------


async def test_a_newer_download_takes_over(desktop: Desktop, finished: Path, newer: Path) -> None:
    await desktop.unpacked(finished)
    old = await desktop.phone(finished)

    new = await desktop.start(newer)
    assert await old.said(WITHIN) == ""
    await desktop.becomes(newer)
    await desktop.screen.phone(WITHIN)
    assert desktop.runs(new) == frozen.id_of(newer)
    await new.quit(WITHIN)


async def test_an_older_download_asks(desktop: Desktop, finished: Path, newer: Path) -> None:
    await desktop.unpacked(finished)
    first = await desktop.phone(newer)
    await first.quit(WITHIN)

    neither = await desktop.asked(finished)
    desktop.display.press(Key.ESCAPE)
    assert await neither.said(WITHIN) == ""
    assert desktop.current == frozen.id_of(newer)

    kept = await desktop.asked(finished)
    desktop.display.press(Key.ENTER)
    await desktop.screen.phone(WITHIN)
    assert desktop.runs(kept) == desktop.current == frozen.id_of(newer)
    await kept.quit(WITHIN)

    back = await desktop.asked(finished)
    desktop.display.press(Key.TAB)
    desktop.display.press(Key.SPACE)
    await desktop.screen.phone(WITHIN)
    assert desktop.runs(back) == desktop.current == frozen.id_of(finished)
    await back.quit(WITHIN)


# --- The end -------------------------------------------------------------------------------------


async def test_uninstalled_while_it_runs_it_leaves_the_history_alone(
    desktop: Desktop, finished: Path
) -> None:
    home = desktop.room.home
    (home / ".local" / "share").mkdir(parents=True)
    (home / "letter.txt").write_text("mine")
    before = tree(home)
    phone = await desktop.phone(finished)
    await until(lambda: (home / ".local/share/twocan/history.sqlite").exists())

    remover = await desktop.start(finished, "uninstall", "--quiet")
    assert await remover.said(WITHIN) == ""
    assert await phone.said(WITHIN) == ""
    left = set(tree(home)) - set(before)
    assert left == {".local/share/twocan", ".local/share/twocan/history.sqlite"}

    last = await desktop.start(finished, "uninstall", "--quiet", "--history")
    assert await last.said(WITHIN) == ""
    assert tree(home) == before
