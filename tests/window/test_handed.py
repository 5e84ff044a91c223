"""What other starts hand to the window that is there: heard on its thread, whoever they are."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from twocan.gui import handed as hearing
from twocan.gui.handed import Handed
from twocan.handover import Claim, begin, place, quit_running, wire
from twocan.handover.doors import LocalDoor, LoopbackDoor

LINK = "twocan:launch?redeem=https%3A%2F%2Fsite.example%2Fredeem&code=a-one-time-code_0123"


class Phone(QObject):
    """A phone that others hand their links to, and the others."""

    def __init__(self, qtbot: QtBot, home: Path, door: Callable[..., LocalDoor]) -> None:
        super().__init__()
        self.home = {"HOME": str(home)}
        self._qtbot, self._door = qtbot, door
        claim = begin([], self.home, make_door=door)
        assert claim is not None
        self.claim: Claim = claim
        self.handed = Handed(self.claim)
        self.happened: list[str] = []
        self.handed.shown.connect(lambda token: self.happened.append(f"shown {token}".strip()))
        self.handed.followed.connect(self.happened.append)
        self.handed.quit_wanted.connect(self._quit)
        self.others = ThreadPoolExecutor()

    def _quit(self) -> None:
        self.happened.append("quit")
        self.leave()

    def leave(self) -> None:
        self.handed.close()
        self.claim.close()

    def waits(self, is_so: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(is_so()), timeout=40_000)

    def start(self, *links: str, **how: bool) -> "Future[Claim | None]":
        """Another start."""
        return self.others.submit(begin, links, self.home, make_door=self._door, **how)

    def hands(self, *links: str) -> None:
        """Another start, until it is over."""
        started = self.start(*links)
        self.waits(started.done)
        assert started.result() is None

    def knock(self) -> socket.socket:
        """Somebody who connects, and says nothing yet."""
        return LocalDoor(place.find(self.home)).knock(time.monotonic() + 30)

    def hears_end(self, guest: socket.socket) -> bytes:
        """What somebody hears until they are left alone."""
        said = self.others.submit(_all, guest)
        self.waits(said.done)
        return said.result()


def _all(guest: socket.socket) -> bytes:
    said = b""
    with contextlib.suppress(ConnectionError):
        while some := guest.recv(100):
            said += some
    return said


@pytest.fixture(params=[LocalDoor])
def phone(qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Phone]:
    phone = Phone(qtbot, tmp_path, request.param)
    yield phone
    phone.leave()
    phone.others.shutdown()
    phone.handed.deleteLater()


@pytest.mark.parametrize("phone", [LocalDoor, LoopbackDoor], indirect=True)
def test_a_link_is_followed_and_the_window_shown(phone: Phone) -> None:
    phone.home["XDG_ACTIVATION_TOKEN"] = "kwin-1"
    phone.hands(LINK)
    phone.hands()
    assert phone.happened == [LINK, "shown kwin-1", "shown kwin-1"]


@pytest.mark.parametrize("phone", [LocalDoor, LoopbackDoor], indirect=True)
def test_it_quits_once_the_asker_was_answered(phone: Phone) -> None:
    def ask() -> bool:
        make = LocalDoor if phone.claim._door.key is None else LoopbackDoor
        return quit_running(5.0, phone.home, make_door=make)

    asked = phone.others.submit(ask)
    phone.waits(asked.done)
    assert asked.result()
    assert phone.happened == ["quit"]


def test_in_a_call_it_makes_no_room_for_a_newer_one(phone: Phone) -> None:
    phone.handed.busy = True
    newer = phone.start(LINK, instead=True)
    phone.waits(newer.done)
    assert newer.result() is None
    assert phone.happened == [LINK, "shown"]


def test_else_it_does(phone: Phone) -> None:
    newer = phone.start(LINK, instead=True)
    phone.waits(newer.done)
    assert phone.happened == ["quit"]
    claim = newer.result()
    assert claim is not None
    claim.close()


def test_a_start_for_another_account_is_refused(phone: Phone) -> None:
    phone.home["TWOCAN_ACCOUNT"] = "eva.json"
    started = phone.start(LINK)
    phone.waits(started.done)
    assert "without the account" in str(started.exception())
    assert phone.happened == []


# --- Whoever else ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b""),
        (b"x" * 1_000_000, b""),
        (wire.MARK + b"\xff", b""),
        (wire.NAME + b"\x09", wire.answer(wire.OTHER_VERSION)),
    ],
)
def test_nonsense_costs_it_nothing(phone: Phone, said: bytes, heard: bytes) -> None:
    def say() -> None:
        with contextlib.suppress(ConnectionError):
            guest.sendall(said)

    with phone.knock() as guest:
        told = phone.others.submit(say)
        assert phone.hears_end(guest) == heard
        phone.waits(told.done)
    phone.hands(LINK)
    assert phone.happened == [LINK, "shown"]


def test_who_is_silent_or_slow_has_a_moment(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "MOMENT", 50)
    with phone.knock() as silent, phone.knock() as slow:
        slow.sendall(wire.MARK)
        assert phone.hears_end(silent) == phone.hears_end(slow) == b""
    assert phone.happened == []


def test_who_hangs_up_in_mid_sentence_is_gone(phone: Phone) -> None:
    with phone.knock() as guest:
        guest.sendall(wire.written(wire.Request(wire.SHOW))[:-1])
    phone.hands(LINK)
    phone.waits(lambda: not phone.handed._guests)


def test_few_are_heard_at_a_time_and_the_others_wait(phone: Phone) -> None:
    crowd = [phone.knock() for _ in range(hearing.AT_ONCE)]
    phone.waits(lambda: len(phone.handed._guests) == hearing.AT_ONCE)
    # A queue, and nobody is let in before their turn.
    waiting = phone.start(LINK)
    late = phone.knock()
    QTest.qWait(50)
    assert len(phone.handed._guests) == hearing.AT_ONCE
    assert not waiting.done()
    for guest in crowd:
        guest.close()
    phone.waits(waiting.done)
    assert phone.happened == [LINK, "shown"]
    late.close()
    phone.waits(lambda: not phone.handed._guests)


def test_a_crowd_is_heard_to_the_last(phone: Phone) -> None:
    started = [phone.start(LINK) for _ in range(40)]
    phone.waits(lambda: all(each.done() for each in started))
    assert [each.result() for each in started] == [None] * 40
    assert phone.happened == [LINK, "shown"] * 40


def test_whoever_is_there_when_it_ends_is_left_alone(phone: Phone) -> None:
    with phone.knock() as guest:
        phone.waits(lambda: phone.handed._guests)
        phone.leave()
        assert phone.hears_end(guest) == b""
    following = begin([], phone.home)
    assert following is not None
    following.close()


def test_no_window_is_needed_for_it(phone: Phone, qtbot: QtBot) -> None:
    """A box that says something has the event loop; others are heard all the same."""
    box = QWidget()
    qtbot.addWidget(box)
    box.show()
    phone.hands(LINK)
    assert phone.happened == [LINK, "shown"]
