"""The call button in a real browser: from the click to the voice, and what can go wrong between."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from before_a_browser import Somebody, presence
from chromium import chromium
from commanding import Command, run
from neighbourhood import (
    OURS,
    THEIRS,
    DemoSite,
    Visitor,
    answering,
    calling,
    redeemed,
    refreshed,
    sounds,
)
from overlooked import Neighbour, written_in
from own_display import Display, own_display
from site_api import Phone
from twocan.address import bare
from twocan_supernode.site.links import digest_of
from visiting import Session

LACKING = [
    name for name in ("Xvfb", "chromium", "xdg-open", "xdg-mime") if shutil.which(name) is None
]
pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        bool(LACKING) and "CI" not in os.environ, reason=f"not installed: {', '.join(LACKING)}"
    ),
]


STATES = """window.states = [];
document.addEventListener("twocan-state", event => states.push(event.detail.state))"""
GONE = "twocan: {} does not know this link any more: click the button again\n"
BRIEFLY = ("--microphone", "silence", "--speaker", "null", "--for", "0.1")
TALKED = ("call.started", "call.answered", "call.ended, hung-up")
QUIET = -40.0
"""dBFS, below which nobody says anything."""


@pytest.fixture(scope="module")
def neighbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbour]:
    """Who must not see any secret during all of this, to the end of whatever runs."""
    with Neighbour.watching() as neighbour:
        yield neighbour
    assert neighbour.saw() == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, neighbour: Neighbour) -> Iterator[DemoSite]:
    folder = tmp_path_factory.mktemp("demo")
    with DemoSite.running(folder) as site:
        yield site
    assert written_in(folder) == []


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    with own_display() as display:
        yield display


@pytest.fixture(scope="module")
def session(
    tmp_path_factory: pytest.TempPathFactory, display: Display, neighbour: Neighbour
) -> Iterator[Session]:
    with Session.of(tmp_path_factory.mktemp("session"), display) as session:
        yield session


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser(
    session: Session, site: DemoSite, neighbour: Neighbour
) -> AsyncIterator[BrowserContext]:
    """Of somebody who once chose to open the site's links always."""
    profile = session.home.folder / "profile"
    await asyncio.to_thread(lambda: None)  # its thread stays
    size = {"width": 800, "height": 700}
    async with chromium(profile, session.environment, site.url, viewport=size) as browser:
        await browser.add_init_script(STATES)
        neighbour.watch(browser)
        yield browser


@pytest.fixture(scope="module")
def once_installed(session: Session) -> None:
    assert session.install() == 0


@pytest.fixture
def installed(once_installed: None, session: Session) -> None:
    """Links are opened by the phone, whatever other tests did."""
    if not (session.home.data / "applications" / "twocan.desktop").exists():
        assert session.install() == 0


@pytest_asyncio.fixture(loop_scope="module")
async def somebody(
    session: Session, display: Display, browser: BrowserContext
) -> AsyncIterator[Somebody]:
    async with Somebody.at(session, display, browser) as somebody:
        yield somebody


def address(phone: Command) -> str:
    """Of whoever is signed in there."""
    return bare(phone.events[0]["address"])


async def was_told(page: Page, *events: str) -> None:
    """The site was told these last, in turn, and its page shows it."""
    newest = page.locator("#told code")
    for at, event in enumerate(reversed(events)):
        await expect(newest.nth(at)).to_have_text(event)


# --- from the click to the voice -------------------------------------------------------------


async def test_a_click_calls_and_they_talk(
    site: DemoSite, somebody: Somebody, installed: None, tmp_path: Path
) -> None:
    async with answering(site, "ben", "ann", tmp_path) as ben:
        page = await somebody.visits(site, "ann")
        await presence(page, "free")
        await somebody.clicks(page, page.get_by_role("button", name="Call Demo Ben"))
        ringing = await somebody.agrees(ben.event("incoming"))
        assert ringing["peer_name"] == "Demo Ann"
        await ben.event("connected")
        await asyncio.gather(
            sounds(somebody.heard, THEIRS),
            sounds(tmp_path / "ben.wav", OURS),
            presence(page, "in-a-call"),
        )
        report = await somebody.hangs_up(ben.event("report"))
        assert (report["outcome"], report["ended_by"]) == ("completed", "them")
        assert report["audio"]["received"]["level_dbfs"] > QUIET
        await presence(page, "free")
        await was_told(page, *TALKED)
        assert await somebody.has_talked(address(ben), calling=True) == 1
        assert "left" in await page.evaluate("states")


async def test_a_page_is_enough_to_be_called(
    site: DemoSite, somebody: Somebody, installed: None, tmp_path: Path
) -> None:
    page = await somebody.visits(site, "ben")
    async with calling(site, "ann", "ben", tmp_path) as ann:
        toast = page.get_by_role("group", name="Demo Ann is calling")
        await ann.event("ringing")
        await toast.wait_for()
        await somebody.clicks(page, toast.get_by_role("button", name="Answer"))
        await somebody.agrees(ann.event("connected"))
        await asyncio.gather(sounds(somebody.heard, THEIRS), sounds(tmp_path / "ann.wav", OURS))
        await expect(toast).to_have_count(0)
        ann.signal(signal.SIGINT)
        report = await ann.event("report")
        assert (report["outcome"], report["ended_by"]) == ("completed", "us")
        assert report["audio"]["received"]["level_dbfs"] > QUIET
        await was_told(page, *TALKED)
        assert await ann.ended() == (0, "")
        assert await somebody.has_talked(address(ann), calling=False) == 1


async def test_a_page_declines_and_sees_who_gave_up(
    site: DemoSite, somebody: Somebody, installed: None, tmp_path: Path
) -> None:
    page = await somebody.visits(site, "ben")
    toast = page.get_by_role("group", name="Demo Ann is calling")
    async with calling(site, "ann", "ben", tmp_path) as ann:
        await toast.get_by_role("button", name="Decline").click()
        report = await ann.event("report")
        assert (report["outcome"], report["ended_by"]) == ("declined", "them")
        await expect(toast).to_have_count(0)
        await was_told(page, "call.started", "call.missed, declined")
    async with calling(site, "ann", "ben", tmp_path) as ann:
        await ann.event("ringing")
        await toast.wait_for()
        ann.signal(signal.SIGINT)
        assert (await ann.event("report"))["outcome"] == "cancelled"
        await page.get_by_role("group", name="You missed a call from Demo Ann").wait_for()
        await was_told(page, "call.started", "call.missed, cancelled")
    assert somebody.phones() == []


# --- nobody opens the link -------------------------------------------------------------------


async def test_whoever_has_no_phone_is_offered_it_and_the_call_goes_on(
    site: DemoSite, somebody: Somebody, session: Session, installed: None, tmp_path: Path
) -> None:
    assert session.home.command("", "uninstall", "--quiet")[0] == 0
    async with answering(site, "ben", "ann", tmp_path) as ben:
        page = await somebody.visits(site, "ann")
        await somebody.clicks(page, page.get_by_role("button", name="Call Demo Ben"))
        offer = page.get_by_role("group", name="Twocan did not open")
        await offer.wait_for()
        assert await page.evaluate("states") == ["asking", "opening", "offered"]
        async with page.expect_download() as download:
            await offer.get_by_role("link", name="Download for Linux (1 MB)").click()
        assert (await (await download.value).path()).stat().st_size == 1_200_000
        await page.get_by_role("group", name="As soon as Twocan is installed").wait_for()
        assert session.install() == 0
        somebody.comes_back()
        await somebody.agrees(ben.event("incoming"))


# --- codes -----------------------------------------------------------------------------------


async def test_a_code_is_good_once_and_for_two_minutes(
    site: DemoSite, somebody: Somebody, installed: None, tmp_path: Path
) -> None:
    async with Visitor(site, "ann") as ann:
        raced, old = [await ann.link("ben") for _ in range(2)]
    async with answering(site, "ben", "ann", tmp_path):
        both = await asyncio.gather(*(run("call", raced.text, *BRIEFLY) for _ in range(2)))
    lost, won = sorted(both, key=lambda ended: ended[2].report["outcome"] == "completed")
    assert won[2].report["outcome"] == "completed"
    assert lost[:2] == (3, GONE.format(urlsplit(raced.api).netloc))
    with site.tables() as tables:
        tables.execute("UPDATE codes SET expires = 1 WHERE digest = ?", (digest_of(old.code),))
    code, said, _ = await run("call", old.text, *BRIEFLY)
    assert (code, said) == (3, GONE.format(urlsplit(old.api).netloc))


async def test_a_link_that_is_opened_twice_calls_once(
    site: DemoSite, somebody: Somebody, installed: None, tmp_path: Path
) -> None:
    async with Visitor(site, "ann") as ann:
        link = await ann.link("ben")
    async with answering(site, "ben", "ann", tmp_path) as ben:
        await somebody.opens(link)
        await somebody.is_asked()
        # It asks still; whoever has the link besides them gets nothing by it.
        await somebody.opens(link)
        assert (await run("call", link.text, *BRIEFLY))[0] == 3
        await somebody.agrees(ben.event("connected"))
        await somebody.hangs_up(ben.event("report"))
    assert await somebody.has_talked(address(ben), calling=True) == 1


# --- somebody whom the site deletes ----------------------------------------------------------


async def test_whoever_the_site_deletes_is_thrown_out(
    site: DemoSite, somebody: Somebody, installed: None, tmp_path: Path
) -> None:
    key = Phone()
    async with Visitor(site, "ann") as ann, answering(site, "ben", "ann", tmp_path) as ben:
        unused = await ann.link("ben")
        other = (await redeemed(await ann.link("ben"), key.jwk)).json()["account"]
        page = await somebody.visits(site, "ann")
        await presence(page, "free")
        link = await somebody.clicks(page, page.get_by_role("button", name="Call Demo Ben"))
        await somebody.agrees(ben.event("connected"))

        async with page.expect_response(f"{site.url}/ann/twocan/token") as again:
            await site.deletes(link.api, "ann")
        # Their page is signed out, and not let in again.
        assert (await again.value).status == 409
        assert await ann.token() == 409
        # Neither their phones, with what they were given before, nor a link.
        assert await refreshed(other, key) == 401
        assert (await redeemed(unused, key.jwk)).status_code == 410
        file = tmp_path / "other.json"
        file.write_text(json.dumps({n: v for n, v in other.items() if n != "refresh"}))
        assert (await run("answer", "--account", file, "--echo"))[0] == 3
        # What they talk goes from phone to phone, and is not the supernode's to end.
        await sounds(tmp_path / "ben.wav", OURS)
        ben.signal(signal.SIGINT)
        assert (await ben.event("report"))["ended_by"] == "us"
        assert await somebody.has_talked(address(ben), calling=True) == 1
        # Ten minutes later they begin anew.
        site.lets_pass(minutes=11)
        assert await ann.token() == 200
