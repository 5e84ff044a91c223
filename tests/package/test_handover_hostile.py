"""Handing over where others want to have what is handed, or to be handed something: other users of
this computer, what is left of a crash, and whoever says nonsense."""

import os
import signal
import socket
import stat
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from answering import Answering
from twocan import places
from twocan.handover import Claim, Hearing, NotHanded, Unusable, begin, place, wire
from twocan.handover.doors import LocalDoor, LoopbackDoor, user_in_xucred
from twocan.handover.proof import proof_of_asker, proof_of_phone

LINK = "twocan:launch?redeem=https%3A%2F%2Fsite.example%2Fredeem&code=a-one-time-code_0123"
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")

Home = dict[str, str]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    session = tmp_path / "session"
    session.mkdir(mode=0o700)
    return {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(session)}


@pytest.fixture
def ours(home: Home) -> Path:
    """The folder of the session where phones meet."""
    return Path(home["XDG_RUNTIME_DIR"], "twocan")


def first(home: Home, door: Callable[..., LocalDoor | LoopbackDoor] = LocalDoor) -> Claim:
    claim = begin((), home, make_door=door)
    assert claim is not None
    return claim


@contextmanager
def somebody_else(does: Callable[[], None]) -> Iterator[int]:
    """Another user, who does that and is gone at the end. Gives a pipe that they write "." to when
    it is done, or "!" when it could not be."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            does()
            os.write(write, b".")
            signal.pause()
        except BaseException:
            os.write(write, b"!")
        finally:
            os._exit(0)
    try:
        yield read
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(read)
        os.close(write)


# --- Folders ---------------------------------------------------------------------------------


def test_what_is_made_is_the_persons_alone(home: Home, ours: Path) -> None:
    claim = first(home)
    assert stat.S_IMODE(ours.stat().st_mode) == 0o700
    [lock] = ours.glob("*.lock")
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600
    claim.close()


def test_a_folder_that_others_may_enter_is_not_used(home: Home, ours: Path) -> None:
    ours.mkdir()
    ours.chmod(0o750)
    with Answering(first(home)) as phone:
        assert list(ours.iterdir()) == []
        assert begin([LINK], home) is None
    assert phone.asked[0].links == (LINK,)


@pytest.mark.parametrize("kind", ["link", "file"])
def test_what_is_no_folder_is_not_used(home: Home, ours: Path, kind: str) -> None:
    elsewhere = Path(home["HOME"], "elsewhere")
    elsewhere.mkdir(mode=0o700)
    if kind == "link":
        ours.symlink_to(elsewhere)
    else:
        ours.write_text("")
    claim = first(home)
    assert list(elsewhere.iterdir()) == []
    claim.close()


def test_where_no_folder_can_be_used_it_says_why(home: Home, ours: Path) -> None:
    beside = Path(places.data_folder(home)) / "run"
    beside.parent.mkdir(parents=True)
    for folder in (ours, beside):
        folder.mkdir()
        folder.chmod(0o777)
    with pytest.raises(Unusable, match=f"others may enter {ours}: chmod 700 it.*{beside}"):
        begin([], home)


@as_root
def test_a_folder_of_somebody_else_is_not_used(home: Home, ours: Path) -> None:
    ours.mkdir(mode=0o700)
    os.chown(ours, NOBODY, NOBODY)
    claim = first(home)
    assert list(ours.iterdir()) == []
    claim.close()
    with pytest.raises(Unusable, match="belongs to somebody else"):
        place.private(str(ours))


def test_a_link_in_the_locks_place_is_not_followed(home: Home, ours: Path) -> None:
    ours.mkdir(mode=0o700)
    precious = Path(home["HOME"], "precious")
    (ours / f"{place.name(home)}.lock").symlink_to(precious)
    with pytest.raises(Unusable, match="cannot lock"):
        begin([], home)
    assert not precious.exists()


# --- Other users -----------------------------------------------------------------------------


@as_root
def test_a_socket_of_somebody_else_is_not_handed_a_link(home: Home, ours: Path) -> None:
    claim = first(home)
    [path] = ours.glob("*.sock")
    path.unlink()
    theirs = socket.socket(socket.AF_UNIX)
    theirs.bind(str(path))

    def listen() -> None:
        os.setuid(NOBODY)
        theirs.listen()

    with theirs, somebody_else(listen) as done:
        assert os.read(done, 1) == b"."
        with pytest.raises(NotHanded, match="somebody else listens"):
            begin([LINK], home, within=30)
        theirs.settimeout(30)
        guest, _ = theirs.accept()
        with guest:
            assert guest.recv(1) == b"", "they were told nothing"
    claim.close()


@as_root
def test_somebody_else_is_not_heard(home: Home, ours: Path, tmp_path: Path) -> None:
    claim = first(home)
    [path] = ours.glob("*.sock")
    # Even where they could get so far.
    for each in (*tmp_path.parents[:3], tmp_path, ours.parent, ours, path):
        each.chmod(0o777)
    connection = socket.socket(socket.AF_UNIX)

    def knock() -> None:
        os.setuid(NOBODY)
        connection.connect(str(path))
        connection.sendall(wire.written(wire.Request(wire.QUIT)))

    with connection, somebody_else(knock) as done:
        assert os.read(done, 1) == b"."
        claim.listening.settimeout(30)
        guest, _ = claim.listening.accept()
        with guest:
            assert claim.hearing(guest) is None
    claim.close()


def test_who_is_who_on_macos() -> None:
    said = struct.pack("=IIh16I", 0, 501, 1, 20, *[0] * 15)
    assert user_in_xucred(said) == 501
    for wrong in (said[:7], struct.pack("=II", 1, 501)):
        with pytest.raises(OSError, match="nobody can be told"):
            user_in_xucred(wrong)


# --- A port, which anybody could take ----------------------------------------------------------


def test_the_key_can_be_read_by_this_person_alone(home: Home, ours: Path) -> None:
    claim = first(home, LoopbackDoor)
    [key] = ours.glob("*.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    claim.close()


def test_who_took_the_port_and_does_not_know_the_key_is_told_nothing(home: Home) -> None:
    claim = first(home, LoopbackDoor)
    port = claim.listening.getsockname()[1]
    claim.listening.close()
    with socket.create_server(("127.0.0.1", port)) as theirs:
        imposter = Answering(_as_if_it_were(theirs))
        with imposter, pytest.raises(NotHanded, match="somebody else listens"):
            begin([LINK], home, within=30, make_door=LoopbackDoor)
        assert imposter.asked == []
    claim.close()


def _as_if_it_were(listening: socket.socket) -> Claim:
    """A phone there that has a key of its own making."""

    class Guessing(Claim):
        def __init__(self) -> None:
            self.listening = listening

        def hearing(self, guest: socket.socket) -> Hearing:
            return Hearing(bytes(32), bytes(16))

        def close(self) -> None:
            """It has nothing to give back."""

    return Guessing()


KEY = bytes(range(32))
THEIRS, OURS = b"t" * 16, b"o" * 16


def greeted() -> Hearing:
    hearing = Hearing(KEY, OURS)
    assert hearing.hear(wire.MARK + THEIRS[:5]) == b""
    said = hearing.hear(THEIRS[5:])
    assert said == wire.MARK + OURS + proof_of_phone(KEY, THEIRS, OURS)
    return hearing


def test_whoever_knows_the_key_is_heard() -> None:
    hearing = greeted()
    hearing.hear(proof_of_asker(KEY, THEIRS, OURS)[:9])
    hearing.hear(proof_of_asker(KEY, THEIRS, OURS)[9:] + wire.written(wire.Request(wire.QUIT)))
    assert hearing.request == wire.Request(wire.QUIT)


@pytest.mark.parametrize(
    "proof",
    [
        pytest.param(proof_of_asker(bytes(32), THEIRS, OURS), id="of another key"),
        pytest.param(proof_of_asker(KEY, THEIRS, b"n" * 16), id="of another connection"),
        pytest.param(proof_of_phone(KEY, THEIRS, OURS), id="our own, said back"),
        pytest.param(wire.written(wire.Request(wire.QUIT)) * 4, id="none"),
    ],
)
def test_whoever_does_not_is_not(proof: bytes) -> None:
    hearing = greeted()
    with pytest.raises(wire.Rubbish, match="does not know the key"):
        hearing.hear(proof + wire.written(wire.Request(wire.QUIT)))
    assert hearing.request is None


@pytest.mark.parametrize("kept", [b"", b"\0" * 300, b"0 00", b"99999 " + b"00" * 32, b"1 zz", b"1"])
def test_a_key_that_is_none_leads_nowhere(home: Home, ours: Path, kept: bytes) -> None:
    claim = first(home, LoopbackDoor)
    [key] = ours.glob("*.key")
    key.write_bytes(kept)
    with pytest.raises(NotHanded, match="does not answer"):
        begin([LINK], home, within=0.1, make_door=LoopbackDoor)
    claim.close()


# --- Nonsense ----------------------------------------------------------------------------------

BEGINS = wire.MARK + bytes([wire.SHOW])
EMPTY = bytes(4)
"""Nobody's account, no token."""


def framed(body: bytes) -> bytes:
    return BEGINS + len(body).to_bytes(2, "big") + body


def fields(*each: bytes) -> bytes:
    return b"".join(len(one).to_bytes(2, "big") + one for one in each)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="a browser's"),
        pytest.param(b"\x16\x03\x01", id="TLS"),
        pytest.param(wire.MARK + b"\0", id="nothing is wanted"),
        pytest.param(wire.MARK + b"\xff", id="something else is wanted"),
        pytest.param(BEGINS + b"\xff\xff", id="longer than anything"),
        pytest.param(framed(b""), id="no fields"),
        pytest.param(framed(fields(b"")), id="one field"),
        pytest.param(framed(fields(b"", b"", *[b"twocan:"] * 5)), id="too many links"),
        pytest.param(framed(EMPTY + b"\0"), id="half a field"),
        pytest.param(framed(EMPTY + b"\0\x09twocan:"), id="a field that is cut"),
        pytest.param(framed(EMPTY) + b"\0", id="more than it said"),
        pytest.param(framed(fields(b"somebody", b"")), id="an account that is no digest"),
        pytest.param(framed(fields(b"", "é".encode())), id="a token that is not ASCII"),
        pytest.param(framed(fields(b"", b"a\nb")), id="a token with a line's end"),
        pytest.param(framed(fields(b"", b"t" * 257)), id="a token that is too long"),
        pytest.param(framed(fields(b"", b"", b"\xff")), id="a link that is no text"),
        pytest.param(framed(fields(b"", b"", b"l" * 2050)), id="a link that is too long"),
    ],
)
def test_nonsense_is_refused_as_soon_as_it_is_heard(said: bytes) -> None:
    hearing = Hearing()
    with pytest.raises(wire.Rubbish):
        hearing.hear(said)
    assert hearing.request is None


def test_another_version_is_told_apart_on_both_ends(home: Home) -> None:
    later = wire.NAME + b"\x02" + bytes(40)
    with pytest.raises(wire.OtherVersion):
        Hearing().hear(later)
    with pytest.raises(wire.OtherVersion):
        wire.answered(later[:8])
    with Answering(first(home)), LocalDoor(place.find(home)).knock(time.monotonic() + 30) as guest:
        guest.sendall(later[:8])
        assert wire.answered(guest.recv(100)) == wire.OTHER_VERSION


@pytest.mark.parametrize("said", [b"", wire.MARK, wire.MARK + b"\0", b"HTTP/1.1"])
def test_an_answer_that_is_none(said: bytes) -> None:
    with pytest.raises(wire.Rubbish):
        wire.answered(said)


def test_a_link_is_in_no_error_and_no_name(home: Home) -> None:
    claim = first(home)
    with pytest.raises(NotHanded) as silent:
        begin([LINK], home, within=0.1)
    claim.close()
    assert "code" not in str(silent.value)
