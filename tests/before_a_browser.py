"""A person before a browser: what they click on there, and in the window of the phone that starts.

Browser and phone have a display and a home of their own, where links are opened by the system's
real programs.
"""

import asyncio
import json
import os
import sqlite3
import struct
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

from playwright.async_api import BrowserContext, Locator, Page

from clicking import Onlooker, before
from commanding import Said
from neighbourhood import OURS, DemoSite, Link
from own_display import Display, Key
from twocan.media.pictures.filming.windows import Windows, Wire
from twocan.places import config_folder, data_folder
from visiting import CHECKOUT, WITHIN, Session

AGAIN = 1.0
"""Seconds after which somebody tries again, whom the window did not heed."""
_LOOKS_EVERY = 0.02
_BROWSER = "Demo site"
"""Is in the title of its window."""
_WARP, _SET_FOCUS, _GET_FOCUS = 41, 42, 43
_TO_NOBODY, _NOBODY = 0, 0
"""X protocol."""


class Somebody:
    """Before the display: with a browser, and a phone once a link starts it."""

    def __init__(self, session: Session, display: Display, browser: BrowserContext) -> None:
        self._session, self._display, self._browser = session, display, browser
        self._eyes: Onlooker
        self._windows: Windows
        self._wire: Wire
        self._opened: list[Process] = []
        self.heard = session.home.folder / "heard.wav"
        """What their phone played in its last call."""

    @classmethod
    @asynccontextmanager
    async def at(
        cls, session: Session, display: Display, browser: BrowserContext
    ) -> AsyncIterator[Self]:
        """Who begins there as if for the first time, and ends the phone and closes the pages."""
        somebody = cls(session, display, browser)
        with (
            before(display) as somebody._eyes,
            _seen_on(display) as (somebody._windows, somebody._wire),
        ):
            somebody._let_go()
            somebody._begin()
            yield somebody
            await session.quits()
            await somebody._reap()
            for page in browser.pages[1:]:
                await page.close()
            await browser.clear_cookies()

    def _begin(self) -> None:
        """There is no history, and settings of what stands for devices."""
        environment = self._session.environment
        for name in Path(data_folder(environment)).glob("history*"):
            name.unlink()
        self.heard.unlink(missing_ok=True)
        settings = Path(config_folder(environment)) / "settings.json"
        settings.parent.mkdir(parents=True, exist_ok=True)
        devices = {"microphone": f"tone:{OURS}", "speaker": str(self.heard), "ringer": "null"}
        settings.write_text(json.dumps({**devices, "camera": "none", "told_of_closing": True}))

    def _let_go(self) -> None:
        """Put the mouse into a corner: what it is over looks another way."""
        self._wire.order(_WARP, 0, struct.pack("=IIhhHHhh", 0, self._wire.root(), *[0] * 6))
        self._wire.ask(_GET_FOCUS, 0, b"")  # is answered in turn: then it happened

    async def _reap(self) -> None:
        for process in self._opened:
            await process.wait()
            process._transport.close()  # type: ignore[attr-defined]  # its end leaves it open

    async def visits(self, site: DemoSite, me: str) -> Page:
        """Sign in to the site, on a page that has the focus only while it has it."""
        page = await self._browser.new_page()
        await page.goto(f"{site.url}/{me}")
        await page.get_by_role("button", name="Be Demo").click()
        await page.get_by_role("button", name="Call").wait_for()
        devtools = await self._browser.new_cdp_session(page)
        await devtools.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
        self._look_at_page()
        return page

    async def clicks(self, page: Page, button: Locator) -> Link:
        """The link that comes of it."""
        async with page.expect_response("**/twocan/launch") as asked:
            await button.click()
        return Link((await (await asked.value).json())["link"])

    async def is_asked(self) -> None:
        """Until the phone's window offers something."""
        async with asyncio.timeout(WITHIN):
            while not self._eyes.offer():
                await asyncio.sleep(_LOOKS_EVERY)

    async def agrees(self, event: Coroutine[Any, Any, Said]) -> Said:
        """Click on what the phone's window offers first, until that happens."""

        def click() -> bool:
            if offer := self._eyes.offer():
                self._eyes.click(offer)
                self._let_go()
            return offer is not None

        return await _until(event, click)

    async def hangs_up(self, event: Coroutine[Any, Any, Said]) -> Said:
        """Press the keys for it, until that happens."""

        def press() -> bool:
            self._display.press(Key.CONTROL, Key.D)
            return True

        return await _until(event, press)

    async def opens(self, link: Link) -> None:
        """Give it to the system, without a browser. Whoever opens it first is the phone."""
        self._opened.append(await self._session.start("xdg-open", link.text))

    def comes_back(self) -> None:
        """To the browser, from elsewhere."""
        self._look_at(_NOBODY)
        self._look_at_page()

    def _look_at_page(self) -> None:
        [window] = [each.id for each in self._windows.all() if _BROWSER in each.title]
        self._look_at(window)

    def _look_at(self, window: int) -> None:
        """Give it the keyboard, as a window manager does."""
        self._wire.order(_SET_FOCUS, _TO_NOBODY, struct.pack("=II", window, 0))
        self._wire.ask(_GET_FOCUS, 0, b"")  # is answered in turn: then it happened

    def phones(self) -> list[list[str]]:
        return self._session.started(CHECKOUT)

    async def has_talked(self, peer: str, *, calling: bool) -> int:
        """Wait until the phone keeps such a call as one that was answered: how many there are."""
        wanted = (peer, "answered", calling)
        async with asyncio.timeout(WITHIN):
            while wanted not in self._calls():
                await asyncio.sleep(_LOOKS_EVERY)
        return self._calls().count(wanted)

    def _calls(self) -> list[tuple[str, str, bool]]:
        file = Path(data_folder(self._session.environment)) / "history.sqlite"
        asked = "SELECT peer, outcome, outgoing FROM calls WHERE over ORDER BY id"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as history:
            return [(peer, how, bool(out)) for peer, how, out in history.execute(asked)]


@contextmanager
def _seen_on(display: Display) -> Iterator[tuple[Windows, Wire]]:
    with patch.dict(os.environ, {"DISPLAY": display.name}):
        windows, wire = Windows(), Wire()
    with closing(windows), closing(wire):
        yield windows, wire


async def _until(event: Coroutine[Any, Any, Said], do: Callable[[], bool]) -> Said:
    """Do something again and again until that happens. Whether it could be done, it tells."""
    happens = asyncio.create_task(event)
    while not happens.done():
        await asyncio.wait({happens}, timeout=AGAIN if do() else _LOOKS_EVERY)
    return happens.result()


async def presence(page: Page, wanted: str) -> None:
    """Wait until the button says so; it looks when the page is seen again."""
    await page.wait_for_function(
        """wanted => {
            document.dispatchEvent(new Event("visibilitychange"));
            return document.querySelector("twocan-call").presence === wanted;
        }""",
        arg=wanted,
        polling=200,
        timeout=WITHIN * 1000,
    )
