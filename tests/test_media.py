"""A call with its real media: ICE, DTLS, SRTP and Opus over loopback; only the signalling is in
memory. And the names in aiortc and aioice that the media reach into."""

import asyncio
import inspect
import re
import socket
import struct
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
from aioice import Candidate, Connection, ice, stun
from aiortc import (
    RTCCertificate,
    RTCDtlsTransport,
    RTCIceGatherer,
    RTCIceTransport,
    RTCRtpReceiver,
    RTCRtpSender,
)

from peace import in_peace
from talking import HIGH, LOW, Served, Side, in_a_call, two
from twocan.media.descriptions import OPUS
from twocan.media.ends import echo
from twocan.media.ice import GATHERING_WAIT, TricklingConnection
from twocan.media.rtp import RtpSession
from twocan.media.session import CallMedia
from twocan.media.transport import MediaTransport
from twocan.signalling import IceServer
from twocan.states import End, State


async def test_a_call_measures_its_playout_delay() -> None:
    async with in_a_call() as (caller, ours, callee, theirs):
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))
        for line in (ours, theirs):
            figures = await line.media.figures()
            assert figures is not None
            delay = figures.received.playout_delay_ms
            assert delay is not None
            assert 0 < delay < 500


# --- Gathering ------------------------------------------------------------------------------------


@pytest.mark.parametrize("moments", range(8))
async def test_media_closed_while_they_gather_leave_no_socket(moments: int) -> None:
    # aioice forgets the sockets that it opened if it is cancelled between two addresses.
    media = CallMedia(lambda _event: None, echo)
    gathering = asyncio.create_task(media.prepare(()))
    for _ in range(moments):
        await asyncio.sleep(0)
    gathering.cancel()
    await asyncio.gather(gathering, return_exceptions=True)
    await media.close()


# --- A call -------------------------------------------------------------------------------------


async def test_both_hear_each_other_and_read_the_same_code() -> None:
    async with in_a_call() as (caller, ours, callee, theirs):
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))
        assert ours.call.view().verification == theirs.call.view().verification is not None
        assert {"connected", "first_audio"} <= set(ours.call.view().times)
        figures = await caller.figures()
        assert figures.path is not None
        assert (figures.path.protocol, figures.path.relayed) == ("udp", False)


async def test_while_one_holds_nothing_flows_and_then_it_comes_back() -> None:
    async with in_a_call() as (caller, ours, callee, theirs):
        for line, far in ((ours, callee), (theirs, caller)):
            await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))
            line.hold(True)
            await far.sees(lambda view: view.held_by_peer)
            before = await come_to_rest(caller, callee)
            await asyncio.gather(caller.ear.hears_silence(), callee.ear.hears_silence())
            await asyncio.sleep(0.3)
            assert before == await packets(caller, callee)
            line.hold(False)
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))


async def packets(*sides: Side) -> list[int]:
    """How many each has received."""
    return [(await side.figures()).received.packets for side in sides]


async def come_to_rest(*sides: Side) -> list[int]:
    """The same, once nothing is under way any more."""
    before, now = [-1], await packets(*sides)
    while before != now:
        await asyncio.sleep(0.15)
        before, now = now, await packets(*sides)
    return now


async def test_a_long_hold_is_not_taken_for_a_far_side_that_vanished() -> None:
    async with in_a_call() as (caller, ours, callee, theirs):
        ours.hold(True)
        theirs.hold(True)
        await caller.sees(lambda view: view.held_by_peer)
        await come_to_rest(caller, callee)
        # RTCP goes on: both are heard of again and again.
        for side in (caller, callee):
            for _ in range(2):
                await is_heard_of(side)
        assert {ours.call.state, theirs.call.state} == {State.ACTIVE}


async def is_heard_of(side: Side) -> None:
    """Until something of the far side comes there."""
    quiet = side.media[0].quiet
    while quiet <= (quiet := side.media[0].quiet):
        await asyncio.sleep(0.01)


async def test_who_is_muted_is_silent_and_packets_still_come() -> None:
    async with in_a_call() as (caller, ours, callee, _theirs):
        await callee.ear.hears(LOW)
        ours.mute(True)
        await callee.ear.hears_silence()
        # Silence is not sent, but for a sign of life now and then (RFC 7587 §3.1.3).
        assert (await callee.received(2)).packets
        await caller.ear.hears(HIGH)
        ours.mute(False)
        await callee.ear.hears(LOW)


async def test_muted_before_it_is_answered_the_far_side_never_hears_a_thing() -> None:
    async with two() as (caller, callee):
        ours = caller.phone.dial("callee@site.example")
        ours.mute(True)
        (await callee.line(State.INCOMING)).answer()
        await callee.line(State.ACTIVE)
        await callee.received(8)
        level = (await callee.figures()).received.level_dbfs
        assert level is not None
        assert level < -80
        await callee.sees(lambda view: view.muted_by_peer)


async def test_the_microphone_is_opened_after_both_agreed_and_closed_once() -> None:
    async with two() as (caller, callee):
        ours = caller.phone.dial("callee@site.example")
        theirs = await callee.line(State.INCOMING)
        await caller.line(State.RINGING)
        while not (caller.media[0].gathered_in and callee.media[0].gathered_in):
            await asyncio.sleep(0.01)
        assert [*caller.mouths, *callee.mouths, *caller.ears, *callee.ears] == []

        theirs.answer()
        await asyncio.gather(caller.line(State.ACTIVE), callee.line(State.ACTIVE))
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))
        ours.hang_up()
        await asyncio.gather(ours.ended.wait(), theirs.ended.wait())

        assert theirs.call.view().end is End.HUNG_UP
        for side in (caller, callee):
            assert [mouth.closed for mouth in side.mouths] == [1]
            assert [ear.closed for ear in side.ears] == [1]
            assert side.phone.lines == ()


@pytest.mark.expects_log
async def test_a_fault_of_our_own_ends_the_call_at_once_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise AttributeError("a part of a library that is not there")

    async with two() as (caller, callee):
        ours = caller.phone.dial("callee@site.example")
        theirs = await callee.line(State.INCOMING)
        await caller.line(State.RINGING)
        monkeypatch.setattr("twocan.media.voice.Voice.open", fail)
        theirs.answer()
        await asyncio.gather(ours.ended.wait(), theirs.ended.wait())
        assert End.FAILED in {ours.call.view().end, theirs.call.view().end}
    assert "a part of a library that is not there" in caplog.text


async def test_a_call_that_nobody_takes_opens_nothing_and_leaves_nothing() -> None:
    async with two() as (caller, callee):
        for steps in range(12):
            ours = caller.phone.dial("callee@site.example")
            for _ in range(steps):
                await asyncio.sleep(0)
            ours.hang_up()
            await ours.ended.wait()
        assert caller.mouths == callee.mouths == []


async def test_the_path_is_closed_by_the_far_side_even_if_no_word_for_it_comes() -> None:
    async with in_a_call() as (caller, ours, callee, _theirs):
        caller.extension._exchange.weather.loss = 1.0
        await callee.phone.close()
        await ours.ended.wait()
        assert (ours.call.view().end, ours.call.view().ended_by) == (End.HUNG_UP, "them")


# --- STUN servers that are dead or slow ---------------------------------------------------------

SEEN_AS = ("192.0.2.55", 40404)


class StunServer(asyncio.DatagramProtocol):
    """Answers, once it is told to, that it saw ``SEEN_AS``."""

    def __init__(self) -> None:
        self.asked: list[tuple[stun.Message, tuple[str, int]]] = []
        self.answers = False
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, sender: tuple[str | Any, int]) -> None:
        self.asked.append((stun.parse_message(data), sender))
        if self.answers:
            self._answer(*self.asked[-1])

    def answer(self) -> None:
        """Whatever was asked, and will be."""
        self.answers = True
        for request, sender in self.asked:
            self._answer(request, sender)

    def _answer(self, request: stun.Message, to: tuple[str, int]) -> None:
        response = stun.Message(
            message_method=request.message_method,
            message_class=stun.Class.RESPONSE,
            transaction_id=request.transaction_id,
        )
        response.attributes["XOR-MAPPED-ADDRESS"] = SEEN_AS
        if self.transport is not None:
            self.transport.sendto(bytes(response), to)


@asynccontextmanager
async def stun_server() -> AsyncIterator[tuple[StunServer, IceServer]]:
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(StunServer, local_addr=("127.0.0.1", 0))
    try:
        host, port = transport.get_extra_info("sockname")
        yield server, IceServer("stun", host, port)
    finally:
        transport.close()


def serve(side: Side, server: IceServer) -> None:
    side.extension.__class__ = Served
    assert isinstance(side.extension, Served)
    side.extension.servers = (server,)


async def test_a_dead_stun_server_costs_half_a_second() -> None:
    within, answering = GATHERING_WAIT + 0.15, 0.35

    async def gathers() -> float:
        async with stun_server() as (server, address), two() as (caller, callee):
            serve(caller, address)
            serve(callee, address)
            began = asyncio.get_running_loop().time()
            caller.phone.dial("callee@site.example")
            (await callee.line(State.INCOMING)).answer()
            await asyncio.gather(caller.line(State.ACTIVE), callee.line(State.ACTIVE))
            took = asyncio.get_running_loop().time() - began
            assert server.asked
            gathered_in = [side.media[0].gathered_in for side in (caller, callee)]
            assert min(gathered_in) >= GATHERING_WAIT
            return max(*gathered_in, took - answering)

    assert await in_peace(gathers, lambda took: took < within) < within


async def test_a_dead_stun_server_costs_nothing_once_it_rang_that_long() -> None:
    async def answers() -> float:
        async with stun_server() as (_, address), two() as (caller, callee):
            serve(caller, address)
            caller.phone.dial("callee@site.example")
            theirs = await callee.line(State.INCOMING)
            while not caller.media[0].gathered_in:
                await asyncio.sleep(0.01)
            began = asyncio.get_running_loop().time()
            theirs.answer()
            await caller.line(State.ACTIVE)
            return asyncio.get_running_loop().time() - began

    assert await in_peace(answers, lambda took: took < GATHERING_WAIT) < GATHERING_WAIT


async def test_what_a_slow_stun_server_finds_is_sent_on_while_they_talk() -> None:
    async with stun_server() as (server, address), two() as (caller, callee):
        serve(caller, address)
        caller.phone.dial("callee@site.example")
        (await callee.line(State.INCOMING)).answer()
        await callee.line(State.ACTIVE)
        assert callee.media[0].late == []
        server.answer()
        while not callee.media[0].late:
            await asyncio.sleep(0.02)

        [content, *_] = callee.media[0].late
        assert content.transport is not None
        [candidate] = content.transport.candidates
        assert (candidate.ip, candidate.port, candidate.type) == (*SEEN_AS, "srflx")
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))


async def test_what_a_slow_stun_server_finds_while_it_rings_is_in_the_description() -> None:
    async with stun_server() as (server, address), two() as (caller, callee):
        serve(caller, address)
        caller.phone.dial("callee@site.example")
        theirs = await callee.line(State.INCOMING)
        while not caller.media[0].gathered_in:
            await asyncio.sleep(0.02)
        server.answer()
        while not any(c.host == SEEN_AS[0] for c in local_candidates(caller)):
            await asyncio.sleep(0.02)
        theirs.answer()
        await callee.line(State.ACTIVE)
        assert callee.media[0].late == []
        remote = callee.media[0]._path.transport._agent.remote_candidates
        assert SEEN_AS in [(c.host, c.port) for c in remote]


def local_candidates(side: Side) -> list[Candidate]:
    return side.media[0]._path.transport._agent.local_candidates


# --- What is reached into -----------------------------------------------------------------------


def test_the_libraries_that_are_reached_into_are_pinned_exactly() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())
    for name in ("aioice", "aiortc"):
        assert f"{name}=={version(name)}" in project["project"]["dependencies"]


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        # What aiortc's transport calls of these two it calls of ours.
        (RTCRtpReceiver, "_handle_rtp_packet _handle_rtcp_packet _handle_disconnect"),
        (RTCRtpSender, "_handle_rtcp_packet"),
        (
            RTCDtlsTransport,
            "_register_rtp_receiver _register_rtp_sender _send_rtp _set_role "
            "_unregister_rtp_receiver _unregister_rtp_sender start stop",
        ),
        (
            Connection,
            "gather_candidates connect close data_received _check_periodic "
            "get_component_candidates _add_remote_candidate _pair_remote_candidate "
            "sort_check_list add_remote_candidate",
        ),
        (ice, "server_reflexive_candidate relayed_candidate get_host_addresses StunProtocol"),
    ],
)
def test_what_is_called_or_replaced_is_there(owner: object, names: str) -> None:
    assert [name for name in names.split() if not hasattr(owner, name)] == []


def test_what_is_replaced_still_takes_what_it_took() -> None:
    def takes(function: object) -> list[str]:
        assert callable(function)
        return list(inspect.signature(function).parameters)

    assert takes(RTCRtpReceiver._handle_rtp_packet) == ["self", "packet", "arrival_time_ms"]
    assert takes(Connection._check_periodic) == ["self"]
    assert takes(Connection.data_received) == ["self", "data", "component"]
    assert takes(Connection.get_component_candidates)[:3] == ["self", "component", "addresses"]
    assert takes(Connection._add_remote_candidate)[1:] == ["remote_candidate", "network_host"]
    assert takes(RtpSession._handle_rtp_packet) == takes(RTCRtpReceiver._handle_rtp_packet)
    assert takes(RtpSession._handle_rtcp_packet) == takes(RTCRtpReceiver._handle_rtcp_packet)
    assert takes(ice.server_reflexive_candidate) == ["protocol", "stun_server"]
    assert set(takes(ice.relayed_candidate)) >= {
        "component",
        "hide_related_address",
        "protocol_factory",
        "turn_server",
        "turn_username",
        "turn_password",
        "turn_ssl",
        "turn_transport",
    }


async def test_the_fields_that_are_set_or_read_are_there() -> None:
    agent = Connection(ice_controlling=True)
    names = (
        "_check_list _check_list_done _closing _local_candidates _local_candidates_end "
        "_local_candidates_start _nominated _protocols _remote_candidates ice_controlling"
    )
    assert set(names.split()) <= set(vars(agent))
    await agent.close()

    gatherer = RTCIceGatherer(iceServers=[])
    assert isinstance(gatherer._connection, Connection)
    await gatherer._connection.close()


async def test_what_the_transport_wants_of_who_sends_and_receives_is_there() -> None:
    gatherer = RTCIceGatherer(iceServers=[])
    ice_transport = RTCIceTransport(gatherer)
    # The transport's agent is the gatherer's, which is how ours gets there.
    assert ice_transport._connection is gatherer._connection
    dtls = RTCDtlsTransport(ice_transport, [RTCCertificate.generateCertificate()])
    assert dtls.encrypted is False
    for role in ("server", "client"):
        dtls._set_role(role)
        assert dtls._role == role

    session = RtpSession("cname", lambda _inbound: None, lambda _report: None)
    session.start(dtls, "audio", [OPUS], [], [])
    assert dtls._rtp_router.senders == {session.ssrc: session}
    assert dtls._rtp_router.receivers == {session}
    await session.close()
    assert not dtls._rtp_router.senders
    assert not dtls._rtp_router.receivers
    await ice_transport.stop()


async def test_our_agent_is_the_one_that_connects() -> None:
    class Nobody:
        def path_found(self, candidate: object) -> None: ...
        def path_parted(self) -> None: ...
        def path_lost(self, end: End) -> None: ...

    transport = MediaTransport(RTCCertificate.generateCertificate(), Nobody())
    assert isinstance(transport.dtls.transport._connection, TricklingConnection)
    await transport.gather([])
    described = transport.describe("actpass")
    assert described.candidates
    assert re.fullmatch("([0-9A-F]{2}:){31}[0-9A-F]{2}", described.fingerprints[0].value)
    await transport.close()


# --- What anybody, or a hostile far side, can send ----------------------------------------------


async def test_datagrams_of_strangers_do_not_end_a_call() -> None:
    async with in_a_call() as (caller, ours, callee, _theirs):
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))
        path = (await caller.figures()).path
        assert path is not None
        host, _, port = path.local.rpartition(":")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for datagram in (b"", b"\0", b"\x16", b"\x80", b"\x80" * 12, b"\xff" * 1500):
                stranger.sendto(datagram, (host, int(port)))
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))
        assert ours.call.state is State.ACTIVE


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_a_hostile_far_side_sends_is_survived(seed: int) -> None:
    random = Random(seed)
    async with in_a_call() as (caller, ours, callee, _theirs):
        await callee.ear.hears(LOW)
        # As its transport hands it on once it is decrypted: the far side has the key.
        dtls = callee.media[0]._path.transport.dtls
        for _ in range(1000):
            packet = hostile(random)
            if packet[1] < 200:
                await dtls._handle_rtp_data(packet, 0)
            else:
                await dtls._handle_rtcp_data(packet)
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))
        assert ours.call.state is State.ACTIVE
        assert callee.media[0].voice.malformed


def hostile(random: Random) -> bytes:
    """An RTP or RTCP packet in which anything but the first two bytes may be anything."""
    flags = 0x80 | random.choice([0, 0, 0x10, 0x20, 0x01])
    kind = random.choice([111, 63, 126, 0, 96, 200, 201, 202, 203, 205, 206])
    packet = bytearray([flags, kind]) + random.randbytes(random.choice([10, 11, 14, 20, 60, 300]))
    if flags & 0x10:
        packet[12:16] = struct.pack("!HH", random.choice([0xBEDE, 0x1000]), random.randrange(3))
    if kind >= 200:
        packet[2:4] = struct.pack("!H", len(packet) // 4 - 1)
    return bytes(packet)
