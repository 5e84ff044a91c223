"""The small window: soon there, true about how far it is, and never in the way."""

import fcntl
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import numpy as np
import pytest

from downloads import NEEDS_TOOLS, TOLD, Home, built, small_tree, told
from own_display import XVFB, Display, Key, own_display
from packing import pack
from twocan.gui.tokens import DARK, LIGHT, Colours
from twocan.media.pictures.filming.windows import Window, Windows, Wire
from twocan.media.pictures.picture import PictureError

pytestmark = [
    NEEDS_TOOLS,
    pytest.mark.skipif(XVFB is None and "CI" not in os.environ, reason="there is no Xvfb"),
]
SOON = 0.3  # seconds until it is seen
PATIENCE = 40.0
BAR_ROW, BAR_LEFT, BAR_RIGHT = 102, 24, 336
WORDS = slice(80, 140)
DARK_AS_TEXT = 90
TRAILER = 112
Held = subprocess.Popen[bytes]
Picture = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Thing = TypeVar("Thing")

_PROPERTY, _ATOM, _GET, _OWN, _SEND = 18, 16, 20, 22, 25
"""Requests of the X protocol."""
_RESOURCES, _STRING = 23, 31
"""Atoms that every X server has."""


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    with own_display(1000, 700) as display:
        yield display


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = built(tmp_path_factory.mktemp("program"))
    return small_tree(tmp_path_factory.mktemp("tree") / "tree", program)


@pytest.fixture(scope="module")
def file(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("download") / "twocan"
    pack(tree, file, "1.0", quick=True)
    return file


@pytest.fixture(scope="module")
def slow(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A download that takes a while; bytes of text in it."""
    large = tmp_path_factory.mktemp("large") / "tree"
    shutil.copytree(tree, large, symlinks=True)
    noise = random.Random(6)
    for number in range(100):
        (large / "_internal" / f"{number}.txt").write_text(noise.randbytes(90_000).hex())
    file = tmp_path_factory.mktemp("slow") / "twocan"
    pack(large, file, "1.0", quick=True)
    return file, sum(path.stat().st_size for path in large.rglob("*.txt"))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path / "home") as home:
        yield home


def until(look: Callable[[], Thing | None]) -> Thing:
    """What is to be seen there, as soon as it is."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (seen := look()) is not None:
            return seen
        time.sleep(0.002)
    raise AssertionError("it never came")


@contextmanager
def windows_of(display: Display) -> Iterator[Windows]:
    with patch.dict(os.environ, {"DISPLAY": display.name}):
        windows = Windows()
    try:
        yield windows
    finally:
        windows.close()


def the_window(windows: Windows) -> Window | None:
    return next((window for window in windows.all() if window.title == "Twocan"), None)


def seen(display: Display) -> Picture:
    """The window, once it is painted: red, green and blue."""
    with windows_of(display) as windows:
        window = until(lambda: the_window(windows))
        windows.keep(window)

        def painted() -> Picture | None:
            try:
                grabbed = np.asarray(windows.grab(window))[:, :, 2::-1]
            except PictureError:  # it is not there yet
                return None
            return grabbed if len(np.unique(grabbed[: len(grabbed) // 2])) > 20 else None

        return until(painted)


def bar(picture: Picture, colours: Colours) -> float:
    """How much of it is filled, 0 to 1."""
    row = picture[BAR_ROW, BAR_LEFT:BAR_RIGHT]
    return float(np.mean(np.all(row == list(rgb(colours.accent)), axis=1)))


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


@contextmanager
def held_up(home: Home, file: Path, *arguments: str, **more: str) -> Iterator[Held]:
    """A first start that has to wait for another one, until the end of the block."""
    home.programs.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home.programs / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield home.begin(file, *arguments, **more)


# --- there -----------------------------------------------------------------------------------


def test_it_is_seen_soon(display: Display, file: Path, home: Home) -> None:
    # Once is enough: the machine may hold up the others.
    assert any(until_seen(display, file, home) < SOON for _ in range(30))


def until_seen(display: Display, file: Path, home: Home) -> float:
    """Seconds from a start."""
    begun = time.monotonic()
    with held_up(home, file, DISPLAY=display.name) as process:
        seen(display)
        lasted = time.monotonic() - begun
    assert told(process).code == TOLD
    shutil.rmtree(home.programs)
    return lasted


def test_it_looks_like_the_phone(display: Display, file: Path, home: Home) -> None:
    with held_up(home, file, "Twocan:?a=b", DISPLAY=display.name) as process:
        picture = seen(display)
    assert told(process).code == TOLD
    assert picture.shape == (140, 360, 3)
    assert tuple(picture[0, 0]) == rgb(LIGHT.background)
    assert tuple(picture[66, 48]) == rgb(LIGHT.accent)  # of the logo, at its lower edge
    assert np.any(np.all(picture[22:70, 86:200] == list(rgb(LIGHT.text)), axis=2))


def test_it_is_twice_as_large_for_those_who_have_everything_so(
    display: Display, file: Path, home: Home
) -> None:
    with resources(display, b"Xft.antialias:\t1\nXft.dpi:\t192\n"):
        with held_up(home, file, DISPLAY=display.name) as process:
            assert seen(display).shape == (280, 720, 3)
        told(process)


def test_it_is_as_large_as_usual_for_others(display: Display, file: Path, home: Home) -> None:
    with resources(display, b"Xft.dpi:\t96\n"):
        with held_up(home, file, DISPLAY=display.name) as process:
            assert seen(display).shape == (140, 360, 3)
        told(process)


def test_it_is_dark_where_everything_is(display: Display, file: Path, home: Home) -> None:
    with theme(display, b"Adwaita-dark"):
        with held_up(home, file, DISPLAY=display.name) as process:
            picture = seen(display)
        told(process)
    assert tuple(picture[0, 0]) == rgb(DARK.background)


@pytest.mark.parametrize("settings", [b"", b"Net/ThemeName", b"\xff" * 40, b"Net/ThemeName" * 9])
def test_settings_that_are_none_are_let_be(
    settings: bytes, display: Display, file: Path, home: Home
) -> None:
    with settings_of_desktop(display, settings):
        with held_up(home, file, DISPLAY=display.name) as process:
            picture = seen(display)
        assert told(process).code == TOLD
    assert tuple(picture[0, 0]) == rgb(LIGHT.background)


def test_what_window_managers_are_told(display: Display, file: Path, home: Home) -> None:
    with held_up(home, file, DISPLAY=display.name) as process:
        seen(display)
        with windows_of(display) as windows:
            window = until(lambda: the_window(windows)).id
        with wire_of(display) as wire:
            said = {
                name: value(wire, window, name)
                for name in ("WM_CLASS", "_NET_WM_PID", "WM_NORMAL_HINTS", "_NET_WM_WINDOW_TYPE")
            }
            dialog = atom(wire, "_NET_WM_WINDOW_TYPE_DIALOG")
            icon = value(wire, window, "_NET_WM_ICON")
    told(process)
    assert said["WM_CLASS"] == b"twocan\0twocan\0"
    assert said["_NET_WM_PID"] == struct.pack("=I", process.pid)
    assert said["_NET_WM_WINDOW_TYPE"] == struct.pack("=I", dialog)
    hints = struct.unpack("=18I", said["WM_NORMAL_HINTS"])
    assert hints[5:9] == (360, 140, 360, 140)
    assert icon[:8] == struct.pack("=II", 64, 64)
    assert len(icon) == 8 + 64 * 64 * 4


def test_how_far_it_is_is_true(display: Display, slow: tuple[Path, int], home: Home) -> None:
    # Once more, where it was over before anybody looked.
    for _ in range(20):
        shown = looked_at(display, slow, home)
        lengths = [length for written, length in shown if 0.1 < written < 1]
        assert lengths == sorted(lengths)
        assert all(length <= written + 0.15 for written, length in shown if written > 0.1)
        if max(lengths, default=0) > 0.2:
            return
        shutil.rmtree(home.programs)
    raise AssertionError("nobody saw how far it is")


def looked_at(display: Display, slow: tuple[Path, int], home: Home) -> list[tuple[float, float]]:
    """How much was written, and how much of the bar was filled, now and then in one start."""
    file, total = slow
    shown = []
    with windows_of(display) as windows:
        with held_up(home, file, DISPLAY=display.name) as process:
            window = until(lambda: the_window(windows))
            windows.keep(window)
        while process.poll() is None and the_window(windows):
            process.send_signal(signal.SIGSTOP)
            half = [*home.programs.glob(".new-*")]
            if half and the_window(windows):
                written = sum(path.stat().st_size for path in half[0].rglob("*.txt"))
                length = bar(np.asarray(windows.grab(window))[:, :, 2::-1], LIGHT)
                shown.append((written / total, length))
            process.send_signal(signal.SIGCONT)
            time.sleep(0.05)
    told(process)
    return shown


# --- in nobody's way -------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--hidden"], ["call", "twocan:x"], ["--version"], [""]])
def test_commands_have_none(arguments: list[str], display: Display, file: Path, home: Home) -> None:
    with held_up(home, file, *arguments, DISPLAY=display.name) as process:
        until(lambda: ".lock" in opened_by(process) or None)
        assert len([*Path(f"/proc/{process.pid}/task").iterdir()]) == 1
    assert told(process).code == TOLD


def opened_by(process: Held) -> set[str]:
    links = Path(f"/proc/{process.pid}/fd").glob("*")
    return {os.path.basename(os.readlink(link)) for link in links if link.is_symlink()}  # noqa: PTH115, PTH119


def test_later_starts_have_none(display: Display, file: Path, home: Home) -> None:
    assert home.start(file).code == TOLD
    process = home.begin(file, "linger", DISPLAY=display.name)
    process.stdin.close() if process.stdin else None
    process.stdin = None
    assert told(process).code == TOLD


@pytest.mark.parametrize("name", ["", ":54321", "nonsense", "/nowhere", "unix:/nowhere:0"])
def test_without_a_display_all_else_is_the_same(name: str, file: Path, home: Home) -> None:
    assert home.start(file, DISPLAY=name).code == TOLD


@contextmanager
def mute_server() -> Iterator[str]:
    """The name of a display that takes every connection, and never says a word."""
    with socket.socket() as listening:
        for port in range(6100, 6900):
            try:
                listening.bind(("127.0.0.1", port))
                break
            except OSError:
                continue
        listening.listen()
        yield f"127.0.0.1:{listening.getsockname()[1] - 6000}"


def test_a_server_that_never_answers_is_not_waited_for(file: Path, home: Home) -> None:
    with mute_server() as name:
        assert home.start(file, DISPLAY=name).code == TOLD


def test_nor_to_say_what_is_wrong(file: Path, home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with mute_server() as name:
        start = home.start(file, DISPLAY=name, HOME=str(tmp_path / "file"))
    assert start.code == 1
    assert "Not a directory" in start.errors


def test_a_server_that_goes_takes_nothing_with_it(file: Path, home: Home) -> None:
    with own_display() as going:
        held = held_up(home, file, DISPLAY=going.name)
        process = held.__enter__()
        seen(going)
    held.__exit__(None, None, None)
    assert told(process).code == TOLD


def test_a_server_that_goes_while_it_says_what_is_wrong(
    file: Path, home: Home, tmp_path: Path
) -> None:
    with own_display() as going:
        process = home.begin(damaged(file, tmp_path), DISPLAY=going.name)
        until(lambda: has_words(going) or None)
    assert told(process).code == 1


# --- closed ----------------------------------------------------------------------------------


def test_closing_it_cancels(display: Display, file: Path, home: Home) -> None:
    with held_up(home, file, DISPLAY=display.name) as process:
        close(display)
        start = told(process)
    assert (start.code, start.errors) == (1, "twocan: stopped before it was unpacked\n")
    assert home.kept() == []


def test_closing_it_in_the_middle_cleans_up(
    display: Display, slow: tuple[Path, int], home: Home
) -> None:
    process = half_unpacked(display, slow[0], home)
    close(display)
    process.send_signal(signal.SIGCONT)
    start = told(process)
    assert (start.code, start.errors) == (1, "twocan: stopped before it was unpacked\n")
    assert home.kept() == []


def half_unpacked(display: Display, file: Path, home: Home) -> Held:
    """One that has begun to unpack, is to be seen, and is stopped there."""
    for _ in range(20):
        with held_up(home, file, DISPLAY=display.name) as process:
            seen(display)
        while process.poll() is None:
            halves = [*home.programs.glob(".new-*/_internal")]
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            if any(half.exists() for half in halves):
                return process
            process.send_signal(signal.SIGCONT)
        told(process)  # it was unpacked before anybody saw it
        shutil.rmtree(home.programs)
    raise AssertionError("it is always unpacked before anybody sees it")


def damaged(file: Path, tmp_path: Path) -> Path:
    contents = bytearray(file.read_bytes())
    contents[-TRAILER - 100] ^= 1
    broken = tmp_path / "broken"
    broken.write_bytes(contents)
    broken.chmod(0o755)
    return broken


def _key(display: Display) -> None:
    display.press(Key.SPACE)


def _close(display: Display) -> None:
    close(display)


@pytest.mark.parametrize("ending", [_key, _close])
def test_what_is_wrong_stays_until_it_was_read(
    ending: Callable[[Display], None], display: Display, file: Path, home: Home, tmp_path: Path
) -> None:
    process = home.begin(damaged(file, tmp_path), DISPLAY=display.name)
    until(lambda: has_words(display) or None)
    assert process.poll() is None
    assert home.kept() == []
    ending(display)
    start = told(process)
    assert (start.code, start.errors) == (
        1,
        "twocan: this download is damaged: download it again\n",
    )


def test_a_key_alone_cancels_nothing(display: Display, file: Path, home: Home) -> None:
    with held_up(home, file, DISPLAY=display.name) as process:
        seen(display)
        display.press(Key.SPACE)
        with wire_of(display) as wire:
            atom(wire, "ANYTHING")  # is answered in turn: then it was pressed
    assert told(process).code == TOLD


def test_what_is_wrong_stays_longer_than_a_server_is_waited_for(
    display: Display, file: Path, home: Home, tmp_path: Path
) -> None:
    process = home.begin(damaged(file, tmp_path), DISPLAY=display.name)
    until(lambda: has_words(display) or None)
    with (home.programs / ".lock").open() as lock:  # nobody has to wait for that
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(3.3)
    close(display)
    assert told(process).code == 1


def test_what_is_wrong_from_the_beginning_is_shown(
    display: Display, file: Path, home: Home
) -> None:
    home.programs.mkdir(parents=True)
    home.programs.chmod(0o770)
    assert home.start(file, "--version", DISPLAY=display.name).code == 1  # nobody looks
    process = home.begin(file, DISPLAY=display.name)
    until(lambda: has_words(display) or None)
    close(display)
    assert told(process).code == 1


def test_told_to_end_while_it_says_what_is_wrong(
    display: Display, file: Path, home: Home, tmp_path: Path
) -> None:
    process = home.begin(damaged(file, tmp_path), DISPLAY=display.name)
    until(lambda: has_words(display) or None)
    process.terminate()
    assert told(process).code == -signal.SIGTERM


def has_words(display: Display) -> bool:
    words = seen(display)[WORDS]
    return int(np.count_nonzero(words.max(axis=2) < DARK_AS_TEXT)) > 100


# --- X ---------------------------------------------------------------------------------------


@contextmanager
def wire_of(display: Display) -> Iterator[Wire]:
    with patch.dict(os.environ, {"DISPLAY": display.name}):
        wire = Wire()
    try:
        yield wire
    finally:
        wire.close()


def atom(wire: Wire, name: str) -> int:
    body = struct.pack("=H2x", len(name)) + filled(name.encode())
    answer = wire.ask(_ATOM, 0, body)
    assert answer
    return int(struct.unpack_from("=I", answer, 8)[0])


def filled(contents: bytes) -> bytes:
    return contents + bytes(-len(contents) % 4)


def value(wire: Wire, window: int, name: str) -> bytes:
    answer = wire.ask(_GET, 0, struct.pack("=IIIII", window, atom(wire, name), 0, 0, 1 << 16))
    assert answer
    return answer[32 : 32 + struct.unpack_from("=I", answer, 16)[0] * answer[1] // 8]


def set_value(wire: Wire, name: int, contents: bytes) -> None:
    head = struct.pack("=IIIB3xI", wire.root(), name, _STRING, 8, len(contents))
    wire.order(_PROPERTY, 0, head + filled(contents))
    atom(wire, "ANYTHING")  # is answered in turn: then it was set


@contextmanager
def resources(display: Display, contents: bytes) -> Iterator[None]:
    with wire_of(display) as wire:
        set_value(wire, _RESOURCES, contents)
        yield
        set_value(wire, _RESOURCES, b"")


@contextmanager
def settings_of_desktop(display: Display, contents: bytes) -> Iterator[None]:
    """The root window plays the one that has the settings; it ends with the connection's own."""
    with wire_of(display) as wire:
        set_value(wire, atom(wire, "_XSETTINGS_SETTINGS"), contents)
        owner = struct.pack("=III", wire.root(), atom(wire, "_XSETTINGS_S0"), 0)
        wire.order(_OWN, 0, owner)
        atom(wire, "_XSETTINGS_S0")
        yield


def theme(display: Display, name: bytes) -> AbstractContextManager[None]:
    key = b"Net/ThemeName"
    setting = struct.pack("=BxH", 1, len(key)) + filled(key) + struct.pack("=II", 0, len(name))
    contents = struct.pack("=B3xII", 0, 1, 1) + setting + filled(name)
    return settings_of_desktop(display, contents)


def close(display: Display) -> None:
    """As a window manager does (ICCCM 4.2.8.1)."""
    with windows_of(display) as windows:
        window = until(lambda: the_window(windows)).id
    with wire_of(display) as wire:
        protocols, delete = atom(wire, "WM_PROTOCOLS"), atom(wire, "WM_DELETE_WINDOW")
        event = struct.pack("=BBHIIIIIII", 33, 32, 0, window, protocols, delete, 0, 0, 0, 0)
        wire.order(_SEND, 0, struct.pack("=II", window, 0) + event)
        atom(wire, "WM_PROTOCOLS")  # is answered in turn: then it was sent
