"""STUN and TURN of the running server: what is relayed, for whom, and to where it never is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from aioice.stun import TransactionFailed
from aioice.turn import TurnClientUdpProtocol

from running import Supernode
from twocan_supernode import installation, lock
from twocan_supernode.mint import account_file
from twocan_supernode.node import FIRST_SITE, Options, begun, prepare
from twocan_supernode.server import Server
from twocan_supernode.state import Node, State
from xmpp_stream import NS, Account, signed_in

ARRIVES_WITHIN = 20.0
SERVES_WITHIN = 40.0
CHANNEL = 0x4000
FORBIDDEN = 403  # RFC 8656 19
PUBLIC = IPv4Address("192.0.2.1")  # TEST-NET-1 (RFC 5737)
# Stands for a client that is elsewhere: the one address on loopback that a test lets in.
ELSEWHERE = "127.0.0.5"


async def services(account: Account) -> dict[str, dict[str, str]]:
    """What the site offers, by type (XEP-0215)."""
    site = account["address"].partition("@")[2]
    async with signed_in(account) as stream:
        answer = await stream.ask(f"<services xmlns='{NS['extdisco']}'/>", to=site)
    return {
        found.attrib["type"]: found.attrib for found in answer.iterfind(".//extdisco:service", NS)
    }


class Peer(asyncio.DatagramProtocol):
    """Whoever a relay speaks for, or with."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.came.put_nowait((data, addr))

    async def next(self) -> tuple[bytes, tuple[str, int]]:
        return await asyncio.wait_for(self.came.get(), ARRIVES_WITHIN)


@asynccontextmanager
async def peer_on(address: str) -> AsyncIterator[tuple[Peer, asyncio.DatagramTransport]]:
    loop = asyncio.get_running_loop()
    transport, peer = await loop.create_datagram_endpoint(Peer, local_addr=(address, 0))
    try:
        yield peer, transport
    finally:
        transport.close()


@asynccontextmanager
async def turn_client(
    server: tuple[str, int], username: str, password: str, address: str = "127.0.0.1"
) -> AsyncIterator[TurnClientUdpProtocol]:
    """A client on ``address`` that has not asked for anything yet."""
    loop = asyncio.get_running_loop()
    _, client = await loop.create_datagram_endpoint(
        lambda: TurnClientUdpProtocol(
            server, username, password, lifetime=600, channel_refresh_time=500
        ),
        local_addr=(address, 0),
        remote_addr=server,
    )
    try:
        yield client
    finally:
        if client.refresh_task:
            await client.delete()
        client.transport.close()


# --- on loopback


@pytest.mark.parametrize("site", ["near.localhost", "other.localhost"])
async def test_each_site_hands_out_credentials_that_relay_both_ways(
    supernode: Supernode, site: str
) -> None:
    offered = await services(supernode.mint("person-1", site))
    turn = offered["turn"]
    server = (turn["host"], int(turn["port"]))
    assert server == (offered["stun"]["host"], int(offered["stun"]["port"]))
    assert server == (supernode.host, supernode.ports["stun"])
    async with (
        turn_client(server, turn["username"], turn["password"]) as client,
        peer_on("127.0.0.1") as (peer, transport),
    ):
        relay = await client.connect()
        client.receiver = receiver = Peer()
        await client.send_data(b"there", transport.get_extra_info("sockname"))
        assert await peer.next() == (b"there", relay)
        transport.sendto(b"back", relay)
        assert await receiver.next() == (b"back", transport.get_extra_info("sockname"))


async def test_made_up_credentials_are_refused(supernode: Supernode) -> None:
    offered = await services(supernode.mint("person-1"))
    server = (supernode.host, supernode.ports["stun"])
    for username, password in (
        ("1", "1"),
        (offered["turn"]["username"], "1"),
        (f"9{offered['turn']['username']}", offered["turn"]["password"]),  # lives longer
    ):
        async with turn_client(server, username, password) as client:
            with pytest.raises(TransactionFailed, match="401"):
                await client.connect()


# --- with a real address


async def bound(client: TurnClientUdpProtocol, address: str) -> bool:
    """Whether the server would relay to that address."""
    try:
        await client.channel_bind(CHANNEL, (address, 9))
    except TransactionFailed as error:
        code: int = error.response.attributes["ERROR-CODE"][0]
        return code != FORBIDDEN
    return True


@asynccontextmanager
async def node_with_a_real_address(folder: Path) -> AsyncIterator[State]:
    """A node that listens on loopback and believes that clients reach it at PUBLIC.

    All of loopback is refused but ELSEWHERE, where the client is: ejabberd refuses clients, too.
    """
    state = State(folder)
    with lock.held(state.folder) as descriptor:
        options = Options(state, [], IPv4Address("127.0.0.1"), PUBLIC)
        settings = prepare(options)
        configured = state.ejabberd / "ejabberd.yml"
        text = configured.read_text()
        assert text.count('"127.0.0.0/8"') == 1
        rest = IPv4Network("127.0.0.0/8").address_exclude(IPv4Network(ELSEWHERE))
        networks = ", ".join(f'"{network}"' for network in rest)
        configured.write_text(text.replace('"127.0.0.0/8"', networks))
        async with Server.started(installation.find(None), state.ejabberd, descriptor, []):
            async with asyncio.timeout(SERVES_WITHIN):
                await begun(options, settings)
            state.note(Node(0, "127.0.0.1", settings.ports))
            yield state


async def test_with_a_real_address_turn_relays_to_nothing_behind_it(tmp_path: Path) -> None:
    async with node_with_a_real_address(tmp_path) as state:
        account = account_file(state, FIRST_SITE, "person-1", timedelta(hours=1))
        turn = (await services(account))["turn"]
        assert turn["host"] == str(PUBLIC)
        credentials = (turn["username"], turn["password"])
        server = ("127.0.0.1", int(turn["port"]))
        async with turn_client(server, *credentials, address=ELSEWHERE) as client:
            assert (await client.connect())[0] == str(PUBLIC)
            for inside in ("127.0.0.1", "127.1.2.3", "0.0.0.1", "10.0.0.1", "100.64.0.1"):
                assert not await bound(client, inside), inside
            for inside in ("169.254.169.254", "172.16.0.1", "192.168.1.1", "224.0.0.1"):
                assert not await bound(client, inside), inside
            assert await bound(client, "198.51.100.1")  # TEST-NET-2
        async with turn_client(server, *credentials) as client:
            with pytest.raises(TransactionFailed, match="403"):
                await client.connect()
