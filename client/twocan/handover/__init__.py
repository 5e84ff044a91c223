"""One phone at a time: a second start hands its links to the phone that runs, and ends.

Whoever has the lock is the phone, from before anything heavy is loaded until everything is closed.
It listens at once; whoever comes while it still starts waits for its answer. The phone hears them
on Qt's thread (``gui.handed``).

Of a person's testers: who starts with ``TWOCAN_ACCOUNT`` wants to be that account. It shares
settings and history with whoever else they are, and so is the same phone; but it is not handed to
one that was started for another account. A start without it takes whoever runs.
"""

import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence

from twocan.handover import wire
from twocan.handover.doors import Closed, Stranger, door, heard
from twocan.handover.locking import Lock
from twocan.handover.place import Place, Unusable, find
from twocan.handover.wire import Hearing, OtherVersion, Request, Rubbish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from twocan.handover.doors import Door

    MakeDoor = Callable[[Place], Door]

__all__ = ["Claim", "Hearing", "NotHanded", "Unusable", "begin", "quit_running"]

WITHIN = 10.0
"""Seconds that a start waits for the phone that runs, which may be starting itself."""
_AGAIN = 0.01
"""Seconds after which one looks again whether a phone that begins, or ends, is done with it."""

_ACCOUNT = "TWOCAN_ACCOUNT"
_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


class NotHanded(Exception):
    """A phone runs, and did not take what was handed to it: one line, why and what to do."""


class Claim:
    """Being the phone. ``listening``: where other starts connect, non-blocking."""

    def __init__(self, lock: Lock, door: "Door", account: bytes) -> None:
        self._lock, self._door, self._account = lock, door, account
        self.listening = door.open()

    def hearing(self, guest: socket.socket) -> Hearing | None:
        """What hears this connection; None if it is not to be heard."""
        if not self._door.admits(guest):
            return None
        return Hearing(self._door.key, os.urandom(16))

    def answer(self, request: Request, *, busy: bool = False) -> int:
        """What is answered to this: one of ``wire``'s. ``busy``: somebody talks, or it rings."""
        if request.account not in (b"", self._account):
            return wire.OTHER_ACCOUNT
        return wire.BUSY if busy and request.wanted == wire.YIELD else wire.DONE

    def rejection(self, rubbish: Rubbish) -> bytes:
        """What is answered to that, which may be nothing."""
        return wire.answer(wire.OTHER_VERSION) if isinstance(rubbish, OtherVersion) else b""

    def stop_listening(self) -> None:
        """Be the phone still, but one that ends: others wait until it has."""
        if self.listening.fileno() >= 0:
            self._door.shut()
            self.listening.close()

    def close(self) -> None:
        """Be it no more."""
        self.stop_listening()
        self._lock.release()


def begin(
    links: Sequence[str],
    environment: Mapping[str, str],
    *,
    hidden: bool = False,
    instead: bool = False,
    within: float = WITHIN,
    make_door: "MakeDoor" = door,
) -> Claim | None:
    """Be the phone, or else have the one that runs follow the links and show itself.

    None: it was handed over. ``hidden``: without links there is nothing to be shown. ``instead``:
    this is another program than the one that runs, which is to end unless somebody talks on it.
    Raises ``NotHanded``; and ``Unusable``, where phones cannot meet.
    """
    until = time.monotonic() + within
    place = find(environment)
    account, token = _digest(environment), _token(environment)
    wanted = Request(wire.YIELD if instead else wire.SHOW, tuple(links), token, account)
    while (claim := _claim(place, account, make_door)) is None:
        if hidden and not links:
            return None
        match _said(wanted, place, until, make_door):
            case None:
                _wait(until)
            case wire.DONE if wanted.wanted == wire.SHOW:
                return None
            case wire.DONE:
                _wait_until_free(place, until)
            case wire.BUSY:
                wanted = Request(wire.SHOW, wanted.links, token, account)
    return claim


def quit_running(
    within: float,
    environment: Mapping[str, str] = os.environ,
    *,
    make_door: "MakeDoor" = door,
) -> bool:
    """Have the phone that runs hang up and end. Whether none runs any more.

    ``within``: seconds for all of it. Raises ``Unusable``.
    """
    until = time.monotonic() + within
    place = find(environment)
    try:
        while not _is_free(place):
            if _said(Request(wire.QUIT), place, until, make_door) is None:
                _wait(until)
            else:
                _wait_until_free(place, until)
    except NotHanded:
        return False
    return True


def _claim(place: Place, account: bytes, make_door: "MakeDoor") -> Claim | None:
    lock = Lock(place.file("lock"))
    try:
        if not lock.take():
            return None
    except OSError as error:
        raise Unusable(f"cannot lock {place.file('lock')}: {error.strerror}") from None
    try:
        return Claim(lock, make_door(place), account)
    except BaseException:
        lock.release()
        raise


def _is_free(place: Place) -> bool:
    lock = Lock(place.file("lock"))
    try:
        free = lock.take()
    except OSError:
        return False
    lock.release()
    return free


def _said(request: Request, place: Place, until: float, make_door: "MakeDoor") -> int | None:
    """What the phone answers; None if it just begins to listen, or ends. Raises ``NotHanded``."""
    try:
        with make_door(place).knock(until) as guest:
            guest.sendall(wire.written(request))
            said = wire.answered(heard(guest, wire.ANSWER_BYTES, until))
    except TimeoutError:
        raise NotHanded(_SILENT) from None
    except Stranger as stranger:
        raise NotHanded(str(stranger)) from None
    except OtherVersion:
        raise NotHanded(_OTHER_VERSION) from None
    except (Closed, OSError, Rubbish):
        return None
    if said in _REFUSALS:
        raise NotHanded(_REFUSALS[said])
    return said


_SILENT = "Twocan runs already, but does not answer: end it, and start it again"
_OTHER_ACCOUNT = f"Twocan runs already, without the account that {_ACCOUNT} names: quit it first"
_OTHER_VERSION = "another version of Twocan runs, which is not understood: quit it first"
_REFUSALS = {wire.OTHER_ACCOUNT: _OTHER_ACCOUNT, wire.OTHER_VERSION: _OTHER_VERSION}


def _wait_until_free(place: Place, until: float) -> None:
    while not _is_free(place):
        _wait(until)


def _wait(until: float) -> None:
    if time.monotonic() >= until:
        raise NotHanded(_SILENT)
    time.sleep(_AGAIN)


def _token(environment: Mapping[str, str]) -> str:
    """With which the desktop that started us lets a window come to the front."""
    given = (environment.get(variable, "") for variable in _TOKENS)
    return next(filter(wire.is_token, given), "")


def _digest(environment: Mapping[str, str]) -> bytes:
    """Of the account that the environment names: what it says may be a secret."""
    named = environment.get(_ACCOUNT, "").strip()
    if not named:
        return b""
    from hashlib import sha256

    if not named.startswith("{"):
        named = os.path.realpath(named)
    return sha256(os.fsencode(named)).digest()[:16]
