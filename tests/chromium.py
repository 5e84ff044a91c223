"""A real browser, Debian's Chromium, driven by Playwright: with a window, or without.

Without a window (`headless`) it does with other programs' links what no person's browser does.
"""

import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, async_playwright, expect

CHROMIUM = shutil.which("chromium")
"""Of Debian's package ``chromium``."""

WITHIN_MS = 20_000
"""For what a page takes, on a machine that has more to do."""
expect.set_options(timeout=WITHIN_MS)

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
)


@asynccontextmanager
async def chromium(
    profile: Path,
    environment: Mapping[str, str],
    allowed: str = "",
    headless: bool = False,
    **context: Any,
) -> AsyncIterator[BrowserContext]:
    """A browser with a new profile; all of it is gone at the end, and what it started as well.

    Where that is to stay, as a phone does whose browser is closed, see ``browsing.py``.

    ``environment``: all that it has, a ``DISPLAY`` among it where it is to have a window.
    ``allowed``: the origin of a site whose ``twocan:`` links the person once chose to open always.
    ``context``: what else Playwright is told of the person: language, colours, size.
    """
    assert CHROMIUM, "Chromium is not installed"
    _write_profile(profile, allowed)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            headless=headless,
            args=list(_FLAGS),
            env=dict(environment),
            **context,
        )
        browser.set_default_timeout(WITHIN_MS)
        try:
            yield browser
        finally:
            await browser.close()


def _write_profile(profile: Path, allowed: str) -> None:
    """As if the person had ticked "always allow" when the browser asked."""
    folder = profile / "Default"
    folder.mkdir(parents=True)
    pairs = {allowed: {"twocan": True}} if allowed else {}
    said = {"protocol_handler": {"allowed_origin_protocol_pairs": pairs}}
    (folder / "Preferences").write_text(json.dumps(said))
