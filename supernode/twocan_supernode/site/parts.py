"""What the app stands on, given to it from outside: so a test can give its own clock or people."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from twocan_supernode.sessions import Sessions
from twocan_supernode.site.limits import Rate
from twocan_supernode.site.metrics import ONLY_HERE, Metrics, MetricsAccess
from twocan_supernode.site.sites import Sites
from twocan_supernode.store import Store


@dataclass(frozen=True, slots=True)
class XmppServer:
    """Where phones sign in: direct TLS (XEP-0368)."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Where:
    """Where things are reached.

    ``url``: this API, without a slash at the end; ``websocket``: XMPP for pages (RFC 7395); ``ca``:
    the authority of a node on this very machine, for phones that cannot know it otherwise;
    ``downloads``: the folder of the programs that people may download.
    """

    url: str
    websocket: str
    servers: tuple[XmppServer, ...]
    ca: Path | None = None
    downloads: Path | None = None

    @property
    def secure(self) -> bool:
        return self.url.startswith("https:")


def _now() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Parts:
    """``scripts``: the page kit's files, by name. ``clock``: ms since 1970. ``ticks``: seconds of
    a clock that never goes back. ``per_address``: how often one network address may redeem, and as
    often refresh, if it is not as usual. Store and sessions are opened and closed by whoever made
    them.
    """

    store: Store
    sessions: Sessions
    sites: Sites
    where: Where
    scripts: Mapping[str, Path] = field(default_factory=dict)
    clock: Callable[[], int] = _now
    ticks: Callable[[], float] = time.monotonic
    metrics: Metrics = field(default_factory=Metrics)
    metrics_access: MetricsAccess = ONLY_HERE
    per_address: Rate | None = None
