"""One phone at a time: whole programs, on a real display, that hand what they were given to the
first of them."""

import asyncio
import contextlib
import os
import signal
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from commanding import TWOCAN, run
from own_display import XVFB, Display, own_display
from twocan.handover import quit_running

pytestmark = pytest.mark.skipif(XVFB is None, reason="Xvfb is not installed")

CODE = "a-one-time-code_0123456789"
ENDS_WITHIN = 40.0

Home = dict[str, str]


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    with own_display() as display:
        yield display


@pytest.fixture
def home(display: Display, tmp_path: Path) -> Home:
    """The environment of somebody's session, in which nobody has used this yet."""
    (tmp_path / "session").mkdir(mode=0o700)
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "CACHE")}
    own = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "session")}
    return {**os.environ, **display.environment, **folders, **own, "LC_ALL": "C.UTF-8"}


class Program:
    """A started program; it is gone at the end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def ended(self) -> tuple[int, str]:
        """The exit code, and what it said to people."""
        assert self.process.stderr
        async with asyncio.timeout(ENDS_WITHIN):
            said = (await self.process.stderr.read()).decode()
            return await self.process.wait(), said


@asynccontextmanager
async def started(home: Home, *arguments: str) -> AsyncIterator[Program]:
    process = await asyncio.create_subprocess_exec(
        *TWOCAN, *arguments, env=home, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    program = Program(process)
    try:
        yield program
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await program.ended()
        process._transport.close()  # type: ignore[attr-defined]  # which the child's end leaves open


@asynccontextmanager
async def phone(home: Home, *arguments: str) -> AsyncIterator[Program]:
    """A start, once it is the phone."""
    async with started(home, *arguments) as program:
        async with asyncio.timeout(ENDS_WITHIN):
            while not sockets(home):
                await asyncio.sleep(0.02)
        yield program


def sockets(home: Home) -> list[Path]:
    return list(Path(home["XDG_RUNTIME_DIR"], "twocan").glob("*.sock"))


def left(home: Home) -> list[Path]:
    return list(Path(home["XDG_RUNTIME_DIR"], "twocan").iterdir())


async def quits(program: Program, home: Home) -> None:
    assert await asyncio.to_thread(quit_running, ENDS_WITHIN, home)
    assert await program.ended() == (0, "")
    assert left(home) == []


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


@asynccontextmanager
async def site() -> AsyncIterator[tuple[Site, str]]:
    """The site, and one of its links."""
    there = Site()
    server = await asyncio.start_server(there.serve, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/redeem"
        yield there, f"twocan:launch?redeem={quote(url, safe='')}&code={CODE}"


async def test_the_first_follows_the_link_of_the_second(home: Home) -> None:
    async with phone(home) as first, site() as (there, link):
        assert (await run(link, environment=home))[:2] == (0, "")
        async with asyncio.timeout(ENDS_WITHIN):
            await there.asked.wait()
        assert CODE.encode() in there.said
        await quits(first, home)


async def test_a_window_that_waits_in_the_tray_comes_to_the_front(
    home: Home, display: Display
) -> None:
    async with phone(home, "--hidden") as first:
        # It is answered from Qt's loop: then the window that is not to be seen was not shown.
        assert (await run("--hidden", environment=home))[:2] == (0, "")
        assert not shown(display)
        assert (await run(environment=home))[:2] == (0, "")
        async with asyncio.timeout(ENDS_WITHIN):
            while not shown(display):
                await asyncio.sleep(0.02)
        await quits(first, home)


def shown(display: Display) -> bool:
    """Whether there is a window to be seen."""
    for window in display._windows():
        attributes = display._wire.ask(3, 0, struct.pack("=I", window))
        if attributes is not None and attributes[26] == 2:
            return True
    return False


@pytest.mark.timeout(120)
async def test_of_eight_at_once_one_is_the_phone(home: Home) -> None:
    async with AsyncExitStack() as stack, site() as (there, link):
        crowd = [await stack.enter_async_context(started(home, link)) for _ in range(8)]
        ends = {asyncio.create_task(each.ended()): each for each in crowd}
        phones = set(ends)
        async with asyncio.timeout(2 * ENDS_WITHIN):
            while len(phones) > 1:
                done, phones = await asyncio.wait(phones, return_when=asyncio.FIRST_COMPLETED)
                assert [each.result() for each in done] == [(0, "")] * len(done)
            await there.asked.wait()
        [phone] = phones
        assert await asyncio.to_thread(quit_running, ENDS_WITHIN, home)
        assert await phone == (0, "")


async def test_whoever_is_killed_is_followed_by_the_next(home: Home) -> None:
    async with phone(home) as killed, site() as (there, link):
        assert (await run(environment=home))[:2] == (0, "")
        killed.process.kill()
        await killed.ended()
        async with started(home, link) as following:
            async with asyncio.timeout(ENDS_WITHIN):
                await there.asked.wait()
            assert (await run(environment=home))[:2] == (0, "")
            await quits(following, home)


async def test_a_link_that_cannot_be_followed_brings_the_window_all_the_same(
    home: Home, display: Display
) -> None:
    async with phone(home, "--hidden") as first:
        assert (await run("twocan:nonsense", environment=home))[:2] == (0, "")
        async with asyncio.timeout(ENDS_WITHIN):
            while not shown(display):
                await asyncio.sleep(0.02)
        await quits(first, home)


IMPATIENT = """
import sys
from twocan import handover
from twocan.__main__ import main
handover.begin.__kwdefaults__["within"] = 1.0
sys.exit(main())
"""
"""A start that waits less long for a phone that does not answer."""


async def test_a_phone_that_hangs_is_told_of_in_words(home: Home) -> None:
    nowhere = {name: value for name, value in home.items() if name != "DISPLAY"}
    async with phone(home) as first:
        assert (await run(environment=home))[:2] == (0, "")
        first.process.send_signal(signal.SIGSTOP)
        command = [sys.executable, "-c", IMPATIENT, "twocan:nobody"]
        second = await asyncio.to_thread(
            subprocess.run, command, env=nowhere, capture_output=True, text=True, check=False
        )
        first.process.send_signal(signal.SIGCONT)
        words = "twocan: Twocan runs already, but does not answer: end it, and start it again\n"
        assert (second.returncode, second.stderr) == (1, words)
        assert (await run(environment=home))[:2] == (0, "")
        await quits(first, home)


async def test_where_phones_cannot_meet_there_is_one_all_the_same(
    home: Home, display: Display, tmp_path: Path
) -> None:
    for folder in (tmp_path / "session" / "twocan", tmp_path / "DATA" / "twocan" / "run"):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    async with started(home) as alone:
        async with asyncio.timeout(ENDS_WITHIN):
            while not shown(display):
                await asyncio.sleep(0.02)
        alone.process.terminate()
        code, said = await alone.ended()
    assert "others may enter" in said
    assert code in (0, -signal.SIGTERM)


def test_a_system_that_lacks_a_library_of_qts_is_told_which(home: Home, tmp_path: Path) -> None:
    missing = "libEGL.so.1: cannot open shared object file: No such file or directory"
    package = tmp_path / "without" / "PySide6"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f"raise ImportError({missing!r})")
    home["PYTHONPATH"] = str(package.parent)
    nowhere = home | {"PATH": ""}
    ended = subprocess.run(
        [sys.executable, "-m", "twocan"], env=nowhere, capture_output=True, text=True, check=False
    )
    said = "libEGL.so.1, which this system lacks: install it (libegl1 in Debian and Ubuntu, "
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_what_nobody_thought_of_is_told_in_words_and_kept_without_the_link(
    home: Home, tmp_path: Path
) -> None:
    settings = tmp_path / "CONFIG"
    settings.write_text("a file where a folder should be")
    link = f"twocan:launch?code={CODE}"
    nowhere = home | {"QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [*TWOCAN, link], env=nowhere, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("twocan: Twocan cannot start: ")
    assert "Traceback" not in ended.stderr
    kept = tmp_path / "DATA" / "twocan" / "trouble.txt"
    assert str(kept) in ended.stderr
    assert "Traceback" in kept.read_text()
    assert CODE not in kept.read_text() + ended.stderr
    assert kept.stat().st_mode & 0o777 == 0o600


def test_without_a_display_it_says_so(home: Home) -> None:
    screens = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    blind = {name: value for name, value in home.items() if name not in screens}
    ended = subprocess.run(TWOCAN, env=blind, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (
        2,
        "twocan: there is no display to show the window on; see twocan --help\n",
    )
