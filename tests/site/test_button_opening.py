"""What the call button opens, in Chromium with a window: links, once for each click."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from chromium import CHROMIUM, chromium
from own_display import XVFB, Display, own_display
from page_backend import PageBackend, listening, origin

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("no_task_left_in_session"),
    pytest.mark.skipif(
        not (CHROMIUM and XVFB) and "CI" not in os.environ, reason="no Chromium or no Xvfb here"
    ),
]

PAGE = '<twocan-call person="ann" name="Demo Ann"></twocan-call><h1 style="margin:40em 0">Site</h1>'
PATIENCE, TRIES_EVERY, OLD = 4_000, 20_000, 101_000
"""Milliseconds."""


class System:
    """What the browser hands links to, and whether that can be opened by anything."""

    def __init__(self, folder: Path, display: Display) -> None:
        self._opened = folder / "opened"
        (folder / "bin").mkdir()
        program = folder / "bin/xdg-open"
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >>"{self._opened}"\n')
        program.chmod(0o755)
        path = f"{program.parent}:{os.environ['PATH']}"
        self.environment = {"HOME": str(folder), "PATH": path, **display.environment}

    @property
    def opened(self) -> list[str]:
        return self._opened.read_text().splitlines() if self._opened.exists() else []

    def forget(self) -> None:
        self._opened.unlink(missing_ok=True)

    async def opens(self, links: list[str]) -> None:
        """Until these were opened, and no others."""
        async with asyncio.timeout(40):
            while len(self.opened) < len(links):
                await asyncio.sleep(0.02)
        assert self.opened == links


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    with listening() as listener:
        yield listener


@pytest.fixture(scope="module")
def their_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with own_display() as display:
        yield System(tmp_path_factory.mktemp("system"), display)


@pytest.fixture
def system(their_system: System) -> System:
    their_system.forget()
    return their_system


@pytest_asyncio.fixture(loop_scope="session")
async def site(listener: socket.socket) -> AsyncIterator[PageBackend]:
    async with PageBackend.serving(listener) as site:
        site.body = PAGE
        yield site


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def browser(
    tmp_path_factory: pytest.TempPathFactory, listener: socket.socket, their_system: System
) -> AsyncIterator[BrowserContext]:
    """Of somebody who once chose to open such links always."""
    profile = tmp_path_factory.mktemp("browser") / "profile"
    async with chromium(profile, their_system.environment, origin(listener)) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: BrowserContext) -> AsyncIterator[Page]:
    page = await browser.new_page()
    yield page
    await page.close()
    await browser.unroute_all()


async def clicked(page: Page, site: PageBackend) -> None:
    await page.goto(site.origin)
    await page.get_by_role("button", name="Call Demo Ann").click()
    await launched(site, 1)


async def launched(site: PageBackend, times: int) -> None:
    """Until it gave out so many links; there are no more."""
    async with asyncio.timeout(40):
        while len(site.links) < times:
            await asyncio.sleep(0.01)
    assert len(site.links) == times


async def test_a_click_opens_the_link_and_leaves_the_page_as_it_is(
    page: Page, site: PageBackend, system: System
) -> None:
    await page.goto(site.origin)
    asked = page.evaluate("new Promise(done => addEventListener('beforeunload', done))")
    leaving = asyncio.ensure_future(asked)
    await page.get_by_role("button", name="Call Demo Ann").click()
    await launched(site, 1)
    await system.opens(site.links)
    assert page.url == f"{site.origin}/"
    assert not leaving.done()
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)


async def test_a_site_that_allows_no_frames(page: Page, site: PageBackend, system: System) -> None:
    site.headers = {
        "Content-Security-Policy": "default-src 'self'; require-trusted-types-for 'script'"
    }
    await clicked(page, site)
    await system.opens(site.links)
    assert page.url == f"{site.origin}/"
    assert site.code() not in await page.content()


async def test_it_tries_again_once_the_phone_was_downloaded(
    browser: BrowserContext, page: Page, site: PageBackend, system: System
) -> None:
    await page.clock.install()
    await browser.route("**/downloads/twocan", lambda route: route.fulfill(status=204))
    await clicked(page, site)
    await system.opens(site.links)
    await page.clock.run_for(PATIENCE)
    await page.get_by_role("link", name="Download for Linux").click()
    waiting = page.get_by_role("group", name="As soon as Twocan is installed")
    await expect(waiting).to_be_visible()
    # The click on the download is good for one try, as soon as they are back.
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await system.opens(site.links * 2)
    # After that Chromium wants another one; until then nothing is even tried.
    await page.clock.run_for(TRIES_EVERY)
    await system.opens(site.links * 2)
    await page.clock.run_for(OLD)
    await page.get_by_role("heading").click()
    await launched(site, 2)
    await system.opens([site.links[0], site.links[0], site.links[1]])
    # The page loses the focus: it opened.
    await page.evaluate("window.dispatchEvent(new Event('blur'))")
    await expect(waiting).to_have_count(0)
    assert len(site.wishes) == 2


async def test_it_gives_up_in_the_end(
    browser: BrowserContext, page: Page, site: PageBackend, system: System
) -> None:
    await page.clock.install()
    await browser.route("**/downloads/twocan", lambda route: route.fulfill(status=204))
    await clicked(page, site)
    await system.opens(site.links)
    await page.clock.run_for(PATIENCE)
    await page.get_by_role("link", name="Download for Linux").click()
    await page.get_by_role("group", name="As soon as Twocan").wait_for()
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await system.opens(site.links * 2)
    await page.clock.run_for(301_000)
    await page.get_by_role("group", name="Twocan did not open").wait_for()
    await page.get_by_role("heading").click()
    await page.clock.run_for(TRIES_EVERY)
    assert len(site.wishes) == 1
    # But the visitor may.
    await page.get_by_role("button", name="Open Twocan").click()
    await launched(site, 2)
    await system.opens([site.links[0], site.links[0], site.links[1]])


async def test_the_question_of_a_browser_that_was_never_told(
    tmp_path: Path, site: PageBackend
) -> None:
    """It takes the focus, as the phone would. Whoever says no to it is offered the download."""
    with own_display() as display:
        system = System(tmp_path, display)
        async with chromium(tmp_path / "profile", system.environment) as browser:
            page = browser.pages[0]
            await page.goto(site.origin)
            devtools = await browser.new_cdp_session(page)
            await devtools.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
            display.give_focus()
            states = """() => new Promise(done => document.addEventListener("twocan-state",
                event => event.detail.state === "left" && done(document.hasFocus())))"""
            left = asyncio.ensure_future(page.evaluate(states))
            await page.get_by_role("button", name="Call Demo Ann").click()
            assert await asyncio.wait_for(left, 40) is False
            assert system.opened == []
            assert await page.get_by_role("group").count() == 0
