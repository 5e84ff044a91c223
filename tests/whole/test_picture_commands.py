"""``twocan call`` and ``twocan answer`` with pictures: what they show, record and report."""

import asyncio
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import termios
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray

from calling import person
from commanding import HAPPENS_WITHIN, Command, Said, Terminal, run, twocan
from hearing import likeness, read_wav
from peace import in_peace
from running import Supernode
from seeing import Film, read_webm
from twocan.account import load
from twocan.media import audio
from twocan.media.clock import ClockedCapture, ClockedPlayback
from twocan.media.pictures.filming.pattern import Mark, Pattern, draw
from twocan.media.pictures.picture import Sights
from twocan.media.session import CallMedia
from twocan.media.sound import (
    BLOCK,
    FULL_SCALE,
    SAMPLE_RATE,
    Ends,
    Heard,
    Samples,
    SoundError,
)
from twocan.phone import Phone
from twocan.xmpp import sign_in
from whole.conftest import SITES

SPEECH = Path(__file__).parents[2] / "assets/speech.wav"

SENT = {
    *("packets", "bytes", "lost", "jitter_ms", "bitrate_kbps", "repaired"),
    *("frames", "key_frames", "width", "height", "fps"),
}
"""What is known of pictures that are sent; of those received there is more."""
VIDEO = SENT | {"freezes", "freeze_ms", "glass_to_glass_ms", "av_skew_ms", "quality"}

SEEN_BY_EACH_OTHER = r"… \d:\d\d \w+ \(\d\.\d\) they see you, you see 320x180 \w+"
"""What a terminal says then."""

IN_STEP = 0.08
"""Seconds between voice and lips; who looks for it notices 0.045 to 0.125 (ITU-R BT.1359)."""


@dataclass(frozen=True, slots=True)
class Account:
    file: Path
    address: str


@pytest.fixture
def caller(supernode: Supernode, tmp_path: Path) -> Account:
    return account(supernode, tmp_path, "caller")


@pytest.fixture
def callee(supernode: Supernode, tmp_path: Path) -> Account:
    return account(supernode, tmp_path, "callee")


def account(supernode: Supernode, folder: Path, who: str) -> Account:
    content = supernode.mint(f"{who} {folder}", SITES[0])
    file = folder / f"{who}.json"
    file.write_text(json.dumps(content))
    return Account(file, content["address"])


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    """Where a call is recorded."""
    return tmp_path / "seen.webm"


def calls(caller: Account, callee: Account, *options: str | Path) -> tuple[str | Path, ...]:
    sound = ("--microphone", "tone:440", "--speaker", "null")
    return ("call", callee.address, "--account", caller.file, *sound, *options)


def answers(callee: Account, *options: str | Path) -> tuple[str | Path, ...]:
    sound = ("--microphone", "tone:660", "--speaker", "null")
    return ("answer", "--account", callee.file, "--calls", "1", *sound, *options)


# --- what is shown and recorded


async def test_pictures_come_back_from_an_echo_with_their_sound(
    caller: Account, callee: Account, seen: Path, tmp_path: Path
) -> None:
    heard = tmp_path / "heard.wav"
    shows = ("--camera", "pattern", "--screen", seen, "--for", "5")
    sound = ("--microphone", SPEECH, "--speaker", heard)

    async def a_call() -> tuple[Command, Command]:
        async with twocan(*answers(callee, "--echo")) as answering:
            await answering.event("ready")
            code, said, calling = await run(*calls(caller, callee, *shows, *sound))
            assert (code, said) == (0, "")
            assert await answering.ended() == (0, "")
        return calling, answering

    def came_back(both: tuple[Command, Command]) -> tuple[bool, bool]:
        sent = both[0].report["video"]["sent"]["frames"]
        spoken = likeness(read_wav(SPEECH), read_wav(heard)).same
        return spoken, read_webm(seen).same(sent)

    calling, answering = both = await in_peace(a_call, lambda both: all(came_back(both)))
    assert came_back(both) == (True, True)
    film = read_webm(seen)
    whole(film)
    sent, received = shown_both_ways(calling.report)
    counted(film, received)
    # The sound of the film is what the speaker played.
    assert likeness(read_wav(heard), film.sound).same

    there = answering.report["video"]
    assert there["received"]["frames"] <= sent["frames"]
    assert there["sent"]["frames"] <= there["received"]["frames"]
    assert received["glass_to_glass_ms"] > there["received"]["glass_to_glass_ms"] > 0

    first, rest = heard_of(calling)
    assert first == ["signed-in", "dialling", "ringing", "connecting", "connected"]
    assert rest == {"changed", "first-audio", "first-video", "ended", "report"}
    assert (flags(calling)["showing"], flags(calling)["shown_by_peer"]) == (True, True)
    first, rest = heard_of(answering)
    assert first[:3] == ["signed-in", "ready", "incoming"]
    assert rest >= {"changed", "first-audio", "first-video", "ended", "report"}


def heard_of(command: Command) -> tuple[list[str], set[str]]:
    """The first five events, and which others there were."""
    names = [event["event"] for event in command.events]
    return names[:5], set(names[5:])


def flags(command: Command) -> Said:
    """How the call was when it last changed."""
    return [event for event in command.events if event["event"] == "changed"][-1]


def whole(film: Film) -> None:
    """Every picture can be read, none is out of order, and the sound has no hole."""
    assert len(film.marks) == len(film.pictures) > 0
    assert film.in_order
    assert all(after.at > before.at for before, after in pairwise(film.pictures))
    assert film.pictures[0].at == 0
    assert len(film.sound.samples) / film.sound.rate == pytest.approx(
        film.ends - film.begins, abs=0.002
    )
    # They begin and end together, but for what a slow machine has not shown yet, or any more.
    assert film.begins < 2.0
    assert film.pictures[-1].at == pytest.approx(film.ends, abs=2.8)


def counted(film: Film, received: Said) -> None:
    """Each one counts that was to be seen; of several that came at once, that is the last."""
    assert film.pictures[-1].width == received["width"]
    assert 0 <= len(film.pictures) - received["frames"] < len(film.pictures) / 2


def shown_both_ways(report: Said) -> tuple[Said, Said]:
    """What the report says of the pictures sent and received, once it was found to make sense."""
    sent, received = (report["video"][way] for way in ("sent", "received"))
    known = {name for name, figure in sent.items() if figure is not None}
    assert (sent.keys(), received.keys(), known) == (VIDEO, VIDEO, SENT)
    assert None not in received.values()
    for stream in (sent, received):
        assert stream["frames"] >= 10
        assert stream["packets"] >= stream["frames"] >= stream["key_frames"] >= 1
        assert stream["bytes"] > 100 * stream["packets"]
        assert stream["bitrate_kbps"] > 0
        assert 1 < stream["fps"] < 61
    assert 1 <= received["quality"] <= 5
    assert abs(received["av_skew_ms"]) < 4000 * IN_STEP  # of a slow machine
    times = report["times_ms"]
    assert times["connected"] < times["first_video"] < times["ended"]
    return sent, received


async def test_two_cameras_are_seen_at_both_ends_one_of_them_a_video_file(
    caller: Account, callee: Account, tmp_path: Path
) -> None:
    here, there = tmp_path / "here.webm", tmp_path / "there.webm"
    film = written(tmp_path / "film.mkv", count=40)
    async with twocan(*answers(callee, "--camera", film, "--screen", there)) as answering:
        await answering.event("ready")
        ours = ("--camera", "pattern:640x360@20", "--screen", here)
        async with twocan(*calls(caller, callee, *ours)) as calling:
            await until(lambda: turns(playable(here)) > 0 and len(playable(there)) > 20)
            calling.signal(signal.SIGINT)
            assert await calling.ended() == (0, "")
        assert await answering.ended() == (0, "")
    pattern = read_webm(there)
    whole(pattern)
    assert max((picture.width, picture.height) for picture in pattern.pictures) == (640, 360)
    shown = read_webm(here)
    assert {(picture.width, picture.height) for picture in shown.pictures} == {(320, 180)}
    assert len(shown.marks) == len(shown.pictures)
    assert turns(shown.marks) >= 1, "it begins again at its end"
    assert max(mark.frame for mark in shown.marks) < 40
    _, received = shown_both_ways(answering.report)
    counted(pattern, received)


def turns(marks: Sequence[Mark]) -> int:
    """How often what was seen began again."""
    return sum(after.frame < before.frame for before, after in pairwise(marks))


def written(path: Path, count: int) -> Path:
    """A video file whose pictures have the numbers from 0, 25 a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", 25)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(count):
            picture = draw(Mark(number, 0.0), 320, 180)
            planes = np.concatenate([p.ravel() for p in (picture.y, picture.u, picture.v)])
            frame = av.VideoFrame.from_ndarray(planes.reshape(270, 320), "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


async def test_who_has_no_camera_sends_nothing_and_sees_all_the_same(
    caller: Account, callee: Account, seen: Path
) -> None:
    async with twocan(*answers(callee, "--camera", "pattern:320x180")) as answering:
        await answering.event("ready")
        async with twocan(*calls(caller, callee, "--camera", "none", "--screen", seen)) as calling:
            await calling.event("first-video")
            await until(lambda: len(playable(seen)) > 20)
            calling.signal(signal.SIGINT)
            assert await calling.ended() == (0, "")
        assert await answering.ended() == (0, "")
    whole(read_webm(seen))
    ours, theirs = calling.report["video"], answering.report["video"]
    assert (ours["sent"]["packets"], ours["sent"]["frames"]) == (0, 0)
    assert ours["received"]["frames"] > 10
    assert ours["sent"].keys() == theirs["received"].keys() == VIDEO
    assert (theirs["received"]["packets"], theirs["received"]["frames"]) == (0, 0)
    assert theirs["sent"]["frames"] >= ours["received"]["frames"]
    assert answering.report["times_ms"]["first_video"] is None
    assert (flags(calling)["showing"], flags(calling)["shown_by_peer"]) == (False, True)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what another program does."""
    async with asyncio.timeout(HAPPENS_WITHIN):
        while not is_so():
            await asyncio.sleep(0.1)


def playable(seen: Path) -> list[Mark]:
    """What can be seen so far of a file that is still written."""
    try:
        return read_webm(seen).marks
    except ValueError:  # there is nothing yet
        return []


async def test_what_was_recorded_until_the_program_was_killed_can_be_played(
    caller: Account, callee: Account, seen: Path
) -> None:
    async with twocan(*answers(callee, "--camera", "pattern:320x180")) as answering:
        await answering.event("ready")
        shows = ("--camera", "pattern:320x180", "--screen", seen)
        async with twocan(*calls(caller, callee, *shows)) as calling:
            await until(lambda: len(playable(seen)) > 30)
            before = len(playable(seen))
            calling.signal(signal.SIGKILL)
            assert (await calling.ended())[0] == -signal.SIGKILL
        film = read_webm(seen)
    assert len(film.marks) == len(film.pictures) >= before
    assert film.in_order
    assert film.ends > 0.5
    assert np.abs(film.sound.samples).max() > 0.05


# --- sound and picture in step


class Clicks:
    """A microphone that clicks now and then, and knows when; the rest is silence."""

    EVERY = 0.4
    _CLICK = np.rint(FULL_SCALE / 2 * np.sin(np.arange(BLOCK) * 2 * np.pi / 48)).astype(np.int16)
    """10 ms of 1 kHz."""

    def __init__(self) -> None:
        self._silence = ClockedCapture(audio.Silence())
        self.at: list[float] = []
        """Seconds of ``time.monotonic``, which is also the clock of the pattern's marks."""

    def start(self, heard: Heard, failed: Callable[[SoundError], None]) -> None:
        def click(silence: Samples, at: float) -> None:
            due = not self.at or at >= self.at[-1] + self.EVERY
            if due:
                self.at.append(at)
            heard(self._CLICK if due else silence, at)

        self._silence.start(click, failed)

    def close(self) -> None:
        self._silence.close()


@asynccontextmanager
async def clicking(who: Account, clicks: Clicks) -> AsyncIterator[Phone]:
    """A phone in this process, which is seen and whose clicks are heard."""
    signalling = await sign_in(load(str(who.file)))
    ends = Ends(clicks, ClockedPlayback(audio.Null()))
    sights = Sights(lambda: Pattern(320, 180))
    phone = Phone(
        signalling, lambda report: CallMedia(report, lambda: ends, sights), lambda _: None
    )
    try:
        yield phone
    finally:
        await phone.close()
        await signalling.close()


async def test_what_is_recorded_is_heard_when_it_is_seen(
    caller: Account, callee: Account, seen: Path
) -> None:
    clicks = Clicks()
    async with twocan(*answers(callee, "--screen", seen)) as answering:
        await answering.event("ready")
        async with clicking(caller, clicks) as phone:
            line = phone.dial(callee.address, showing=True)
            await answering.event("first-video")
            await until(lambda: len(playable(seen)) > 90)
            line.hang_up()
            await answering.event("report")
        assert await answering.ended() == (0, "")
    film = read_webm(seen)
    whole(film)
    pictures_late = median(shown.at - shown.mark.at for shown in film.pictures if shown.mark)
    heard = onsets(film)
    assert len(heard) > 4
    sound_late = [at - min(clicks.at, key=lambda c: abs(at - pictures_late - c)) for at in heard]
    assert median(sound_late) == pytest.approx(pictures_late, abs=IN_STEP)


def onsets(film: Film) -> list[float]:
    """The seconds of the film at which clicks begin."""
    loud = np.flatnonzero(np.abs(film.sound.samples) > 0.1)
    first = np.insert(np.diff(loud) > SAMPLE_RATE * Clicks.EVERY / 2, 0, values=True)
    return [film.begins + at / SAMPLE_RATE for at in loud[first].tolist()]


# --- a screen that is shared


@pytest.fixture
def white_display() -> Iterator[str]:
    """A display of 640x480 that nobody sees, all white."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24", "-noreset", "-wr"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        yield f":{number}"
        server.terminate()


async def test_a_screen_is_shared(
    caller: Account, callee: Account, seen: Path, white_display: str
) -> None:
    display = {"DISPLAY": white_display, "WAYLAND_DISPLAY": ""}
    async with twocan(*answers(callee, "--screen", seen)) as answering:
        await answering.event("ready")
        shares = calls(caller, callee, "--camera", "screen")
        async with twocan(*shares, environment=display) as calling:
            await until(lambda: len(grey(seen)) > 1)
            calling.signal(signal.SIGINT)
            assert await calling.ended() == (0, "")
        assert await answering.ended() == (0, "")
    luma = grey(seen)
    assert {picture.shape for picture in luma} == {(480, 640)}
    # The mouse is somewhere in it.
    assert min(float(np.mean(picture > 200)) for picture in luma) > 0.99


def grey(seen: Path) -> list[NDArray[np.uint8]]:
    """The pictures so far of a file that may still be written."""
    try:
        with av.open(str(seen)) as film:
            shown = [frame.reformat(format="gray") for frame in film.decode(video=0)]
    except (OSError, IndexError, av.FFmpegError):  # there is nothing yet
        return []
    return [np.asarray(frame.to_ndarray(), np.uint8) for frame in shown]


# --- what it says to people


async def test_a_terminal_shows_who_sees_whom_in_one_row(caller: Account, callee: Account) -> None:
    terminal = Terminal()
    termios.tcsetwinsize(terminal.stderr, (24, 80))
    try:
        async with twocan(*answers(callee, "--camera", "pattern:320x180")) as answering:
            await answering.event("ready")
            shows = calls(caller, callee, "--camera", "pattern:320x180")
            async with twocan(*shows, stderr=terminal.stderr) as calling:
                await terminal.shows(SEEN_BY_EACH_OTHER)
                calling.signal(signal.SIGINT)
                assert (await calling.ended())[0] == 0
    finally:
        rows = terminal.close().split("\r\x1b[K")
    assert max(map(len, rows[:-1])) < 80
    assert not any("you" in row for row in rows if not row.startswith("talking"))
    last = rows[-2]
    assert last.startswith(f"talking with {callee.address[:8]}")
    assert re.search(f"{SEEN_BY_EACH_OTHER}$", last), last
    ended = rf"the call with {callee.address} ended \(hung up\) \d:\d\d\r\n"
    assert re.fullmatch(ended, rows[-1]), rows[-1]


# --- what goes wrong


async def test_a_camera_that_fails_in_mid_call_is_told_of_until_it_is_back(
    caller: Account, callee: Account, people: AsyncExitStack, tmp_path: Path
) -> None:
    film = written(tmp_path / "film.mkv", count=10)
    friend = await people.enter_async_context(person(json.loads(callee.file.read_text())))
    async with twocan(*calls(caller, callee, "--camera", film)) as calling:
        incoming = await friend.rings()
        incoming.answer()
        await friend.until(incoming, lambda view: "first_video" in view.times)
        away = film.rename(tmp_path / "away.mkv")
        trouble = await calling.event("camera")
        assert trouble["problem"] == f"there is no file {film}: give the path of a video file"
        await friend.until(incoming, lambda view: view.paused_by_peer)
        away.rename(film)
        assert (await calling.event("camera"))["problem"] is None
        await friend.until(incoming, lambda view: friend.views(incoming)[-1].shown_by_peer)
        calling.signal(signal.SIGINT)
        assert await calling.ended() == (0, f"twocan: {trouble['problem']}\n")
    assert calling.report["video"]["sent"]["frames"] > 0


async def test_a_disk_that_is_full_is_told_of_and_the_call_goes_on(
    caller: Account, callee: Account, seen: Path, tmp_path: Path
) -> None:
    said = tmp_path / "said"
    with said.open("w") as stderr:
        async with twocan(*answers(callee, "--camera", "pattern:320x180")) as answering:
            await answering.event("ready")
            sees = calls(caller, callee, "--screen", seen)
            async with twocan(*sees, stderr=stderr.fileno()) as calling:
                await until(lambda: len(playable(seen)) > 10)
                before = len(playable(seen))
                let_grow_no_more(seen, calling)
                await until(lambda: said.read_text() != "")
                calling.signal(signal.SIGINT)
                assert (await calling.ended())[0] == 0
    assert said.read_text() == f"twocan: {seen} cannot be written any further: File too large\n"
    assert len(playable(seen)) >= before


def let_grow_no_more(file: Path, of: Command) -> None:
    limits = file.stat().st_size, resource.RLIM_INFINITY
    resource.prlimit(of._process.pid, resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--camera", "no such camera"], "there is no camera 'no such camera'"),
        (["--camera", "{folder}/film.mp4"], "there is no file {folder}/film.mp4"),
        (["--camera", "{folder}/caller.json"], "{folder}/caller.json cannot be read as a video"),
        (["--camera", "screen"], "there is no display to share"),
        (["--camera", "window:Editor"], "there is no display to share"),
        (["--screen", "{folder}/no/seen.webm"], "{folder}/no/seen.webm cannot be written"),
        (["--screen", "{folder}"], "bad screen '{folder}'"),
    ],
)
async def test_what_cannot_be_shown_is_said_in_a_line_before_anybody_is_called(
    caller: Account, callee: Account, tmp_path: Path, options: list[str], problem: str
) -> None:
    given = [option.format(folder=tmp_path) for option in options]
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
    code, said, calling = await run(*calls(caller, callee, *given), environment=nowhere)
    assert code == 2
    assert said.startswith(f"twocan: {problem.format(folder=tmp_path)}")
    assert said.count("\n") == 1
    assert calling.events == []
