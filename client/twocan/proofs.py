"""Proof of possession (DPoP, RFC 9449): that whoever asks has the private key that what is asked
for was given to. So a token that was stolen is of no use alone. Pure.
"""

from twocan.jws import public_half, sign
from twocan.urls import Url

LONGEST_NONCE = 512


def proof(key: str, method: str, url: Url, now: float, once: str, nonce: str | None = None) -> str:
    """What goes into the field ``DPoP`` of one request (RFC 9449 §4.2).

    ``key``: the private key, see ``jws``. ``now``: seconds since 1970. ``once``: what no other
    proof says. ``nonce``: what the server wants to hear in it, if it said so.
    """
    header = {"typ": "dpop+jwt", "jwk": public_half(key)}
    claims: dict[str, object] = {
        "jti": once,
        "htm": method,
        # Without query and fragment, of which there is none.
        "htu": url.text.partition("?")[0],
        "iat": int(now),
    }
    if nonce is not None:
        claims["nonce"] = nonce
    return sign(header, claims, key)


def is_nonce(text: str) -> bool:
    """Whether a server may have this said in a proof (RFC 9449 §8.1, its NQCHAR)."""
    return 0 < len(text) <= LONGEST_NONCE and all(map(_is_quotable, text))


def _is_quotable(character: str) -> bool:
    return "\x21" <= character <= "\x7e" and character not in '"\\'
