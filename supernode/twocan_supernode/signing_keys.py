"""A site's signing key, changed while all goes on.

Who was signed in by the one before stays so: its public half is kept for as long as a refresh token
that it signed may live, and phones get new ones by the new key. It is kept in
``former-keys.json`` in the site's folder. ::

    {"keys": [{"jwk": {"kty": "EC", …}, "until": 1767268800000}]}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from jwt.algorithms import ECAlgorithm
from jwt.exceptions import InvalidKeyError

from twocan_supernode import accounts
from twocan_supernode.certificates import key_pem
from twocan_supernode.errors import SupernodeError
from twocan_supernode.state import Site, write_private

FILE = "former-keys.json"


@dataclass(frozen=True, slots=True)
class Former:
    """The public half of a key that signs no more; good ``until`` then (ms since 1970)."""

    key: EllipticCurvePublicKey
    until: int

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """Raises one of _WRONG."""
        key = ECAlgorithm.from_jwk(said["jwk"])
        if not isinstance(key, EllipticCurvePublicKey):
            raise TypeError("it is a private key")
        return cls(key, said["until"])

    def as_dict(self) -> dict[str, object]:
        return {"jwk": ECAlgorithm.to_jwk(self.key, as_dict=True), "until": self.until}


_WRONG = (ValueError, TypeError, KeyError, AttributeError, InvalidKeyError)


def former(site: Site, now: int) -> tuple[Former, ...]:
    """Those that still count, the newest first. Raises SupernodeError, OSError."""
    file = site.folder / FILE
    try:
        found = map(Former.read, json.loads(file.read_text())["keys"])
        return tuple(each for each in found if each.until > now)
    except FileNotFoundError:
        return ()
    except _WRONG:
        raise SupernodeError(
            f"{file} is no list of keys: delete it, and who was signed in by a former key has to "
            "sign in again"
        ) from None


def renew(site: Site, now: int, until: int, *, compromised: bool) -> None:
    """Makes a new key. What the one before signed is good ``until`` then, unless somebody has it.

    Where it is cut short, doing it again makes it whole. Raises SupernodeError, OSError.
    """
    kept: tuple[Former, ...] = ()
    if not compromised:
        kept = (Former(site.key().public_key(), until), *former(site, now))
    text = json.dumps({"keys": [each.as_dict() for each in kept]})
    write_private(site.folder / FILE, text.encode())
    key = accounts.new_key()
    write_private(site.folder / "key.pem", key_pem(key))
    write_private(site.public_jwk, accounts.public_jwk(key).encode())
