"""The short code that two people read to each other to know that nobody sits between them.

Whoever controls the signalling could hand each side a certificate of their own. Both sides
then see different fingerprints, so a code made from the fingerprints tells; but a short
code alone could be matched by trying certificates or nonces until both codes agree. So each
side commits before it reveals:

1. The caller draws a nonce and sends, with ``propose``, a *commitment*: the hash of its
   role, its nonce and its certificate's fingerprint.
2. The callee does likewise with ``proceed``.
3. ``session-initiate`` and ``session-accept`` bring nonces and fingerprints, and each side
   checks them against the commitment. A mismatch ends the call.
4. The code is a hash of both fingerprints and both nonces.

Somebody between has to hand each side a commitment before seeing that side's nonce, since
neither phone reveals before it holds the other's commitment. From then on everything that
enters either code is fixed, and each code hangs on an honest nonce that the attacker had
not seen: the two agree with a chance of one in a million a call, and there is nothing to
search. The order is that of ZRTP's commitment (RFC 6189 §4.4.1.1), made both ways because
here the fingerprints travel with the reveal.
"""

import hashlib
import hmac
from collections.abc import Iterable

from twocan.messages import Fingerprint

NONCE_BYTES = 16
COMMITMENT_BYTES = 32

_DIGITS = 6


def commit(role: str, nonce: bytes, fingerprints: Iterable[Fingerprint]) -> bytes:
    """The commitment of ``role`` ("initiator" or "responder"): 32 bytes."""
    return _digest(b"commit", role.encode(), nonce, _canonical(fingerprints))


def opens(commitment: bytes, role: str, nonce: bytes, fingerprints: Iterable[Fingerprint]) -> bool:
    """Whether nonce and fingerprints are the ones that were committed to."""
    return hmac.compare_digest(commitment, commit(role, nonce, fingerprints))


def code(
    initiator: tuple[bytes, Iterable[Fingerprint]], responder: tuple[bytes, Iterable[Fingerprint]]
) -> str:
    """What both people read: six digits in two groups, such as ``"048 215"``.

    Each side is its nonce and its fingerprints.
    """
    parts = [
        part for nonce, prints in (initiator, responder) for part in (nonce, _canonical(prints))
    ]
    number = int.from_bytes(_digest(b"code", *parts)[:8]) % 10**_DIGITS
    digits = f"{number:0{_DIGITS}d}"
    return f"{digits[:3]} {digits[3:]}"


def _canonical(fingerprints: Iterable[Fingerprint]) -> bytes:
    # Order, letter case and DTLS role are the messenger's; hash and value are the certificate's.
    return "\n".join(sorted({f"{f.hash.lower()} {f.value.upper()}" for f in fingerprints})).encode()


def _digest(*parts: bytes) -> bytes:
    # Lengths first, so that no two lists of parts give the same bytes.
    hashed = hashlib.sha256(b"twocan verification 1")
    for part in parts:
        hashed.update(len(part).to_bytes(4) + part)
    return hashed.digest()
