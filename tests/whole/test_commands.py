"""``twocan call`` and ``twocan answer`` as programs: what they print, and how they end."""

import asyncio
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from calling import Person, person
from commanding import HAPPENS_WITHIN, TWOCAN, Command, Said, Terminal, run, twocan
from hearing import likeness, read_wav
from peace import in_peace
from running import Supernode
from twocan import __version__
from twocan.media.figures import Figures
from twocan.phone import Line
from twocan.states import Liveness, State
from whole.conftest import SITES

SPEECH = Path(__file__).parents[2] / "assets/speech.wav"
UNHEARD = ("--speaker", "null")
"""Then nobody waits for the end of the tone that says why there is no call."""

REPORT = {
    *("event", "outcome", "reason", "ended_by", "direction", "peer", "times_ms", "audio"),
    *("video", "mos", "rtt_ms", "path", "keys", "verification", "version"),
}
TIMES = {"signed_in", "ringing", "answered", "connected", "first_audio", "first_video", "ended"}
STREAM = {"packets", "bytes", "lost", "jitter_ms", "bitrate_kbps"}
AUDIO = STREAM | {"concealed_ms", "playout_delay_ms", "level_dbfs"}
VIDEO = STREAM | {"frames", "width", "height", "fps", "freezes"}


class Account:
    """An account file, and whose it is."""

    def __init__(self, file: Path, content: dict[str, Any]) -> None:
        file.write_text(json.dumps(content))
        self.file = file
        self.text = file.read_text()
        self.address: str = content["address"]


@pytest.fixture
def caller(supernode: Supernode, tmp_path: Path) -> Account:
    return Account(tmp_path / "caller.json", supernode.mint(f"caller {tmp_path}", SITES[0]))


@pytest.fixture
def callee(supernode: Supernode, tmp_path: Path) -> Account:
    return Account(tmp_path / "callee.json", supernode.mint(f"callee {tmp_path}", SITES[0]))


@pytest.fixture
async def friend(callee: Account, people: AsyncExitStack) -> Person:
    """Someone in this process who is called by a command, or calls one."""
    return await people.enter_async_context(person(json.loads(callee.text), 660.0))


# --- a whole call, and its report


async def test_speech_comes_back_from_an_echo(
    caller: Account, callee: Account, tmp_path: Path
) -> None:
    heard = tmp_path / "heard.wav"
    sound = ("--microphone", SPEECH, "--speaker", heard, "--for", "5")
    echo = ("answer", "--account", callee.file, "--echo", "--calls", "1")

    async def a_call() -> tuple[Command, Command]:
        async with twocan(*echo) as answering:
            await answering.event("ready")
            command = ("call", callee.address, "--account", caller.file, *sound)
            code, said, calling = await run(*command)
            assert (code, said) == (0, "")
            assert await answering.ended() == (0, "")
        return calling, answering

    def came_back(both: tuple[Command, Command]) -> tuple[bool, bool]:
        """The speech, on the path that both speak of."""
        ours, theirs = (each.report["path"] for each in both)
        spoken = likeness(read_wav(SPEECH), read_wav(heard)).same
        return spoken, ours["local"] == theirs["remote"]

    calling, answering = both = await in_peace(a_call, lambda both: all(came_back(both)))
    assert came_back(both) == (True, True)
    ours, theirs = calling.report, answering.report
    for report, direction, by in ((ours, "outgoing", "us"), (theirs, "incoming", "them")):
        whole(report)
        assert (report["outcome"], report["reason"]) == ("completed", "hung-up")
        assert (report["direction"], report["ended_by"]) == (direction, by)
    assert (ours["peer"], theirs["peer"]) == (callee.address, caller.address)
    assert ours["verification"] == theirs["verification"] is not None
    names = ["signed-in", "dialling", "ringing", "connecting", "connected", "first-audio"]
    assert [event["event"] for event in calling.events] == [*names, "ended", "report"]
    names = ["signed-in", "ready", "incoming", "connecting", "connected", "first-audio"]
    assert [event["event"] for event in answering.events] == [*names, "ended", "report"]


def whole(report: Said) -> None:
    """What every report of a call with sound holds, and that it makes sense."""
    assert report.keys() >= REPORT
    times = report["times_ms"]
    assert times.keys() >= TIMES
    order = [times[mark] for mark in ("ringing", "answered", "connected", "first_audio", "ended")]
    assert order == sorted(order)
    assert 0 < times["signed_in"] < 60_000
    assert times["first_video"] is None
    for direction in ("sent", "received"):
        assert report["audio"][direction].keys() >= AUDIO
        assert report["video"][direction].keys() >= VIDEO
        assert report["audio"][direction]["packets"] > 0
        assert report["audio"][direction]["bytes"] > 0
    received = report["audio"]["received"]
    assert None not in [received[figure] for figure in AUDIO]
    assert received["level_dbfs"] > -60
    assert 1 <= report["mos"] <= 4.5
    assert report["rtt_ms"] is not None
    assert report["path"].keys() == {"local", "remote", "protocol", "relayed"}
    assert report["path"]["relayed"] is False
    assert re.fullmatch(r"\d{3} \d{3}", report["verification"])
    assert report["version"] == __version__


async def test_sound_below_the_threshold_is_code_4(caller: Account, friend: Person) -> None:
    threshold = ("--min-mos", "4.4")
    async with twocan("call", friend.address, "--account", caller.file, *threshold) as calling:
        incoming = await friend.rings()
        incoming.answer()
        await calling.event("first-audio")
        incoming.hang_up()
        assert await calling.ended() == (4, "")
    assert calling.report["outcome"] == "completed"
    assert calling.report["mos"] < 4.4


async def test_an_answerer_takes_as_many_calls_as_it_is_told(
    caller: Account, friend: Person
) -> None:
    async with twocan("answer", "--account", caller.file, "--calls", "2") as answering:
        await answering.event("ready")
        for _ in range(2):
            line = friend.phone.dial(caller.address)
            await friend.until(line, lambda view: "first_audio" in view.times)
            await answering.event("first-audio")
            line.hang_up()
            await answering.event("report")
        assert await answering.ended() == (0, "")


async def test_a_report_goes_into_a_file_as_well(
    caller: Account, friend: Person, tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    command = ("call", friend.address, "--account", caller.file, "--report", file)
    async with twocan(*command) as calling:
        incoming = await friend.rings()
        incoming.answer()
        await calling.event("first-audio")
        incoming.hang_up()
        assert await calling.ended() == (0, "")
    assert {"event": "report", **json.loads(file.read_text())} == calling.report


async def test_a_call_lasts_as_long_as_it_is_told_once_it_is_up(
    caller: Account, friend: Person
) -> None:
    limit = ("--for", "0.3")
    async with twocan("call", friend.address, "--account", caller.file, *limit) as calling:
        (await friend.rings()).answer()
        await calling.ended()
    assert (calling.report["outcome"], calling.report["ended_by"]) == ("completed", "us")
    times = calling.report["times_ms"]
    # Soon after it; on a machine that is busy with something else, a little later.
    assert 300 <= times["ended"] - times["connected"] < 10_000


async def test_a_report_that_cannot_be_written_any_more_is_said_and_the_call_counts(
    caller: Account, friend: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    command = ("call", friend.address, "--account", caller.file)
    async with twocan(*command, "--report", folder / "report.json") as calling:
        incoming = await friend.rings()
        folder.rmdir()
        incoming.answer()
        await calling.event("first-audio")
        incoming.hang_up()
        code, said = await calling.ended()
    assert code == 0
    assert said.startswith("twocan: cannot write the report: ")
    assert said.count("\n") == 1
    assert calling.report["outcome"] == "completed"


# --- calls that come to nothing


async def test_a_call_that_is_declined_is_code_1(caller: Account, friend: Person) -> None:
    async with twocan("call", friend.address, "--account", caller.file) as calling:
        (await friend.rings()).decline()
        assert await calling.ended() == (1, "")
    assert (calling.report["outcome"], calling.report["reason"]) == ("declined", "declined")
    assert calling.report["audio"]["sent"]["packets"] == 0
    assert calling.report["path"] is None


async def test_a_call_to_who_is_busy_is_code_1(
    caller: Account, friend: Person, supernode: Supernode, people: AsyncExitStack
) -> None:
    third = await people.enter_async_context(person(supernode.mint("engages", SITES[0])))
    engaging = third.phone.dial(friend.address)
    (await friend.rings()).answer()
    await third.until(engaging, State.ACTIVE)
    command = ("call", friend.address, "--account", caller.file, *UNHEARD)
    code, said, calling = await run(*command)
    assert (code, said) == (1, "")
    assert (calling.report["outcome"], calling.report["reason"]) == ("busy", "busy")


async def test_a_call_to_nobody_is_code_1(caller: Account) -> None:
    command = ("call", f"nobody@{SITES[0]}", "--account", caller.file, *UNHEARD)
    code, said, calling = await run(*command)
    assert (code, said) == (1, "")
    assert (calling.report["outcome"], calling.report["reason"]) == ("unreachable", "unreachable")


# --- signals


async def test_keys_that_are_pressed_are_counted_there(caller: Account, friend: Person) -> None:
    keys = ("--keys", "12#")
    async with twocan("call", friend.address, "--account", caller.file, *keys) as calling:
        incoming = await friend.rings()
        incoming.answer()
        await friend.until(incoming, State.ACTIVE)
        incoming.press("34*")
        await until(incoming, lambda now: (now.keys_heard, now.keys_sent) == ("12#", "34*"))
        # The last of them takes a moment, in which it is heard there.
        before = await until(incoming, lambda _: True)
        await until(incoming, lambda now: now.sent.packets > before.sent.packets + 30)
        assert await friend.phone.signalling.ping(incoming.call.far or "") is Liveness.ALIVE
        incoming.hang_up()
        assert await calling.ended() == (0, "")
    assert calling.report["keys"] == {"sent": "12#", "received": "34*"}


async def until(line: Line, is_so: Callable[[Figures], bool]) -> Figures:
    """Wait until a call has come to that."""
    async with asyncio.timeout(HAPPENS_WITHIN):
        while (figures := await line.media.figures()) is None or not is_so(figures):
            await asyncio.sleep(0.02)
    return figures


async def test_an_interrupt_hangs_up(caller: Account, friend: Person) -> None:
    async with twocan("call", friend.address, "--account", caller.file) as calling:
        incoming = await friend.rings()
        incoming.answer()
        await calling.event("first-audio")
        calling.signal(signal.SIGINT)
        assert await calling.ended() == (0, "")
    assert (calling.report["reason"], calling.report["ended_by"]) == ("hung-up", "us")
    assert (await friend.ended(incoming)).ended_by == "them"


async def test_a_signal_while_it_rings_takes_the_call_back(caller: Account, friend: Person) -> None:
    async with twocan("call", friend.address, "--account", caller.file) as calling:
        incoming = await friend.rings()
        await calling.event("ringing")
        calling.signal(signal.SIGTERM)
        assert await calling.ended() == (1, "")
    assert (calling.report["outcome"], calling.report["reason"]) == ("cancelled", "cancelled")
    assert (await friend.ended(incoming)).end == "cancelled"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_answerer_that_waits_ends_when_it_is_told(
    caller: Account, number: signal.Signals
) -> None:
    async with twocan("answer", "--account", caller.file) as answering:
        await answering.event("ready")
        answering.signal(number)
        assert await answering.ended() == (0, "")


# --- what it says to whom


async def test_a_terminal_shows_how_the_call_is(caller: Account, friend: Person) -> None:
    terminal = Terminal()
    try:
        command = ("call", friend.address, "--account", caller.file)
        async with twocan(*command, stderr=terminal.stderr) as calling:
            incoming = await friend.rings()
            incoming.answer()
            talking = rf"talking with {friend.address} 0:0"
            await terminal.shows(rf"{talking}\d")
            await terminal.shows(rf"{talking}[1-9] \w+ \([1-4]\.\d\)")
            incoming.hang_up()
            code, _ = await calling.ended()
    finally:
        shown = terminal.close()
    assert code == 0
    lines = re.split("\r\x1b\\[K", shown)
    assert lines[0] == ""
    ended = rf"the call with {friend.address} ended \(hung up\) 0:0(\d)\r\n"
    lasted = re.fullmatch(ended, lines[-1])
    assert lasted, lines[-1]
    times = calling.report["times_ms"]
    assert int(lasted[1]) == int(times["ended"] - times["connected"]) // 1000 >= 1


@pytest.mark.parametrize("inline", [True, False], ids=["inline", "path"])
async def test_the_account_may_come_from_the_environment(caller: Account, inline: bool) -> None:
    given = caller.text if inline else str(caller.file)
    command = ("call", f"nobody@{SITES[0]}", *UNHEARD)
    code, said, calling = await run(*command, environment={"TWOCAN_ACCOUNT": given})
    assert (code, said) == (1, "")
    assert calling.events[0]["address"].startswith(caller.address)


async def test_it_ends_quietly_when_nobody_reads_any_more(caller: Account, friend: Person) -> None:
    """As in ``twocan call … | head -1``."""
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(*TWOCAN, "call", friend.address, "--account", str(caller.file)),
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    incoming = await friend.rings()
    os.close(reading)
    incoming.answer()
    _, said = await asyncio.wait_for(process.communicate(), HAPPENS_WITHIN)
    assert said.decode() == ""
    assert process.returncode == 1, "it was not connected yet"
    assert (await friend.ended(incoming)).ended_by == "them"


async def test_a_phone_that_nobody_called_says_so_when_it_is_stopped(callee: Account) -> None:
    async with twocan("answer", "--account", callee.file) as phone:
        await phone.event("ready")
        phone.signal(signal.SIGTERM)
        assert await phone.ended() == (0, "")
        assert phone.report["outcome"] == "not-called"
