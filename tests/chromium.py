"""A real browser, Debian's Chromium, driven by Playwright: with a window, or without.

Without a window (`headless`) it does with other programs' links what no person's browser does.
"""

import json
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

CHROMIUM = shutil.which("chromium")
"""Of Debian's package ``chromium``."""

WITHIN_MS = 40_000
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


@asynccontextmanager
async def without_window(home: Path) -> AsyncIterator[Browser]:
    """A browser for many, one after the other: each is a ``visitor`` of its own in it."""
    assert CHROMIUM, "Chromium is not installed"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=list(_FLAGS),
            env={"HOME": str(home), "PATH": os.environ["PATH"]},
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visitor(browser: Browser, **context: Any) -> AsyncIterator[BrowserContext]:
    """Somebody who was never here before, with one page, as ``chromium`` has; forgotten after."""
    visitor = await browser.new_context(**context)
    visitor.set_default_timeout(WITHIN_MS)
    try:
        await visitor.new_page()
        yield visitor
    finally:
        await visitor.close()


def in_chromium(test: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a test that takes place in the session's browser (`headless`), and in its loop."""
    missing = CHROMIUM is None and "CI" not in os.environ
    marks = (
        pytest.mark.skipif(missing, reason="not installed: chromium"),
        pytest.mark.asyncio(loop_scope="session"),
        pytest.mark.usefixtures("no_task_left_in_session"),
    )
    return reduce(lambda marked, mark: mark(marked), marks, test)


def _write_profile(profile: Path, allowed: str) -> None:
    """As if the person had ticked "always allow" when the browser asked."""
    folder = profile / "Default"
    folder.mkdir(parents=True)
    pairs = {allowed: {"twocan": True}} if allowed else {}
    said = {"protocol_handler": {"allowed_origin_protocol_pairs": pairs}}
    (folder / "Preferences").write_text(json.dumps(said))
