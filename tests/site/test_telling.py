"""What phones say of calls is told to the site, and of no phone more than it may say."""

import httpx
import pytest

from site_api import SITE, SiteApi
from twocan_supernode.site.limits import CALL_EVENTS
from twocan_supernode.site.parts import Parts, Where
from twocan_supernode.site.running import Heard, telling
from twocan_supernode.site.settings import Webhook, new_secret
from twocan_supernode.site.sites import Sites
from twocan_supernode.site.webhooks import Deliverer

ANN, BEN = f"ann@{SITE}", f"ben@{SITE}"
MOST = CALL_EVENTS.burst


@pytest.fixture
def heard(api: SiteApi) -> Heard:
    """Takes messages; what comes of them waits in the store."""
    webhook = Webhook("https://site.example/calls", new_secret())
    deliverer = Deliverer(api.store, lambda _: webhook, httpx.AsyncClient(), api.clock)
    where = Where(api.url, "wss://calls.site.example/ws", ())
    parts = Parts(
        *(api.store, api.people, Sites(api.state), where),
        clock=api.clock,
        ticks=api.clock.ticks,
    )
    return telling(deliverer, parts)


def proposal(sid: str) -> bytes:
    said = f"<propose xmlns='urn:xmpp:jingle-message:0' id='{sid}'/>"
    return f"<message xmlns='jabber:client' type='chat'>{said}</message>".encode()


async def posted(api: SiteApi) -> int:
    """How many are there that nobody has taken yet."""
    return len(await api.store.claim(api.clock.now, api.clock.now + 10**6, 1000))


async def test_a_phone_that_makes_up_calls_does_not_drown_the_site(
    api: SiteApi, heard: Heard
) -> None:
    for number in range(MOST + 20):
        await heard(f"{ANN}/device-{number}", BEN, proposal(f"a{number}"))
    assert await posted(api) == MOST

    await heard(f"{BEN}/desk", ANN, proposal("b"))
    assert await posted(api) == 1

    api.clock.advance(seconds=3 * CALL_EVENTS.every)
    for number in range(10):
        await heard(f"{ANN}/desk", BEN, proposal(f"c{number}"))
    assert await posted(api) == 3


async def test_what_is_no_event_counts_for_nothing(api: SiteApi, heard: Heard) -> None:
    for _ in range(2 * MOST):
        await heard(f"{ANN}/desk", BEN, b"<message><body>hello</body></message>")
    await heard(f"{ANN}/desk", BEN, proposal("a"))
    assert await posted(api) == 1
