"""A call with its real media: ICE, DTLS, SRTP and Opus over loopback; only the signalling is in
memory. And the names in aiortc and aioice that the media reach into."""

import asyncio
import inspect
import re
import tomllib
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
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
from aiortc.jitterbuffer import JitterBuffer

from twocan.events import Event
from twocan.media import audio
from twocan.media.figures import Figures
from twocan.media.ice import GATHERING_WAIT, TricklingConnection
from twocan.media.rtp import CountingReceiver, TimedTrack
from twocan.media.session import CallMedia
from twocan.media.stats import Stream
from twocan.media.transport import MediaTransport
from twocan.messages import Content
from twocan.phone import Line, Phone
from twocan.selftest import hears
from twocan.signalling import Exchange, Extension, IceServer
from twocan.states import CallView, End, State
from virtual_time import in_virtual_time

CALLER, CALLEE = "caller@site.example/desk", "callee@site.example/desk"
LOW, HIGH = 440.0, 660.0
WITHIN = 10.0


class Mouth(audio.Tone):
    """A microphone that knows how often it was closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


class Ear:
    """A speaker that keeps the last moment, and knows how often it was closed."""

    _BLOCKS = 10

    def __init__(self) -> None:
        self.closed = self.written = 0
        self._latest: deque[audio.Samples] = deque(maxlen=self._BLOCKS)
        self._news = asyncio.Event()

    def write(self, samples: audio.Samples) -> None:
        self.written += 1
        self._latest.append(samples.copy())
        self._news.set()

    def close(self) -> None:
        self.closed += 1

    async def hears(self, pitch: float) -> None:
        """Until the last moment was that tone, and nothing of what was before."""
        await self._until(lambda blocks: hears(blocks, pitch))

    async def hears_silence(self) -> None:
        await self._until(lambda blocks: max(int(np.abs(b).max()) for b in blocks) <= 1)

    async def _until(self, is_so: Callable[[list[audio.Samples]], bool]) -> None:
        self._latest.clear()
        while len(self._latest) < self._BLOCKS or not is_so(list(self._latest)):
            self._news.clear()
            await self._news.wait()


class WatchedMedia(CallMedia):
    """The real media, of which a test sees the addresses that came and how long it gathered."""

    gathered_in = 0.0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.late: list[Content] = []

    async def prepare(self, servers: Sequence[IceServer]) -> None:
        began = asyncio.get_running_loop().time()
        await super().prepare(servers)
        self.gathered_in = asyncio.get_running_loop().time() - began

    def add_candidates(self, contents: Sequence[Content]) -> None:
        self.late += contents
        super().add_candidates(contents)


class Served(Extension):
    """An extension whose supernode has STUN servers."""

    servers: tuple[IceServer, ...] = ()

    async def ice_servers(self) -> tuple[IceServer, ...]:
        return self.servers


class Side:
    """One phone, with a mouth and an ear for each call."""

    def __init__(self, exchange: Exchange, address: str, pitch: float) -> None:
        self.pitch = pitch
        self.mouths: list[Mouth] = []
        self.ears: list[Ear] = []
        self.media: list[WatchedMedia] = []
        self._news = asyncio.Event()
        self.extension = exchange.join(address)
        self.phone = Phone(self.extension, self._make_media, self._watch)

    @property
    def ear(self) -> Ear:
        return self.ears[-1]

    async def line(self, state: State) -> Line:
        while True:
            for line in self.phone.lines:
                if line.call.state is state:
                    return line
            self._news.clear()
            await self._news.wait()

    async def sees(self, is_so: Callable[[CallView], bool]) -> None:
        [line] = self.phone.lines
        while not is_so(line.call.view()):
            self._news.clear()
            await self._news.wait()

    async def figures(self) -> Figures:
        figures = await self.media[-1].figures()
        assert figures is not None
        return figures

    async def received(self, packets: int) -> Stream:
        """What was received, once that many packets more were."""
        target = (await self.figures()).received.packets + packets
        while (stream := (await self.figures()).received).packets < target:
            await asyncio.sleep(0.02)
        return stream

    def _watch(self, _view: CallView) -> None:
        self._news.set()

    def _make_media(self, report: Callable[[Event], None]) -> WatchedMedia:
        media = WatchedMedia(report, self._open_mouth, self._open_ear)
        self.media.append(media)
        return media

    def _open_mouth(self) -> Mouth:
        self.mouths.append(Mouth(self.pitch))
        return self.mouths[-1]

    def _open_ear(self) -> Ear:
        self.ears.append(Ear())
        return self.ears[-1]


@asynccontextmanager
async def two() -> AsyncIterator[tuple[Side, Side]]:
    exchange = Exchange(asyncio.get_running_loop().call_later)
    caller, callee = Side(exchange, CALLER, LOW), Side(exchange, CALLEE, HIGH)
    async with asyncio.timeout(WITHIN):
        try:
            yield caller, callee
        finally:
            await caller.phone.close()
            await callee.phone.close()


@asynccontextmanager
async def in_a_call() -> AsyncIterator[tuple[Side, Line, Side, Line]]:
    async with two() as (caller, callee):
        ours = caller.phone.dial("callee@site.example")
        (await callee.line(State.INCOMING)).answer()
        theirs = await callee.line(State.ACTIVE)
        await caller.line(State.ACTIVE)
        yield caller, ours, callee, theirs


@in_virtual_time
async def test_the_playout_delay_is_that_from_packet_to_play() -> None:
    track = TimedTrack()
    assert track.delay_ms is None
    begin = 2**32 - 960  # the timestamps wrap with the second packet
    for turn, wait in enumerate((0.030, 0.050)):
        track.arrived((begin + turn * 960) % 2**32)
        track.arrived((begin + turn * 960) % 2**32)  # a duplicate changes nothing
        await asyncio.sleep(wait)
        frame = av.AudioFrame(format="s16", layout="stereo", samples=960)
        frame.pts = turn * 960
        track._queue.put_nowait(frame)
        await track.recv()
    assert track.delay_ms == pytest.approx(40)


async def test_a_call_measures_its_playout_delay() -> None:
    async with in_a_call() as (caller, ours, callee, theirs):
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))
        for line in (ours, theirs):
            figures = await line.media.figures()
            assert figures is not None
            delay = figures.received.playout_delay_ms
            assert delay is not None
            assert 5 < delay < 500


# --- Gathering ------------------------------------------------------------------------------------


@pytest.mark.parametrize("moments", range(8))
async def test_media_closed_while_they_gather_leave_no_socket(moments: int) -> None:
    # aioice forgets the sockets that it opened if it is cancelled between two addresses.
    media = CallMedia(lambda _event: None, audio.Silence, audio.Null)
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
            await asyncio.sleep(0.15)  # what is under way
            before = [caller.ear.written, callee.ear.written]
            await asyncio.sleep(0.3)
            assert [caller.ear.written, callee.ear.written] == before
            line.hold(False)
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))


async def test_a_long_hold_is_not_taken_for_a_far_side_that_vanished() -> None:
    async with in_a_call() as (caller, ours, callee, theirs):
        ours.hold(True)
        theirs.hold(True)
        await caller.sees(lambda view: view.held_by_peer)
        # RTCP goes on: what is quiet is less than the seconds that pass.
        await asyncio.sleep(2.0)
        assert caller.media[0].quiet < 1.9
        assert callee.media[0].quiet < 1.9


async def test_who_is_muted_is_silent_and_packets_still_come() -> None:
    async with in_a_call() as (caller, ours, callee, _theirs):
        await callee.ear.hears(LOW)
        ours.mute(True)
        await callee.ear.hears_silence()
        assert (await callee.received(10)).packets
        await caller.ear.hears(HIGH)
        ours.mute(False)
        await callee.ear.hears(LOW)


async def test_muted_before_it_is_answered_the_far_side_never_hears_a_thing() -> None:
    async with two() as (caller, callee):
        ours = caller.phone.dial("callee@site.example")
        ours.mute(True)
        (await callee.line(State.INCOMING)).answer()
        await callee.line(State.ACTIVE)
        await callee.received(20)
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
    """Answers after ``delay`` seconds that it saw ``SEEN_AS``; never, if that is None."""

    def __init__(self, delay: float | None) -> None:
        self.delay = delay
        self.asked = 0
        self.answers: list[asyncio.TimerHandle] = []
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, sender: tuple[str | Any, int]) -> None:
        self.asked += 1
        if self.delay is not None:
            request = stun.parse_message(data)
            later = asyncio.get_running_loop().call_later
            self.answers.append(later(self.delay, self._answer, request, sender))

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
async def stun_server(delay: float | None) -> AsyncIterator[tuple[StunServer, IceServer]]:
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: StunServer(delay), local_addr=("127.0.0.1", 0)
    )
    try:
        host, port = transport.get_extra_info("sockname")
        yield server, IceServer("stun", host, port)
    finally:
        for answer in server.answers:
            answer.cancel()
        transport.close()


def serve(side: Side, server: IceServer) -> None:
    side.extension.__class__ = Served
    assert isinstance(side.extension, Served)
    side.extension.servers = (server,)


async def test_a_dead_stun_server_costs_half_a_second() -> None:
    async with stun_server(None) as (server, address), two() as (caller, callee):
        serve(caller, address)
        serve(callee, address)
        began = asyncio.get_running_loop().time()
        caller.phone.dial("callee@site.example")
        (await callee.line(State.INCOMING)).answer()
        await asyncio.gather(caller.line(State.ACTIVE), callee.line(State.ACTIVE))
        took = asyncio.get_running_loop().time() - began

        assert server.asked
        for side in (caller, callee):
            assert GATHERING_WAIT <= side.media[0].gathered_in < GATHERING_WAIT + 0.15
        assert took < GATHERING_WAIT + 0.5


async def test_a_dead_stun_server_costs_nothing_once_it_rang_that_long() -> None:
    async with stun_server(None) as (_, address), two() as (caller, callee):
        serve(caller, address)
        caller.phone.dial("callee@site.example")
        theirs = await callee.line(State.INCOMING)
        while not caller.media[0].gathered_in:
            await asyncio.sleep(0.01)
        began = asyncio.get_running_loop().time()
        theirs.answer()
        await caller.line(State.ACTIVE)
        assert asyncio.get_running_loop().time() - began < GATHERING_WAIT


async def test_what_a_slow_stun_server_finds_is_sent_on_while_they_talk() -> None:
    async with stun_server(0.8) as (_, address), two() as (caller, callee):
        serve(caller, address)
        caller.phone.dial("callee@site.example")
        (await callee.line(State.INCOMING)).answer()
        await callee.line(State.ACTIVE)
        assert callee.media[0].late == []
        while not callee.media[0].late:
            await asyncio.sleep(0.02)

        [content, *_] = callee.media[0].late
        assert content.transport is not None
        [candidate] = content.transport.candidates
        assert (candidate.ip, candidate.port, candidate.type) == (*SEEN_AS, "srflx")
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))


async def test_what_a_slow_stun_server_finds_while_it_rings_is_in_the_description() -> None:
    async with stun_server(GATHERING_WAIT + 0.2) as (_, address), two() as (caller, callee):
        serve(caller, address)
        caller.phone.dial("callee@site.example")
        theirs = await callee.line(State.INCOMING)
        while not any(c.host == SEEN_AS[0] for c in local_candidates(caller)):
            await asyncio.sleep(0.02)
        theirs.answer()
        await callee.line(State.ACTIVE)
        assert callee.media[0].late == []
        remote = callee.media[0]._transport._agent.remote_candidates
        assert SEEN_AS in [(c.host, c.port) for c in remote]


def local_candidates(side: Side) -> list[Candidate]:
    return side.media[0]._transport._agent.local_candidates


# --- What is reached into -----------------------------------------------------------------------


def test_the_libraries_that_are_reached_into_are_pinned_exactly() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())
    for name in ("aioice", "aiortc"):
        assert f"{name}=={version(name)}" in project["project"]["dependencies"]


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (RTCRtpReceiver, "_handle_rtp_packet _set_rtcp_ssrc receive stop track"),
        (RTCRtpSender, "replaceTrack send stop"),
        (RTCDtlsTransport, "_set_role start stop"),
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
    assert takes(JitterBuffer)[:2] == ["capacity", "prefetch"]
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


async def test_the_fields_of_rtp_that_are_set_or_read_are_there() -> None:
    gatherer = RTCIceGatherer(iceServers=[])
    ice_transport = RTCIceTransport(gatherer)
    # The transport's agent is the gatherer's, which is how ours gets there.
    assert ice_transport._connection is gatherer._connection
    dtls = RTCDtlsTransport(ice_transport, [RTCCertificate.generateCertificate()])
    assert dtls.encrypted is False
    for role in ("server", "client"):
        dtls._set_role(role)
        assert dtls._role == role

    sender, receiver = RTCRtpSender("audio", dtls), RTCRtpReceiver("audio", dtls)
    assert isinstance(sender._ssrc, int)
    assert "_track" in vars(receiver)
    assert isinstance(vars(receiver)["_RTCRtpReceiver__jitter_buffer"], JitterBuffer)
    ours = CountingReceiver(dtls, 1)
    buffer = vars(ours)["_RTCRtpReceiver__jitter_buffer"]
    assert buffer.capacity == 16
    await sender.stop()
    await receiver.stop()
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
