"""A phone that runs is updated by a signed release, over TLS, the whole way: asked for, downloaded,
tried, and started the next time.

It waits its minute without a call, so this is the longest of all tests.
"""

import asyncio
import base64
import json
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

import frozen
from own_display import XVFB, own_display
from release_host import KEY, Host
from running import Supernode
from trial_rooms import Room, Tried
from trial_screen import Screen
from twocan import __version__
from twocan_supernode.certificates import Authority

PROGRAMS = ".local/share/twocan/program"
UPDATE = ".local/share/twocan/update"
SITE = "localhost"
"""A domain that is this machine's, by everybody's word."""
HTTPS = 443
"""Phones ask no other port."""
WITHIN = 240.0


def https_is_free() -> bool:
    """Whether a test may serve there: that takes root, and nobody else who does."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", HTTPS))
        except OSError:
            return False
    return True


pytestmark = [
    pytest.mark.timeout(600, func_only=True),
    pytest.mark.skipif(XVFB is None, reason="Xvfb is not installed"),
    pytest.mark.skipif(not https_is_free(), reason=f"port {HTTPS} cannot be had"),
]


@pytest.fixture
def node(room: Room) -> Iterator[Supernode]:
    with Supernode(room.folder.parent / "supernode", (SITE,)) as node:
        yield node


def signed_for(finished: Path, room: Room, version: str) -> Path:
    """The download as it is made with RELEASE_KEY."""
    file = room.folder.parent / version
    key = {"_internal/assets/release.pub": base64.b64encode(KEY)}
    frozen.variant(finished, file, version, key)
    return file


@pytest.fixture
def old(finished: Path, room: Room) -> Path:
    return signed_for(finished, room, __version__)


@pytest.fixture
def new(finished: Path, room: Room) -> Path:
    return signed_for(finished, room, "9.1")


@pytest.fixture
def host(new: Path) -> Host:
    """It gives the new one away."""
    return Host(new.read_bytes(), secure=True)


@asynccontextmanager
async def releases(host: Host, folder: Path) -> AsyncIterator[Path]:
    """The host at the site's own domain: whom its certificate is to be trusted by."""
    authority = Authority.new()
    (folder / "host.pem").write_bytes(authority.issue([SITE], [ip_address("127.0.0.1")]))
    (folder / "ca.pem").write_bytes(authority.certificate_pem())
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "host.pem")
    server = await asyncio.start_server(host.serve, "127.0.0.1", HTTPS, ssl=tls)
    host.port = HTTPS
    async with server:
        yield folder / "ca.pem"
        await host.is_left()


def person(room: Room, node: Supernode) -> str:
    """Who signs in, as their environment says it. Their phone asks without the hour's delay."""
    (room.home / UPDATE).mkdir(parents=True, mode=0o700)
    (room.home / UPDATE / "asked.json").write_text(json.dumps({"due": 0.0}))
    return json.dumps(node.mint("somebody"))


def came(room: Room) -> object:
    """What came of it, as it was written down."""
    return json.loads((room.home / UPDATE / "asked.json").read_text()).get("came")


def downloaded(room: Room) -> list[str]:
    return [each.name for each in (room.home / UPDATE).iterdir() if each.name != "asked.json"]


def led_to(room: Room) -> dict[str, str]:
    """The links in the folder of programs."""
    programs = (room.home / PROGRAMS).iterdir()
    return {each.name: each.readlink().name for each in programs if each.is_symlink()}


def program_of(phone: Tried) -> str:
    return Path(f"/proc/{phone.pid}/exe").readlink().parent.name


async def test_a_phone_is_updated_from_its_site_and_the_next_start_is_the_new_one(
    room: Room, node: Supernode, host: Host, old: Path, new: Path
) -> None:
    account = person(room, node)
    with own_display() as display:
        async with releases(host, room.folder) as ca:
            host.release("9.1")
            environment = {"DISPLAY": display.name, "TWOCAN_ACCOUNT": account}
            words = replace(room, file=old).words(**environment, SSL_CERT_FILE=str(ca))
            async with Tried.running(*words, log=room.folder / "old.log") as phone:
                async with asyncio.timeout(WITHIN):
                    while came(room) != "ready":
                        await asyncio.sleep(0.1)
                assert program_of(phone) == frozen.id_of(old)
                await phone.quit(WITHIN)
        assert led_to(room) == {"current": frozen.id_of(old), "next": frozen.id_of(new)}
        assert (len(host.asked), host.fetched, downloaded(room)) == (1, [0], [])

        menu = replace(room, file=room.home / PROGRAMS / "current" / "twocan")
        words = menu.words(DISPLAY=display.name)
        async with Tried.running(*words, log=room.folder / "new.log") as phone:
            await Screen(display.name).phone(WITHIN)
            assert program_of(phone) == frozen.id_of(new)
            await phone.quit(WITHIN)
    assert led_to(room) == {"current": frozen.id_of(new)}
