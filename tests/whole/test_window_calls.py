"""The window as a program, on a real display and a real supernode: calls from its start to its end.

Keys are pressed at the display, as a person does who sees the window there.
"""

import asyncio
import json
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

from calling import Person
from commanding import Command, Said, twocan
from hearing import read_wav
from own_display import XVFB, Display, Key, own_display
from running import Supernode
from twocan.media.sound import FULL_SCALE, SAMPLE_RATE
from twocan.selftest import hears
from whole.conftest import SITES

pytestmark = pytest.mark.skipif(XVFB is None, reason="Xvfb is not installed")

SOUND = ("--microphone", "tone:440", "--speaker")
CODE = "a-one-time-code_0123456789"
MOMENT = SAMPLE_RATE // 5
AGAIN = 1.0
"""Seconds after which a key is pressed once more, until the window has come to heed it: longer than
it takes what comes in a row for something that is typed elsewhere."""


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    with own_display() as display:
        yield display


@pytest.fixture
def home(display: Display, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who uses this for the first time."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "CACHE")}
    return {**display.environment, **folders, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}


@pytest.fixture
def account(supernode: Supernode, tmp_path: Path) -> Path:
    file = tmp_path / "account.json"
    file.write_text(json.dumps(supernode.mint(f"window {tmp_path}", SITES[0])))
    return file


def address(account: Path) -> str:
    return str(json.loads(account.read_text())["address"])


async def press_until(display: Display, key: Key, command: Command, event: str) -> Said:
    """Press a key until the program says that this happened."""
    happened = asyncio.create_task(command.event(event))
    while not happened.done():
        display.press(key)
        await asyncio.wait({happened}, timeout=AGAIN)
    return happened.result()


def pitch_in(file: Path, pitch: float) -> bool:
    """Whether that tone is heard for a moment."""
    samples = np.rint(read_wav(file).samples * FULL_SCALE).astype(np.int16)
    return any(hears([samples[at:][:MOMENT]], pitch) for at in range(0, samples.size, MOMENT))


# --- twocan call --window, twocan answer --window -----------------------------------------------


async def test_a_call_is_made_shown_and_reported(
    home: dict[str, str], account: Path, callee: Person, tmp_path: Path
) -> None:
    heard = tmp_path / "heard.wav"
    options = ("--account", account, *SOUND, heard, "--camera", "pattern", "--for", "3")
    command = ("call", callee.address, "--window", *options)
    async with twocan(*command, environment=home) as calling:
        line = await callee.rings()
        line.answer()
        await callee.ear.hears(440.0)
        assert await calling.ended() == (0, "")
    assert pitch_in(heard, callee.pitch)
    names = [said["event"] for said in calling.events]
    assert names == [
        *("signed-in", "dialling", "ringing", "connecting", "connected"),
        *("ended", "report"),
    ]
    report = calling.report
    assert (report["outcome"], report["ended_by"]) == ("completed", "us")
    assert 1 <= report["mos"] <= 4.5
    received, times = report["audio"]["received"], report["times_ms"]
    assert received["concealed_ms"] < (times["ended"] - times["first_audio"]) / 2
    assert (await callee.ended(line)).ended_by == "them"
    assert not (tmp_path / "CONFIG").exists(), "a tester's call leaves no settings"


async def test_a_call_is_taken_by_space_and_ended_by_the_keyboard(
    home: dict[str, str], account: Path, caller: Person, display: Display
) -> None:
    command = ("answer", "--window", "--account", account, *SOUND, "null")
    async with twocan(*command, environment=home) as answering:
        await answering.event("ready")
        display.give_focus()
        line = caller.phone.dial(address(account))
        await answering.event("incoming")
        await press_until(display, Key.SPACE, answering, "connecting")
        await caller.ear.hears(440.0)
        display.press(Key.M)
        await caller.ear.hears_silence()
        display.press(Key.M)
        await caller.ear.hears(440.0)
        display.press(Key.CONTROL, Key.D)
        await answering.event("report")
        assert (await caller.ended(line)).ended_by == "them"
        display.press(Key.CONTROL, Key.Q)
        assert await answering.ended() == (0, "")
    assert answering.report["outcome"] == "completed"


async def test_they_hang_up_and_the_next_may_call(
    home: dict[str, str], account: Path, caller: Person, display: Display
) -> None:
    command = ("answer", "--window", "--account", account, *SOUND, "null")
    async with twocan(*command, environment=home) as answering:
        await answering.event("ready")
        display.give_focus()
        for _ in range(2):
            line = caller.phone.dial(address(account))
            await answering.event("incoming")
            await press_until(display, Key.SPACE, answering, "connecting")
            await caller.ear.hears(440.0)
            line.hang_up()
            assert (await answering.event("report"))["ended_by"] == "them"
            await caller.ended(line)
        answering.signal(signal.SIGTERM)
        assert await answering.ended() == (0, "")


async def test_it_is_told_to_end_in_mid_call_and_hangs_up_first(
    home: dict[str, str], account: Path, callee: Person
) -> None:
    command = ("call", callee.address, "--window", "--account", account, *SOUND, "null")
    async with twocan(*command, environment=home) as calling:
        line = await callee.rings()
        line.answer()
        await callee.ear.hears(440.0)
        calling.signal(signal.SIGINT)
        code, said = await calling.ended()
    assert (code, said) == (0, "")
    assert calling.report["outcome"] == "completed"
    assert (await callee.ended(line)).ended_by == "them"


# --- twocan LINK --------------------------------------------------------------------------------


class Site:
    """A site whose links are for one call."""

    def __init__(self, account: Path, callee: str) -> None:
        known = json.loads(account.read_text())
        self._says = {
            "account": {name: value for name, value in known.items() if name != "ca"},
            "caller": {"name": "Demo caller"},
            "callee": {"address": callee, "name": "Demo callee"},
        }
        self.heard: list[dict[str, object]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        self.heard.append(json.loads(await reader.readexactly(length)))
        body = json.dumps(self._says).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def site_with_a_button(site: Site) -> AsyncIterator[str]:
    """The host of the site."""
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_link_of_a_trusted_site_calls_and_is_remembered(
    home: dict[str, str], supernode: Supernode, account: Path, callee: Person, tmp_path: Path
) -> None:
    site = Site(account, callee.address)
    # The account of a site names no authority of its own: the system's are believed.
    home |= {"SSL_CERT_FILE": str(supernode.ca)}
    async with site_with_a_button(site) as host:
        settings = {"microphone": "tone:440", "speaker": "null", "trusted_sites": [host]}
        (tmp_path / "CONFIG" / "twocan").mkdir(parents=True)
        (tmp_path / "CONFIG" / "twocan" / "settings.json").write_text(json.dumps(settings))
        link = f"twocan:launch?redeem={quote(f'http://{host}/redeem', safe='')}&code={CODE}"
        async with twocan(link, environment=home) as calling:
            line = await callee.rings()
            assert CODE not in json.dumps(calling.events)
            line.answer()
            await callee.ear.hears(440.0)
            calling.signal(signal.SIGTERM)
            assert await calling.ended() == (0, "")
    assert [said["code"] for said in site.heard] == [CODE]
    assert (await callee.ended(line)).ended_by == "them"
    assert calls_kept(tmp_path) == [(callee.address, "answered")]


def calls_kept(folder: Path) -> list[tuple[str, str]]:
    """With whom, and what became of it."""
    [history] = folder.glob("DATA/**/history.sqlite")
    with closing(sqlite3.connect(history)) as kept:
        return kept.execute("select peer, outcome from calls").fetchall()
