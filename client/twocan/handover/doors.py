"""How a second start reaches the phone that runs: a socket of this person's.

Two kinds, alike from outside. ``LocalDoor``: a socket in the file system, where the system says who
is at the other end, and both look. ``LoopbackDoor``: a port of this machine, which anybody on it
could reach or take; both ends prove that they can read a file of this person's.
"""
# ruff: noqa: PTH105, PTH108, PTH119, PTH120, PTH123

import os
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from twocan.handover.place import Place, Unusable
from twocan.handover.proof import (
    KEY_BYTES,
    NONCE_BYTES,
    PROOF_BYTES,
    proof_of_asker,
    proof_of_phone,
)
from twocan.handover.wire import MARK

# What typing has a name for, and takes 3 ms to say it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Door(Protocol):
        """``key``: what whoever knocks has to know, None where the system vouches for them."""

        key: bytes | None

        def open(self) -> socket.socket:
            """Listen. Only whoever has the lock may. Raises ``Unusable``."""

        def knock(self, until: float) -> socket.socket:
            """A connection to whoever listens, who is of this person. ``until``: when to give up
            (``time.monotonic``). Raises ``Closed``, ``Stranger``, and ``TimeoutError``."""

        def admits(self, guest: socket.socket) -> bool:
            """Whether whoever connected may be of this person."""

        def shut(self) -> None:
            """Leave nothing behind. Only whoever has the lock may."""


WAITING = 16
"""Second starts that may wait to be heard."""


class Closed(Exception):
    """Nobody listens there."""


class Stranger(Exception):
    """Somebody else listens there: they are told nothing."""


class LocalDoor:
    """A socket in the file system (AF_UNIX)."""

    def __init__(self, place: Place) -> None:
        self._path = place.file("sock")
        self.key: bytes | None = None

    def open(self) -> socket.socket:
        # Of one that was killed: nobody listens there, as the lock was free.
        self.shut()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with _reachable(self._path) as path:
                listening.bind(path)
            listening.listen(WAITING)
            listening.settimeout(0)
        except OSError as error:
            listening.close()
            why = error.strerror or str(error)
            raise Unusable(f"cannot listen at {self._path}: {why}") from None
        return listening

    def knock(self, until: float) -> socket.socket:
        guest = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            guest.settimeout(_left(until))
            with _reachable(self._path) as path:
                guest.connect(path)
            if not self.admits(guest):
                raise Stranger("somebody else listens where the phone should")
        except TimeoutError:
            guest.close()
            raise
        except OSError:
            guest.close()
            raise Closed from None
        except BaseException:
            guest.close()
            raise
        return guest

    def admits(self, guest: socket.socket) -> bool:
        try:
            return other_user(guest) == os.geteuid()
        except OSError:
            return False

    def shut(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self._path)


@contextmanager
def _reachable(path: str) -> Iterator[str]:
    """A name for this path that a socket's address can hold, which is some 100 bytes."""
    if len(os.fsencode(path)) <= _LONGEST_PATH or sys.platform != "linux":
        yield path
        return
    folder = os.open(os.path.dirname(path), os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{os.path.basename(path)}"
    finally:
        os.close(folder)


_LONGEST_PATH = 107
"""unix(7): 108 bytes, the last of them 0."""


def other_user(connection: socket.socket) -> int:
    """The number of the user at the other end: who listened, or who connected. Raises
    ``OSError``."""
    if hasattr(socket, "SO_PEERCRED"):
        said = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", said)[1])
    return user_in_xucred(connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED_BYTES))


_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED_BYTES = 0, 1, 76
"""macOS and the BSDs: what getpeereid(3) asks for, and Python has no names for (sys/un.h)."""


def user_in_xucred(said: bytes) -> int:
    """The user in a ``struct xucred`` (sys/ucred.h), whose version is 0. Raises ``OSError``."""
    if len(said) < 8 or struct.unpack_from("=I", said)[0] != 0:
        raise OSError("nobody can be told from this")
    return int(struct.unpack_from("=I", said, 4)[0])


class LoopbackDoor:
    """A port of this machine. Which, and the key, are in a file that only this person can read."""

    def __init__(self, place: Place) -> None:
        self._path = place.file("key")
        self.key: bytes | None = os.urandom(KEY_BYTES)

    def open(self) -> socket.socket:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if sys.platform == "win32":
                # Else another program could listen at the same port.
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            listening.bind(("127.0.0.1", 0))
            listening.listen(WAITING)
            listening.settimeout(0)
            self._publish(listening.getsockname()[1])
        except OSError as error:
            listening.close()
            why = error.strerror or str(error)
            raise Unusable(f"cannot listen for other starts: {why}") from None
        return listening

    def knock(self, until: float) -> socket.socket:
        port, key = self._published()
        guest = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            guest.settimeout(_left(until))
            guest.connect(("127.0.0.1", port))
            _prove(guest, key, until)
        except TimeoutError:
            guest.close()
            raise
        except OSError:
            guest.close()
            raise Closed from None
        except BaseException:
            guest.close()
            raise
        if sys.platform == "win32":
            _let_it_come()
        return guest

    def admits(self, guest: socket.socket) -> bool:
        # Whoever it is has to prove it.
        return True

    def shut(self) -> None:
        for path in (self._path, self._path + ".new"):
            with suppress(FileNotFoundError):
                os.unlink(path)

    def _publish(self, port: int) -> None:
        assert self.key is not None
        self.shut()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with open(os.open(self._path + ".new", flags, 0o600), "w", encoding="ascii") as file:
            file.write(f"{port} {self.key.hex()}\n")
        # There is never half of it to be read.
        os.replace(self._path + ".new", self._path)

    def _published(self) -> tuple[int, bytes]:
        try:
            with open(self._path, "rb") as file:
                port, key = file.read(_LONGEST_FILE).split()
            number, known = int(port), bytes.fromhex(key.decode("ascii"))
        except (OSError, ValueError):
            raise Closed from None
        if not 0 < number < 65536 or len(known) != KEY_BYTES:
            raise Closed
        return number, known


_LONGEST_FILE = 200


def _prove(guest: socket.socket, key: bytes, until: float) -> None:
    """Greet whoever listens. Raises ``Stranger`` if they do not know the key."""
    from hmac import compare_digest

    ours = os.urandom(NONCE_BYTES)
    guest.sendall(MARK + ours)
    said = heard(guest, len(MARK) + NONCE_BYTES + PROOF_BYTES, until)
    theirs = said[len(MARK) :][:NONCE_BYTES]
    expected = MARK + theirs + proof_of_phone(key, ours, theirs)
    if not compare_digest(said, expected):
        raise Stranger("somebody else listens where the phone should")
    guest.sendall(proof_of_asker(key, ours, theirs))


def heard(guest: socket.socket, length: int, until: float) -> bytes:
    """So many bytes, or fewer if nothing more comes. Raises ``OSError``, and ``TimeoutError``."""
    said = b""
    while len(said) < length:
        guest.settimeout(_left(until))
        some = guest.recv(length - len(said))
        if not some:
            break
        said += some
    return said


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


if sys.platform == "win32":

    def _let_it_come() -> None:
        """Pass on the right to come to the front, which Windows gives to what a person started
        last (AllowSetForegroundWindow, ASFW_ANY)."""
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)


def door(place: Place) -> "Door":
    """The door of this system."""
    return LoopbackDoor(place) if sys.platform == "win32" else LocalDoor(place)
