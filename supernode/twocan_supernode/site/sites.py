"""The sites that one process serves: their secrets, keys and settings, read from the node's folder.

Settings are looked at again every few seconds, and so is whether the site is still there: nobody
has to restart anything.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)

from twocan_supernode import accounts, signing_keys, state
from twocan_supernode.errors import SupernodeError, UsageError
from twocan_supernode.site import tokens
from twocan_supernode.site.settings import SiteSettings
from twocan_supernode.state import State

log = logging.getLogger(__name__)

_READ_AGAIN = 5_000
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class Site:
    """One site, as a request meets it."""

    name: str
    secret: bytes = field(repr=False)
    key: EllipticCurvePrivateKey = field(repr=False)
    names_key: dict[str, str]
    settings: SiteSettings
    former_keys: tuple[EllipticCurvePublicKey, ...] = ()
    """Of those that it signed with before: refresh tokens by them are good as well."""

    def address_of(self, person: str) -> str:
        return accounts.address_of(self.secret, person, self.name)


@dataclass(frozen=True, slots=True)
class _Read:
    site: Site
    at: int


class Sites:
    """The sites of a node's folder. Times are ms since 1970."""

    def __init__(self, folder: State) -> None:
        self._folder = folder
        self._read: dict[str, _Read] = {}

    def get(self, name: str, now: int) -> Site | None:
        """The site of that name, if there is one."""
        read = self._read.get(name)
        if read is None or not 0 <= now - read.at < _READ_AGAIN:
            read = self._look(name, now)
        return read.site if read else None

    def origins(self, now: int) -> frozenset[str]:
        """From where pages of any site come."""
        return frozenset(origin for site in self.all(now) for origin in site.settings.origins)

    def all(self, now: int) -> Iterator[Site]:
        for found in self._folder.sites():
            if site := self.get(found.name, now):
                yield site

    def check(self) -> None:
        """Raises SupernodeError when something of a site cannot be read."""
        for found in self._folder.sites():
            _site(found, 0)

    def _look(self, name: str, now: int) -> _Read | None:
        before = self._read.pop(name, None)
        try:
            site = _site(self._folder.site(name), now)
        except UsageError:
            return None
        except (SupernodeError, OSError) as error:
            log.warning("what there was of site %s goes on to count: %s", name, error)
            if before is None:
                return None
            site = before.site
        self._read[name] = _Read(site, now)
        return self._read[name]


def _site(found: state.Site, now: int) -> Site:
    key = found.key()
    return Site(
        found.name,
        found.secret(),
        key,
        tokens.names_key(key),
        SiteSettings.load(found.folder),
        tuple(each.key for each in signing_keys.former(found, now)),
    )
