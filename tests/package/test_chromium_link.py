"""A call button in a real browser: from the click, through the system, to the phone that rings."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from browsing import CHROMIUM, browsing
from call_site import CallSite
from clicking import before
from commanding import Command, Said, twocan
from own_display import XVFB, Display, own_display
from running import Supernode
from twocan.address import bare
from visiting import CHECKOUT, WITHIN, Session

LACKING = [
    name for name in ("Xvfb", "chromium", "xdg-open", "xdg-mime") if shutil.which(name) is None
]
pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        bool(LACKING) and "CI" not in os.environ, reason=f"not installed: {', '.join(LACKING)}"
    ),
]

AGAIN = 1.0
"""Seconds after which somebody looks again, whom the window did not heed."""
IN_AN_ADDRESS = "%27"
"""What a browser makes of ' in any address."""


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    assert XVFB, "Xvfb is not installed"
    assert CHROMIUM, "Chromium is not installed"
    with own_display() as display:
        yield display


@pytest.fixture(scope="module")
def supernode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supernode]:
    with Supernode(tmp_path_factory.mktemp("supernode")) as node:
        yield node


@pytest.fixture
def session(tmp_path: Path, display: Display, supernode: Supernode) -> Iterator[Session]:
    """The account of a site names no authority of its own: the system's are believed."""
    with Session.of(tmp_path, display, SSL_CERT_FILE=str(supernode.ca)) as session:
        assert session.install() == 0
        yield session


@pytest.fixture
async def callee(supernode: Supernode, tmp_path: Path) -> AsyncIterator[Command]:
    """A phone far away."""
    file = tmp_path / "callee.json"
    file.write_text(json.dumps(supernode.mint("callee")))
    sound = ("--microphone", "tone:660", "--speaker", "null")
    async with twocan("answer", "--account", file, *sound) as answering:
        await answering.event("ready")
        yield answering


def what_the_site_says(supernode: Supernode, callee: Command) -> dict[str, Any]:
    minted = supernode.mint("caller")
    return {
        "account": {name: value for name, value in minted.items() if name != "ca"},
        "caller": {"name": "Demo caller"},
        "callee": {"address": bare(callee.events[0]["address"]), "name": "Demo callee"},
    }


async def agree(display: Display, callee: Command) -> Said:
    """A person agrees to the call that the window asks for, until it rings far away."""
    ringing = asyncio.create_task(callee.event("incoming"))
    with before(display) as person:
        while not ringing.done():
            if yes := person.offer():
                person.click(yes)
            await asyncio.wait({ringing}, timeout=AGAIN)
    return ringing.result()


async def test_a_click_on_a_link_starts_the_phone_with_exactly_that_link(session: Session) -> None:
    profile = session.home.folder / "profile"
    async with (
        CallSite.serving() as site,
        browsing(profile, session.environment, f"http://{site.host}") as browser,
    ):
        await browser.show(site.page)
        await browser.click("call")
        assert await site.asked(WITHIN) == site.link.rpartition("=")[2]
        started = [[site.link.replace("'", IN_AN_ADDRESS)]]
        assert session.started(CHECKOUT) == started
        # Whoever closes the browser does not hang up.
        await browser.close()
        assert session.started(CHECKOUT) == started
        await session.quits()


async def test_from_a_page_to_the_phone_that_rings(
    session: Session, display: Display, supernode: Supernode, callee: Command
) -> None:
    says = what_the_site_says(supernode, callee)
    profile = session.home.folder / "profile"
    async with (
        CallSite.serving(says) as site,
        browsing(profile, session.environment, f"http://{site.host}") as browser,
    ):
        await browser.show(site.page)
        await browser.click("call")
        await site.asked(WITHIN)
        assert bare((await agree(display, callee))["peer"]) == says["account"]["address"]
        await callee.event("connected")
        await session.quits()
        assert (await callee.event("report"))["ended_by"] == "them"
        assert len(site.codes) == 1
