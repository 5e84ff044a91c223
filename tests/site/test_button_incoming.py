"""Somebody calls who has only a page of the site open: a real supernode, and pages in Chromium."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from chromium import CHROMIUM, visitor
from page_backend import PageBackend, listening, origin
from running import Supernode
from twocan_supernode.node import FIRST_SITE
from twocan_supernode.site import tokens
from twocan_supernode.site.settings import SiteSettings
from twocan_supernode.site.tokens import Person
from twocan_supernode.state import State
from xmpp_stream import NS, PRESENCE, Stream, signed_in

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(120),
    pytest.mark.usefixtures("no_task_left_in_session"),
    pytest.mark.skipif(not CHROMIUM and "CI" not in os.environ, reason="no Chromium here"),
]

PATIENCE, RINGS_AGAIN, RINGS_FOR, WAITS_AT_MOST = 4_000, 20_000, 60_000, 180_000
AWAY_AFTER = 300_000
"""Milliseconds."""
WITHIN = 40.0
"""Seconds, on a machine that has more to do."""
JMI = "urn:xmpp:jingle-message:0"
STORE = "<store xmlns='urn:xmpp:hints'/>"


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """Where the site's pages are, which its supernode has to know."""
    with listening() as listener:
        yield listener


@pytest.fixture(scope="module")
def supernode(
    listener: socket.socket, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Supernode]:
    folder = tmp_path_factory.mktemp("supernode")
    state = State(folder)
    state.add_site(FIRST_SITE)
    SiteSettings(origins=(origin(listener),)).save(state.site(FIRST_SITE).folder)
    with Supernode(folder) as node:
        yield node


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def browser(headless: Browser) -> AsyncIterator[BrowserContext]:
    async with visitor(headless) as browser:
        yield browser


class Site:
    """A site whose page is open, and somebody who calls whoever has it open."""

    def __init__(self, backend: PageBackend, supernode: Supernode, browser: BrowserContext) -> None:
        self.backend, self._supernode, self._browser = backend, supernode, browser
        self._key = State(supernode.state).site(FIRST_SITE).key()
        self.ann = supernode.mint(f"ann {time.monotonic_ns()}")
        self.bob = supernode.mint("bob")
        backend.body = "<twocan-incoming></twocan-incoming><input>"
        backend.account = {
            "address": self.ann["address"],
            "token": tokens.page_account(self._key, self.ann["address"], _now()).token,
            "websocket": f"ws://localhost:{supernode.ports['ws']}/ws",
            "names_key": tokens.names_key(self._key),
        }

    async def open(self) -> Page:
        """A page whose time passes when a test says so."""
        page = await self._browser.new_page()
        await page.clock.install()
        await page.goto(self.backend.origin)
        return page

    async def opening(self) -> tuple[Page, asyncio.Event]:
        """The same, and whether the supernode knows that it is there."""
        signed_in = asyncio.Event()
        page = await self._browser.new_page()

        def came(frame: str | bytes) -> None:
            if "<presence" in str(frame) and "/page-" in str(frame):  # its own, which comes back
                signed_in.set()

        page.on("websocket", lambda line: line.on("framereceived", came))
        await page.clock.install()
        await page.goto(self.backend.origin)
        return page, signed_in

    async def signed_in(self) -> Page:
        """The same, once it does."""
        page, signed_in = await self.opening()
        await asyncio.wait_for(signed_in.wait(), WITHIN)
        return page

    async def asked_for_tokens(self, times: int) -> None:
        """Until it was, so often or more."""
        async with asyncio.timeout(WITHIN):
            while self.backend.tokens < times:
                await asyncio.sleep(0.01)

    def bobs(self) -> AbstractAsyncContextManager[Stream]:
        return signed_in(self.bob, "phone")

    def anns(self) -> AbstractAsyncContextManager[Stream]:
        """Another device of hers."""
        return signed_in(self.ann, "phone")

    def card(self, name: str) -> str:
        return tokens.card(self._key, Person(self.bob["address"], name), _now())

    def says(self, verb: str, sid: str = "one", inside: str = "") -> str:
        """The stanza in which somebody says so about a call to Ann."""
        said = f"<{verb} xmlns='{JMI}' id='{sid}'>{inside}</{verb}>"
        return f"<message to='{self.ann['address']}' type='chat'>{said}</message>"

    def answering(self, verb: str, sid: str) -> str:
        """The stanza in which a device of Ann's says so about a call of Bob's."""
        said = f"<{verb} xmlns='{JMI}' id='{sid}'/>"
        return f"<message to='{self.bob['address']}' type='chat'>{said}{STORE}</message>"

    def proposal(self, name: str = "Demo Bob", sid: str = "one", medium: str = "audio") -> str:
        described = f"<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='{medium}'/>"
        card = f"<card xmlns='urn:twocan:card:0'>{self.card(name)}</card>"
        return self.says("propose", sid, described + card)


def _now() -> int:
    return time.time_ns() // 1_000_000


@pytest_asyncio.fixture(loop_scope="session")
async def site(
    listener: socket.socket, supernode: Supernode, browser: BrowserContext
) -> AsyncIterator[Site]:
    faults: list[Any] = []
    browser.on("weberror", lambda fault: faults.append(fault.error))
    async with PageBackend.serving(listener) as backend:
        yield Site(backend, supernode, browser)
        for page in browser.pages[1:]:
            await page.close()
    assert not faults


def verb(name: str) -> Callable[[Element], bool]:
    return lambda element: element.find(f".//{{{JMI}}}{name}") is not None


def page_device(element: Element) -> bool:
    """Whether a page says that it is there, or no longer."""
    return element.tag == PRESENCE and "/page-" in (element.get("from") or "")


async def test_it_rings_and_is_declined(site: Site) -> None:
    page = await site.signed_in()
    async with site.bobs() as bob:
        await page.locator("input").focus()
        bob.send(site.proposal())
        ringing = await bob.until(verb("ringing"))
        assert (ringing.get("from") or "").startswith(f"{site.ann['address']}/page-")
        toast = page.get_by_role("group", name="Demo Bob is calling")
        await expect(toast).to_be_visible()
        await expect(page.get_by_role("alert")).to_have_text("Demo Bob is calling")
        await expect(page).to_have_title("Demo Bob is calling")
        await expect(page.locator("input")).to_be_focused()
        await page.get_by_role("button", name="Decline").click()
        reject = await bob.until(verb("reject"))
        assert reject.find(".//{urn:xmpp:jingle:1}decline") is not None
        await expect(toast).to_have_count(0)
        await expect(page).to_have_title("Site")


async def test_who_gave_up_was_missed_until_that_is_closed(site: Site) -> None:
    page = await site.signed_in()
    async with site.bobs() as bob:
        bob.send(site.proposal(medium="video"))
        await expect(page.get_by_role("alert")).to_have_text("Demo Bob calls, with camera")
        bob.send(site.says("retract"))
        missed = page.get_by_role("group", name="You missed a call from Demo Bob")
        await expect(missed).to_be_visible()
        await expect(page).to_have_title("Site")
        await page.clock.run_for(WAITS_AT_MOST)
        await page.get_by_role("button", name="Close").click()
        await expect(missed).to_have_count(0)


@pytest.mark.parametrize("said", ["proceed", "reject"])
async def test_another_device_decided(site: Site, said: str) -> None:
    page = await site.signed_in()
    async with site.bobs() as bob, site.anns() as ann:
        await ann.until(page_device)
        bob.send(site.proposal())
        await expect(page.get_by_role("alert")).to_have_text("Demo Bob is calling")
        # Nobody else does.
        bob.send(site.says(said))
        to = f"to='{site.bob['address']}' type='chat'"
        await bob.ask("<ping xmlns='urn:xmpp:ping'/>")
        await expect(page.get_by_role("group")).to_have_count(1)
        ann.send(f"<message {to}><{said} xmlns='{JMI}' id='one'/></message>")
        await expect(page.get_by_role("group")).to_have_count(0)


async def test_an_answer_waits_for_the_phone_to_be_installed(site: Site) -> None:
    page = await site.signed_in()
    async with site.bobs() as bob:
        bob.send(site.proposal())
        await bob.until(verb("ringing"))
        await page.get_by_role("button", name="Answer").click()
        async with asyncio.timeout(WITHIN):
            while not site.backend.links:
                await asyncio.sleep(0.01)
        assert site.backend.wishes == [{"answer": "one", "caller": site.bob["address"]}]
        await page.clock.run_for(PATIENCE)
        await expect(page.get_by_role("link", name="Download for Linux")).to_be_visible()
        await page.clock.run_for(RINGS_AGAIN)
        await bob.until(verb("ringing"))
        await page.clock.run_for(RINGS_FOR)
        await bob.until(verb("ringing"))
        await expect(page.get_by_role("button", name="Answer")).to_be_visible()
        await page.clock.run_for(WAITS_AT_MOST)
        await expect(page.get_by_role("alert")).to_have_text("You missed a call from Demo Bob")


async def test_who_shows_the_card_of_another_is_somebody(site: Site) -> None:
    page = await site.signed_in()
    async with signed_in(site._supernode.mint("mallory"), "phone") as mallory:
        mallory.send(site.proposal())
        await expect(page.get_by_role("alert")).to_have_text("Somebody is calling")


async def test_a_copy_that_the_own_server_did_not_make(site: Site) -> None:
    """XEP-0280 §11: anybody can write one."""
    page = await site.signed_in()
    async with site.bobs() as bob:
        bob.send(site.proposal())
        declined = f"<reject xmlns='{JMI}' id='one'/>"
        inner = (
            f"<message xmlns='jabber:client' from='{site.ann['address']}/x'>{declined}</message>"
        )
        forwarded = f"<forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded>"
        copy = f"<sent xmlns='urn:xmpp:carbons:2'>{forwarded}</sent>"
        bob.send(f"<message to='{site.ann['address']}' type='chat'>{copy}</message>")
        async with signed_in(site._supernode.mint("carol"), "phone") as carol:
            carol.send(site.proposal(sid="two"))
            await expect(page.get_by_role("group", name="Somebody is calling")).to_be_visible()
        await expect(page.get_by_role("group", name="Demo Bob is calling")).to_be_visible()


async def test_one_tab_speaks_for_all(site: Site) -> None:
    first = await site.signed_in()
    async with site.bobs() as bob, site.anns() as ann:
        bob.send(site.proposal())
        await expect(first.get_by_role("group")).to_have_count(1)
        second, _ = await site.opening()
        await expect(second.get_by_role("group", name="Demo Bob is calling")).to_be_visible()
        assert site.backend.tokens == 1
        await second.get_by_role("button", name="Decline").click()
        await bob.until(verb("reject"))
        await expect(first.get_by_role("group")).to_have_count(0)
        # When its tab is closed, another one does.
        await first.close()
        gone = await ann.until(lambda e: page_device(e) and e.get("type") == "unavailable")
        await ann.until(lambda e: page_device(e) and e.get("from") != gone.get("from"))
        assert site.backend.tokens == 2
        bob.send(site.proposal(sid="two"))
        await expect(second.get_by_role("group", name="Demo Bob is calling")).to_be_visible()


async def test_a_line_that_breaks_is_made_again(site: Site, browser: BrowserContext) -> None:
    lines: list[WebSocketRoute] = []

    def through(line: WebSocketRoute) -> None:
        lines.extend([line, line.connect_to_server()])

    page = await browser.new_page()
    await page.route_web_socket("**/ws", through)
    await page.clock.install()
    await page.goto(site.backend.origin)
    async with site.bobs() as bob, site.anns() as ann:
        first = (await ann.until(page_device)).get("from")
        for end in lines[:2]:
            await end.close()
        async with asyncio.timeout(WITHIN):
            while site.backend.tokens < 2:
                await page.clock.run_for(500)
        while (await ann.until(page_device)).get("from") == first:
            pass
        bob.send(site.proposal())
        await expect(page.get_by_role("alert")).to_have_text("Demo Bob is calling")


async def test_what_was_said_while_the_line_was_broken(site: Site, browser: BrowserContext) -> None:
    """The supernode gave it to another device alone; its archive has it, too."""
    lines: list[WebSocketRoute] = []

    def through(line: WebSocketRoute) -> None:
        lines.extend([line, line.connect_to_server()])

    async def hears(ann: Stream, sender: Stream, stanza: str) -> None:
        sender.send(stanza.replace("</message>", f"{STORE}</message>"))
        await ann.until(lambda element: element.find(f".//{{{JMI}}}*") is not None)

    page = await browser.new_page()
    await page.route_web_socket("**/ws", through)
    await page.clock.install()
    await page.goto(site.backend.origin)
    carol = site._supernode.mint("carol")
    async with site.bobs() as bob, site.anns() as ann, signed_in(carol, "phone") as other:
        await ann.until(page_device)
        await hears(ann, bob, site.proposal())
        await expect(page.get_by_role("alert")).to_have_text("Demo Bob is calling")

        account, site.backend.account = site.backend.account, None
        for end in lines[:2]:
            await end.close()
        await hears(ann, bob, site.says("retract"))
        await hears(ann, other, site.proposal(sid="two"))
        await hears(ann, bob, site.proposal(sid="three"))
        ann.send(site.answering("proceed", "three"))
        await bob.until(verb("proceed"))
        site.backend.account = account
        known = site.backend.tokens
        async with asyncio.timeout(WITHIN):
            while site.backend.tokens <= known:
                await page.clock.run_for(500)

        missed = page.get_by_role("group", name="You missed a call from Demo Bob")
        await expect(missed).to_be_visible()
        await expect(page.get_by_role("group", name="Somebody is calling")).to_be_visible()
        await other.until(verb("ringing"))
        await expect(page.get_by_role("group")).to_have_count(2)

        # Who closed it does not see it again, nor is told on another page what was over before.
        await page.get_by_role("button", name="Close").click()
        await page.close()
        page = await site.signed_in()
        await expect(page.get_by_role("group", name="Somebody is calling")).to_be_visible()
        await expect(page.get_by_role("group")).to_have_count(1)


async def test_nobody_looks_at_the_page_for_minutes(site: Site) -> None:
    page = await site.signed_in()
    async with site.anns() as ann:
        here = await ann.until(page_device)
        assert here.find("c:show", NS) is None
        see = "hidden => Object.defineProperty(document, 'hidden', {value: hidden, writable: true})"
        await page.evaluate(see, True)
        await page.clock.run_for(AWAY_AFTER + 10_000)
        assert (await ann.until(page_device)).findtext("c:show", "", NS) == "away"
        await page.evaluate("document.hidden = false")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        assert (await ann.until(page_device)).find("c:show", NS) is None


async def test_who_is_not_signed_in_at_the_site_is_asked_for_seldom(site: Site) -> None:
    site.backend.account = None
    page = await site.open()
    await site.asked_for_tokens(1)
    await page.clock.run_for(10_000)
    assert 1 <= site.backend.tokens <= 5
    before = site.backend.tokens
    await page.clock.run_for(60_000)
    assert site.backend.tokens - before <= 4


# --- what needs no supernode


CARDS = """async ({cards, key, sender, now}) => {
    const { nameOnCard } = await import("/sources/card.js");
    return Promise.all(cards.map(card => nameOnCard(card, key, sender, now)));
}"""


async def test_no_card_is_believed_but_a_good_one(site: Site) -> None:
    page = await site.open()
    good = site.card("Demo Bob")
    head, body, signature = good.split(".")
    other = State(site._supernode.state).site(FIRST_SITE)
    forged = [
        "",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body}.{signature}.x",
        good.replace(head, "eyJhbGciOiJub25lIn0"),
        tokens.card(other.key(), Person("someone@site.localhost", "Demo Bob"), _now()),
        tokens.card(other.key(), Person(site.bob["address"], "Demo Bob"), 0),
        tokens.refresh_token(
            other.key(), Person(site.bob["address"], "Demo Bob"), "x" * 43, _now()
        ),
        good + "A" * 5000,
    ]
    key = tokens.names_key(other.key())
    said = {"key": key, "sender": site.bob["address"], "now": _now() / 1000}
    assert await page.evaluate(CARDS, {"cards": [good, *forged], **said}) == [
        "Demo Bob",
        *[""] * len(forged),
    ]


FLOOD = """async () => {
    const { Calls } = await import("/sources/calls.js");
    const calls = new Calls();
    const propose = (number, now) => calls.propose(
        {sid: `s${number}`, from: `p${number}@site.example/phone`, name: ""}, now, now);
    const rang = [];
    for (let each = 0; each < 100; each += 1) rang.push(propose(each, 1000 + each));
    const shown = calls.list.length;
    calls.age(1000 + 61_000);
    const missed = calls.list.filter(({state}) => state === "missed").length;
    const later = propose(200, 70_000);
    const same = {sid: "x", from: "p200@site.example/other", name: ""};
    const again = calls.propose(same, 70_001, 70_001);
    const old = calls.propose({sid: "y", from: "q@site.example/z", name: ""}, 0, 200_000);
    return {rang: rang.filter(Boolean).length, shown, missed, later, again, old,
        list: calls.list.map(({sid, state}) => `${sid} ${state}`)};
}"""


async def test_a_crowd_of_callers_does_not_fill_the_page(site: Site) -> None:
    page = await site.open()
    assert await page.evaluate(FLOOD) == {
        "rang": 5,
        "shown": 5,
        "missed": 5,
        "later": True,
        "again": True,  # in place of what rang before from the same person
        "old": False,
        "list": ["s2 missed", "s3 missed", "s4 missed", "x ringing", "y missed"],
    }
