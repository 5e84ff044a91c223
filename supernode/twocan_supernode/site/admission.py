"""Who may ask: whoever has a site's key, for that site alone, and how often."""

from dataclasses import dataclass

from fastapi import Request

from twocan_supernode.site import keys, limits
from twocan_supernode.site.asked import AskedRoute
from twocan_supernode.site.keys import Keys
from twocan_supernode.site.limits import Limiter, Rate
from twocan_supernode.site.parts import Parts
from twocan_supernode.site.problems import KEY_REFUSED, Problem, too_many
from twocan_supernode.site.sites import Site


@dataclass(frozen=True, slots=True)
class Asker:
    """The site that asks; ``key``: the ID of its key, for the audit."""

    site: Site
    key: str


class Admission:
    """Lets requests in. What it knows of who asked how often is in its memory."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._keys = Keys(parts.store)
        self._by_key = Limiter(limits.SITE_KEY)
        self._launches = Limiter(limits.LAUNCHES)
        self._tokens = Limiter(limits.TOKENS)
        self._redemptions = Limiter(parts.per_address or limits.REDEMPTIONS)
        self._refreshes = Limiter(parts.per_address or limits.REFRESHES)

    async def asker(self, request: Request) -> Asker:
        """Whoever's key it is. Raises a problem, or StoreAway."""
        now = self._parts.clock()
        key = await self._keys.valid(keys.read(request.headers.get("Authorization")), now)
        site = self._parts.sites.get(key.site, now) if key else None
        if key is None or site is None:
            raise Problem(
                KEY_REFUSED,
                "send the header Authorization: Bearer tck_… with a key of twocan-supernode "
                "site-key new, which was not retired",
                headers={"WWW-Authenticate": 'Bearer realm="twocan"'},
            )
        self._take(self._by_key, key.id)
        return Asker(site, key.id)

    def launches(self, site: Site, address: str) -> None:
        """Counts a launch of that person's. Raises a problem when there were too many."""
        self._take(self._launches, address, site.settings.limits.launches)

    def tokens(self, site: Site, address: str) -> None:
        self._take(self._tokens, address, site.settings.limits.tokens)

    def redemptions(self, request: Request) -> None:
        """Counts a redemption from that network."""
        self._take_network(self._redemptions, request)

    def refreshes(self, request: Request) -> None:
        self._take_network(self._refreshes, request)

    def _take_network(self, limiter: Limiter, request: Request) -> None:
        network = limits.network(request.client.host) if request.client else None
        if network is not None:
            self._take(limiter, network)

    def _take(self, limiter: Limiter, asker: str, rate: Rate | None = None) -> None:
        wait = limiter.take(asker, self._parts.ticks(), rate)
        if wait:
            raise too_many(wait)


class SiteRoute(AskedRoute):
    """A route that only the holder of a site key may ask."""

    async def admit(self, request: Request) -> None:
        admission: Admission = request.app.state.admission
        request.state.asker = await admission.asker(request)


def asker_of(request: Request) -> Asker:
    """Whoever was let in. A dependency of FastAPI's would say it as well, at twice the price."""
    asker: Asker = request.state.asker
    return asker
