"""A link that the system opens starts the phone with exactly that link, or comes to the one that
runs: xdg-open, and whole programs on a real display."""

import asyncio
import os
import shutil
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from call_site import CallSite
from installed import Home
from own_display import XVFB, Display, own_display
from visiting import CHECKOUT, WITHIN, Session

LACKING = [name for name in ("Xvfb", "xdg-open", "xdg-mime") if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(
    bool(LACKING) and "CI" not in os.environ, reason=f"not installed: {', '.join(LACKING)}"
)

KIND = "x-scheme-handler/twocan"


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    assert XVFB, "Xvfb is not installed"
    with own_display() as display:
        yield display


@pytest.fixture
def session(tmp_path: Path, display: Display) -> Iterator[Session]:
    with Session.of(tmp_path, display) as session:
        yield session


@asynccontextmanager
async def opened(session: Session, link: str) -> AsyncIterator[Process]:
    """The link, opened by the system; how that ended is waited for at the end."""
    process = await session.start("xdg-open", link)
    try:
        yield process
    finally:
        # Without a desktop it waits for what it starts; that has its end in the session.
        session.end()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # which the child's end leaves open


async def test_the_phone_starts_with_exactly_that_link(session: Session) -> None:
    assert session.install() == 0
    async with CallSite.serving() as site, opened(session, site.link) as opening:
        assert await site.asked(WITHIN) == site.link.rpartition("=")[2]
        assert session.started(CHECKOUT) == [[site.link]]
        await session.quits()
        assert await opening.wait() == 0


async def test_the_next_link_comes_to_the_phone_that_runs(session: Session) -> None:
    assert session.install() == 0
    async with CallSite.serving() as site, opened(session, first := site.link):
        await site.asked(WITHIN)
        async with asyncio.timeout(WITHIN), opened(session, site.renew()) as opening:
            assert await opening.wait() == 0
            assert await site.asked(WITHIN) == site.link.rpartition("=")[2]
            assert session.started(CHECKOUT) == [[first]]
            await session.quits()


async def test_it_opens_what_another_program_opened_before(session: Session) -> None:
    another = another_opens_links(session.home)
    async with CallSite.serving() as site:
        async with opened(session, site.link) as opening:
            assert await opening.wait() == 0
            assert another.read_text() == site.link
        assert session.install() == 0
        async with opened(session, site.link):
            assert await site.asked(WITHIN) == site.link.rpartition("=")[2]
            await session.quits()


def another_opens_links(home: Home) -> Path:
    """Another program is there, and is who the person chose. It writes what it is given to this
    file."""
    program, given = home.folder / "another", home.folder / "given"
    program.write_text(f"#!/bin/sh\nprintf %s \"$1\" >'{given}'\n")
    program.chmod(0o755)
    entry = f"[Desktop Entry]\nType=Application\nName=Other\nExec={program} %u\nMimeType={KIND};\n"
    (home.data / "applications").mkdir(parents=True)
    (home.data / "applications" / "other.desktop").write_text(entry)
    home.config.mkdir()
    (home.config / "mimeapps.list").write_text(f"[Default Applications]\n{KIND}=other.desktop\n")
    return given


async def test_what_is_no_link_of_ours_starts_nothing(session: Session) -> None:
    assert session.install() == 0
    async with opened(session, "elsewhere:launch?redeem=x") as opening:
        assert await opening.wait() != 0
        assert session.started(CHECKOUT) == []


async def test_once_removed_nobody_opens_its_links(session: Session) -> None:
    assert session.install() == 0
    assert session.home.command("", "uninstall", "--quiet")[0] == 0
    async with CallSite.serving() as site, opened(session, site.link) as opening:
        assert await opening.wait() != 0
        assert site.codes == []


@pytest.mark.timeout(180, func_only=True)
async def test_a_download_that_was_installed_starts_with_exactly_that_link(
    session: Session, finished: Path
) -> None:
    assert await session.runs(finished, "install", "--quiet") == 0
    stable = [str(session.home.programs.stable)]
    async with CallSite.serving() as site, opened(session, site.link) as opening:
        assert await site.asked(WITHIN) == site.link.rpartition("=")[2]
        assert session.started(stable) == [[site.link]]
        await session.quits()
        assert await opening.wait() == 0
