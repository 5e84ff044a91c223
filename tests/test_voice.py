"""The voice of a call over its real path: what is agreed on, sent, repeated, and heard."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from aiortc.rtp import RtpPacket

from talking import HIGH, LOW, Side, in_a_call
from twocan.media.audio import Null, Tone
from twocan.media.descriptions import KEYS, OPUS, RED, SOUND_OFFERED, sound_codecs
from twocan.media.ends import clocked, echo
from twocan.media.session import CallMedia
from twocan.media.sound import Ends, Samples
from twocan.messages import Content, Description, PayloadType
from twocan.states import End


def lose(patch: pytest.MonkeyPatch, side: Side, lost: Callable[[int], bool]) -> None:
    """Lose the packets with these numbers on their way to one side, from now on."""
    dtls = side.media[-1]._path.transport.dtls
    receive, number = dtls._handle_rtp_data, 0

    async def sometimes(data: bytes, arrival_time_ms: int) -> None:
        nonlocal number
        number += 1
        if not lost(number):
            await receive(data, arrival_time_ms)

    patch.setattr(dtls, "_handle_rtp_data", sometimes)


# --- What both speak ----------------------------------------------------------------------------


def answered(*offered: PayloadType) -> tuple[PayloadType, ...]:
    """What is answered to an offer of these."""
    content = Content("audio", description=Description("audio", payload_types=offered))
    codecs = sound_codecs(content)
    assert codecs is not None
    return codecs.all


def formats(codec: PayloadType) -> str:
    return dict(codec.parameters)[""]


async def test_an_offer_names_opus_first_then_what_repeats_it_and_keys() -> None:
    [content] = await CallMedia(lambda _event: None, echo).offer()
    assert content.description is not None
    assert [(c.id, c.name) for c in content.description.payload_types] == [
        (111, "opus"),
        (63, "red"),
        (126, "telephone-event"),
    ]
    assert formats(RED) == "111/111"


async def test_an_answer_has_what_both_know_under_the_numbers_of_the_offer() -> None:
    opus = replace(OPUS, id=96, name="Opus")
    red = PayloadType(100, "RED", 48000, 2, (("", "96/96"),))
    keys = PayloadType(101, "telephone-event", 48000, 1, (("", "0-16"),))
    speex = PayloadType(97, "speex", 16000)
    found = answered(speex, keys, red, opus)
    assert [(c.id, c.name) for c in found] == [(96, "opus"), (100, "red"), (101, "telephone-event")]
    assert formats(found[1]) == "96/96"


@pytest.mark.parametrize("parameters", [(("", "0/0"),), (("", "111/0"),), (("", "lies"),)])
async def test_redundancy_of_some_other_codec_is_left_out(
    parameters: tuple[tuple[str, str], ...],
) -> None:
    assert answered(OPUS, replace(RED, parameters=parameters)) == (OPUS,)


@pytest.mark.parametrize("parameters", [(), (("", "111/111/111"),)])
async def test_redundancy_may_name_opus_or_nothing(
    parameters: tuple[tuple[str, str], ...],
) -> None:
    assert answered(OPUS, replace(RED, parameters=parameters)) == (OPUS, RED)


async def test_keys_that_are_counted_by_another_clock_are_left_out() -> None:
    assert answered(OPUS, replace(KEYS, clockrate=8000)) == (OPUS,)


# --- Losses -------------------------------------------------------------------------------------


async def test_who_is_told_of_losses_repeats_and_the_far_side_hears_no_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with in_a_call() as (_caller, _ours, callee, _theirs):
        await callee.ear.hears(LOW)
        lose(monkeypatch, callee, lambda number: number % 8 == 0)
        playout = callee.media[0].voice.playout
        assert playout is not None
        while playout.counters.red < 5:
            await asyncio.sleep(0.05)
        concealed = playout.counters.concealed_ms
        await callee.received(40)
        assert playout.counters.concealed_ms == concealed
        await callee.ear.hears(LOW)
        figures = await callee.figures()
        assert figures.received.lost


async def test_who_did_not_offer_redundancy_is_not_sent_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("twocan.media.descriptions.SOUND_OFFERED", replace(SOUND_OFFERED, red=None))
    async with in_a_call() as (_caller, _ours, callee, _theirs):
        await callee.ear.hears(LOW)
        lose(monkeypatch, callee, lambda number: number % 8 == 0)
        playout = callee.media[0].voice.playout
        assert playout is not None
        while ((await callee.figures()).received.lost or 0) < 20:
            await asyncio.sleep(0.05)
        # In-band redundancy needs nobody's consent (RFC 6716 §2.1.7).
        assert playout.counters.fec
        assert playout.counters.red == 0


# --- Telephone keys -----------------------------------------------------------------------------


async def test_keys_are_counted_by_the_far_side_and_heard_by_who_presses_them() -> None:
    async with in_a_call() as (caller, ours, callee, _theirs):
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))
        ours.press("1#1a")
        await asyncio.gather(caller.ear.hears_a_little(697), caller.ear.hears_a_little(1209))
        while len(callee.media[0].voice.keys_heard) < 4:
            await asyncio.sleep(0.02)
        assert callee.media[0].voice.keys_heard == "1#1A"
        assert caller.media[0].voice.keys_heard == ""
        # The sound went on meanwhile.
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))


async def test_what_is_no_key_is_refused_and_none_of_it_is_sent() -> None:
    async with in_a_call() as (_caller, ours, _callee, _theirs):
        with pytest.raises(ValueError, match="'x' is no key"):
            ours.press("12x")


# --- Levels -------------------------------------------------------------------------------------


async def test_each_packet_tells_how_loud_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = []
    async with in_a_call() as (_caller, _ours, callee, _theirs):
        dtls = callee.media[0]._path.transport.dtls
        [session] = dtls._rtp_router.receivers
        handle = session._handle_rtp_packet

        async def seen(packet: RtpPacket, arrival_time_ms: int) -> None:
            levels.append(packet.extensions.audio_level)
            await handle(packet, arrival_time_ms)

        monkeypatch.setattr(session, "_handle_rtp_packet", seen)
        await callee.ear.hears(LOW)
        await callee.received(5)
    # A tone of -20 dBFS is 20 dB below the loudest there is (RFC 6464 §3).
    assert levels[-1] == (False, 20)


# --- Faults of our own --------------------------------------------------------------------------


class Collapsing:
    """A room that fails at its hundredth block."""

    def __init__(self) -> None:
        self.blocks = 0

    def played(self, block: Samples, at: float) -> None: ...

    def clean(self, block: Samples, at: float) -> Samples:
        self.blocks += 1
        if self.blocks == 100:
            raise RuntimeError("the room collapsed")
        return block

    def close(self) -> None: ...


@pytest.mark.expects_log
async def test_a_fault_on_the_way_out_ends_that_call_and_says_so() -> None:
    def ends() -> Ends:
        return replace(clocked(Tone(LOW), Null()), room=Collapsing())

    async with in_a_call(ends) as (_caller, ours, _callee, theirs):
        await asyncio.gather(ours.ended.wait(), theirs.ended.wait())
        assert ours.call.view().end is End.FAILED
