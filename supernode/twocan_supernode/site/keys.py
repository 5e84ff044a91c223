"""Site keys: ``tck_<id>_<secret>``. Whoever has one may do for its site what the API does.

The database has the id and the SHA-256 of the secret, nothing to ask with. The secret is of 32
random bytes, so there is nothing that a slow hash would protect.
"""

import hashlib
import hmac
import re
import secrets
import string
from collections import OrderedDict
from dataclasses import dataclass, field

from twocan_supernode.store import SiteKey, Store

MOST_VALID = 2
"""Of one site: the one in use, and the one that takes its place."""
KNOWN_FOR = 5_000
"""After how many ms a key that was retired is known to be, at the latest."""

_KEYS_KEPT = 10_000
_ID_LETTERS = string.ascii_letters + string.digits
_ID_LENGTH = 8
_SECRET_BYTES = 32
_KEY = re.compile(r"tck_([A-Za-z0-9]{8})_([A-Za-z0-9_-]{43})")
_NOTHING = bytes(hashlib.sha256().digest_size)


@dataclass(frozen=True, slots=True)
class Written:
    """A key as it is written down by its site. ``secret`` is said to nobody else."""

    id: str
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        return f"tck_{self.id}_{self.secret}"

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.secret.encode()).digest()


def new() -> Written:
    """A key that nobody has yet."""
    name = "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))
    return Written(name, secrets.token_urlsafe(_SECRET_BYTES))


def read(authorization: str | None) -> Written | None:
    """The key in a header ``Authorization: Bearer tck_…`` (RFC 6750 2.1); None if it has none."""
    scheme, _, credentials = (authorization or "").partition(" ")
    found = _KEY.fullmatch(credentials.strip(" ")) if scheme.lower() == "bearer" else None
    return Written(found[1], found[2]) if found else None


class Keys:
    """The keys that the store has, each looked up once in some seconds at most."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, tuple[int, SiteKey | None]] = OrderedDict()

    async def valid(self, written: Written | None, now: int) -> SiteKey | None:
        """The key that was meant, if it is good. Raises StoreAway.

        One that there is not costs what one costs whose secret is wrong: ids are not to be found
        by the time that it takes.
        """
        if written is None:
            return None
        key = await self._key(written.id, now)
        same = hmac.compare_digest(written.digest, key.digest if key else _NOTHING)
        return key if key and same and key.retired is None else None

    async def _key(self, name: str, now: int) -> SiteKey | None:
        looked_up, key = self._known.get(name, (-KNOWN_FOR, None))
        if not 0 <= now - looked_up < KNOWN_FOR:
            key = await self._store.key(name)
            self._keep(name, now, key)
        return key

    def _keep(self, name: str, now: int, key: SiteKey | None) -> None:
        self._known[name] = (now, key)
        self._known.move_to_end(name)
        if len(self._known) > _KEYS_KEPT:
            self._known.popitem(last=False)
