"""That a phone has the key which its tokens are bound to: DPoP (RFC 9449). Pure.

The phone signs what it asks, and when, with a key that never leaves it. Whoever copies a token
out of a log, a proxy or a backup cannot. Times are milliseconds since 1970.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)

from twocan_supernode.site import signed
from twocan_supernode.site.signed import SignedError

PROOF_TYPE = "dpop+jwt"
MAX_PROOF = 4096
"""Characters. One of ours has some 500."""
WINDOW = 5 * 60_000
"""Milliseconds that a phone's clock may be off, and that a nonce is good for."""
SPENT_FOR = 2 * WINDOW
"""Milliseconds for which a proof's ``digest`` is kept as spent. A clock that is WINDOW ahead makes
proofs that are good for twice as long."""

# 32 bytes in base64url without padding; the last letter has two bits left over, which are 0.
# Were they not, one key would have several ways to be written.
_COORDINATE = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
_DESCRIPTION = {"alg": "ES256", "use": "sig"}
"""What a JWK may say of itself besides its key (RFC 7517 §4)."""
_OF_NO_ACCOUNT = {"kid", "key_ops", "ext"}
"""And what browsers' and libraries' exports add."""
_JTI = re.compile(r"[!-~]{16,128}")


class ProofError(Exception):
    """Why a key or a proof is refused: a sentence that holds nothing of either."""


class NonceNeeded(ProofError):
    """Its time does not count: it is to be made again with a nonce (RFC 9449 §8)."""


@dataclass(frozen=True, slots=True)
class PhoneKey:
    """A phone's public key. ``thumbprint``: RFC 7638, base64url, 43 letters."""

    key: EllipticCurvePublicKey
    thumbprint: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose it is, and the ``digest`` (32 bytes) to spend, so that it counts once."""

    thumbprint: str
    digest: bytes


def phone_key(jwk: Mapping[str, object]) -> PhoneKey:
    """The key that a public JWK (RFC 7518 §6.2.1) is, P-256 without its secret; or ProofError."""
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise ProofError("the key is no public EC key on P-256")
    if "d" in jwk:
        raise ProofError("the key holds its private part (d), which belongs to the phone alone")
    if set(jwk) - {"kty", "crv", "x", "y", *_DESCRIPTION, *_OF_NO_ACCOUNT}:
        raise ProofError("the key has fields besides kty, crv, x, y")
    if any(jwk.get(name, value) != value for name, value in _DESCRIPTION.items()):
        raise ProofError("the key is not meant for signing with ES256")
    x, y = _coordinate(jwk, "x"), _coordinate(jwk, "y")
    try:
        key = EllipticCurvePublicNumbers(_integer(x), _integer(y), SECP256R1()).public_key()
    except ValueError:
        raise ProofError("the key is no point on P-256") from None
    return PhoneKey(key, _thumbprint(x, y))


@dataclass(frozen=True, slots=True)
class Nonces:
    """A site's nonces: the time, and an HMAC of it, so that none has to be kept.

    Every node that knows the ``secret`` of the site knows the nonces of all of them.
    """

    secret: bytes = field(repr=False)

    def fresh(self, now: int) -> str:
        """The nonce of that moment."""
        made = now.to_bytes(8)
        return base64.urlsafe_b64encode(made + self._mark(made)).decode()

    def good(self, nonce: str, now: int) -> bool:
        """Whether one of these nodes made it within the last WINDOW."""
        if not _NONCE.fullmatch(nonce):
            return False
        content = base64.urlsafe_b64decode(nonce)
        made, mark = content[:8], content[8:]
        if not hmac.compare_digest(mark, self._mark(made)):
            return False
        return -_CLOCKS_DIFFER <= now - int.from_bytes(made) <= WINDOW

    def _mark(self, made: bytes) -> bytes:
        return hmac.digest(self.secret, b"dpop-nonce\0" + made, hashlib.sha256)[:16]


# 24 bytes: 8 of time and 16 of HMAC.
_NONCE = re.compile(r"[A-Za-z0-9_-]{32}")
_CLOCKS_DIFFER = 5_000
"""Milliseconds between the clocks of two nodes of one site."""


def check_proof(proof: str, method: str, url: str, nonces: Nonces, now: int) -> Proof:
    """Whose proof it is, that it is new, and made for asking ``method`` of ``url`` (§4.3).

    Raises ProofError, NonceNeeded where only its time is wrong. The caller compares the
    thumbprint with the token's and spends the digest.
    """
    try:
        unverified = signed.read(proof, PROOF_TYPE, MAX_PROOF)
        jwk = unverified.header.get("jwk")
        if not isinstance(jwk, dict):
            raise ProofError("the proof holds no key (jwk)")
        key = phone_key(jwk)
        claims = signed.verify(unverified, key.key)
        made_for = signed.string(claims, "htm", 16), signed.string(claims, "htu", 2048)
        jti = signed.string(claims, "jti", 128)
        made = signed.number(claims, "iat")
        nonce = signed.optional_string(claims, "nonce", 128)
    except SignedError as error:
        raise ProofError(f"the proof {error}") from None
    if not _JTI.fullmatch(jti):
        raise ProofError("the proof has no jti of 16 to 128 printable characters")
    if made_for[0] != method or not _same_url(made_for[1], url):
        raise ProofError("the proof was made for asking something else (htm, htu)")
    _check_time(made, nonce, nonces, now)
    return Proof(key.thumbprint, hashlib.sha256(f"{key.thumbprint}\0{jti}".encode()).digest())


def _check_time(made: float, nonce: str | None, nonces: Nonces, now: int) -> None:
    if nonce is None and abs(now - made * 1000) > WINDOW:
        raise NonceNeeded("the proof is not of now by our clock: make it with our nonce")
    if nonce is not None and not nonces.good(nonce, now):
        raise NonceNeeded("the proof's nonce is none of ours, or too old: here is another one")


def _coordinate(jwk: Mapping[str, object], name: str) -> str:
    value = jwk.get(name)
    if not isinstance(value, str) or not _COORDINATE.fullmatch(value):
        raise ProofError(f"the key's {name} is not 32 bytes in base64url without padding")
    return value


def _integer(coordinate: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(f"{coordinate}="))


def _thumbprint(x: str, y: str) -> str:
    # RFC 7638 §3.2: the required members in this order, without any white space.
    canonical = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'
    digest = hashlib.sha256(canonical.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


# --- htu: "ignoring any query and fragment parts", after normalising (§4.3, RFC 3986 §6.2.2, 6.2.3)

_USUAL_PORTS = {"http": 80, "https": 443}
_ESCAPED = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def _same_url(one: str, other: str) -> bool:
    normal = _normal(one)
    return normal is not None and normal == _normal(other)


def _normal(url: str) -> tuple[str, str, int, str] | None:
    """Scheme, host, port and path, written in the one way; None for what is no such URL."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        return None
    usual = _USUAL_PORTS.get(split.scheme)
    if usual is None or not split.hostname or "@" in split.netloc or not _plain(split):
        return None
    path = _ESCAPED.sub(_unescaped, split.path) or "/"
    return split.scheme, split.hostname, port or usual, _without_dots(path)


def _plain(split: SplitResult) -> bool:
    """Whether nothing is in it that a URL cannot hold."""
    return all("!" <= letter <= "~" and letter != "\\" for letter in split.netloc + split.path)


def _unescaped(escaped: re.Match[str]) -> str:
    letter = chr(int(escaped[1], 16))
    return letter if _UNRESERVED.fullmatch(letter) else escaped[0].upper()


def _without_dots(path: str) -> str:
    """RFC 3986 §5.2.4."""
    kept: list[str] = []
    *parts, last = path.split("/")[1:]
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    if last == "..":
        del kept[-1:]
    end = "" if last in (".", "..") else last
    return "/" + "/".join([*kept, end])
