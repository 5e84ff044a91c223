"""What a second start says to the phone that runs, and hears: bytes to requests and back (pure).

A request is the mark, one byte for what is wanted, the length of what follows in two (big-endian),
and fields, each with its own length in two before it: whose account the asker was started for (a
digest, or nothing), the desktop's activation token (or nothing), and links. An answer is the mark
and one byte. Where the system does not say who is at the other end of a connection, both first
prove that they can read the same file (``proof``).

Plain classes, and neither ``enum`` nor ``dataclasses``: a second start is over before those would
be loaded.
"""

from twocan.handover.proof import NONCE_BYTES, PROOF_BYTES, proof_of_asker, proof_of_phone

NAME, VERSION = b"twocan", b"\x01"
MARK = NAME + VERSION
"""Begins whatever is said. The version is that of what is written here, not the program's."""

SHOW, QUIT, YIELD = 1, 2, 3
"""What can be wanted: to be seen, and any links followed; that the phone ends; that it ends unless
somebody talks on it."""
WANTED = frozenset({SHOW, QUIT, YIELD})

DONE, OTHER_ACCOUNT, OTHER_VERSION, BUSY = 1, 2, 3, 4
"""What can be answered."""
ANSWERS = frozenset({DONE, OTHER_ACCOUNT, OTHER_VERSION, BUSY})
ANSWER_BYTES = len(MARK) + 1

MOST_LINKS = 4
LONGEST_LINK = 2049
"""Characters that are handed on of a link: one more than a link may have, so that one which is too
long is still refused for that."""
LONGEST_TOKEN = 256
DIGEST_BYTES = 16

_HEAD_BYTES = len(MARK) + 3
_LONGEST_BODY = 2 * (2 + MOST_LINKS) + DIGEST_BYTES + LONGEST_TOKEN + MOST_LINKS * LONGEST_LINK * 4
_LINK = ("utf-8", "surrogatepass")
"""Whatever the command line had: it is refused where links are read, in words."""


class Rubbish(Exception):
    """This is nothing that a second start would say."""


class OtherVersion(Rubbish):
    """It may be one of another version."""


class Request:
    """``wanted``: ``SHOW``, ``QUIT`` or ``YIELD``. ``account``: a digest of what
    ``TWOCAN_ACCOUNT`` says, or nothing. ``token``: with which the desktop lets a window come to the
    front.
    """

    __slots__ = ("account", "links", "token", "wanted")

    def __init__(
        self, wanted: int, links: tuple[str, ...] = (), token: str = "", account: bytes = b""
    ) -> None:
        self.wanted = wanted
        self.links = tuple(link[:LONGEST_LINK] for link in links[-MOST_LINKS:])
        self.token, self.account = token, account

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Request) and self._all == other._all

    def __hash__(self) -> int:
        return hash(self._all)

    @property
    def _all(self) -> tuple[object, ...]:
        return self.wanted, self.links, self.token, self.account


def is_token(text: str) -> bool:
    """Whether a desktop may have given this: compositors and launchers make them of ASCII."""
    return 0 < len(text) <= LONGEST_TOKEN and text.isascii() and text.isprintable()


def written(request: Request) -> bytes:
    """The request as it is sent."""
    fields = [request.account, request.token.encode("ascii")]
    fields += [link.encode(*_LINK) for link in request.links]
    body = b"".join(len(field).to_bytes(2, "big") + field for field in fields)
    return MARK + bytes([request.wanted]) + len(body).to_bytes(2, "big") + body


def answer(what: int) -> bytes:
    """The answer as it is sent."""
    return MARK + bytes([what])


def answered(said: bytes) -> int:
    """What an answer says. Raises ``Rubbish``."""
    _check_mark(said)
    if len(said) != ANSWER_BYTES or said[-1] not in ANSWERS:
        raise Rubbish("this is no answer")
    return said[-1]


def read(said: bytes) -> Request | None:
    """The request that was said, None while there is more to come. Raises ``Rubbish`` as soon as
    it can be none."""
    _check_mark(said)
    if len(said) > len(MARK) and said[len(MARK)] not in WANTED:
        raise Rubbish("this is not to be asked for")
    if len(said) < _HEAD_BYTES:
        return None
    length = int.from_bytes(said[_HEAD_BYTES - 2 : _HEAD_BYTES], "big")
    body = said[_HEAD_BYTES:]
    if length > _LONGEST_BODY or len(body) > length:
        raise Rubbish("it is too long")
    return _request(said[len(MARK)], body) if len(body) == length else None


def _check_mark(said: bytes) -> None:
    begins = said[: len(MARK)]
    if not MARK.startswith(begins):
        if begins.startswith(NAME):
            raise OtherVersion("it speaks another version")
        raise Rubbish("it is not of ours")


def _request(wanted: int, body: bytes) -> Request:
    account, token, *links = _fields(body)
    if len(account) not in (0, DIGEST_BYTES):
        raise Rubbish("this is no digest")
    try:
        said, followed = token.decode("ascii"), tuple(link.decode(*_LINK) for link in links)
    except UnicodeDecodeError:
        raise Rubbish("this is not text") from None
    if said and not is_token(said):
        raise Rubbish("this is no token")
    if any(len(link) > LONGEST_LINK for link in followed):
        raise Rubbish("a link is too long")
    return Request(wanted, followed, said, account)


def _fields(body: bytes) -> list[bytes]:
    fields = []
    while body:
        end = 2 + int.from_bytes(body[:2], "big")
        if len(body) < end:
            raise Rubbish("a field goes on after the end")
        fields.append(body[2:end])
        body = body[end:]
    if not 2 <= len(fields) <= 2 + MOST_LINKS:
        raise Rubbish("it has too few fields, or too many")
    return fields


class Hearing:
    """One connection, as the phone hears it: bytes in, bytes out, and a request in the end.

    ``key``: what an asker has to know, None where the system vouches for it. ``nonce``:
    ``NONCE_BYTES`` that were never used.
    """

    def __init__(self, key: bytes | None = None, nonce: bytes = b"") -> None:
        self._key, self._nonce = key, nonce
        self._said = b""
        self._greeted = key is None
        self._expected: bytes | None = None
        self.request: Request | None = None
        """What is wanted, once all of it was heard."""

    def hear(self, said: bytes) -> bytes:
        """Take what came; what is to be sent back, which may be nothing. Raises ``Rubbish``."""
        self._said += said
        sent = b"" if self._greeted else self._greet()
        if self._greeted and self._proven():
            self.request = read(self._said)
        return sent

    def _greet(self) -> bytes:
        """The other end says a nonce, and hears ours with the proof that we know the key."""
        assert self._key is not None
        _check_mark(self._said)
        whole = len(MARK) + NONCE_BYTES
        if len(self._said) < whole:
            return b""
        theirs, self._said = self._said[len(MARK) : whole], self._said[whole:]
        self._greeted = True
        self._expected = proof_of_asker(self._key, theirs, self._nonce)
        return MARK + self._nonce + proof_of_phone(self._key, theirs, self._nonce)

    def _proven(self) -> bool:
        if self._expected is None:
            return True
        if len(self._said) < PROOF_BYTES:
            return False
        from hmac import compare_digest

        if not compare_digest(self._said[:PROOF_BYTES], self._expected):
            raise Rubbish("it does not know the key")
        self._expected, self._said = None, self._said[PROOF_BYTES:]
        return True
