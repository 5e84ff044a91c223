"""The voice of one call: the microphone to the wire, and the wire to the speaker.

Threads meet here. The event loop owns everything on the way out, and the wire. The sound card's
thread owns the playout buffer: what comes from the wire waits for it in a deque, which needs no
lock, and so neither thread ever waits for the other.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from aiortc import RTCDtlsTransport

from twocan.media import red
from twocan.media.adaptation import Report
from twocan.media.descriptions import Codecs
from twocan.media.keypad import Keypad
from twocan.media.opus import OpusError
from twocan.media.outgoing import Outgoing
from twocan.media.playout import Arrival, Playout
from twocan.media.rtp import Inbound, Outbound, ahead
from twocan.media.sound import (
    BLOCK,
    BLOCK_SECONDS,
    FULL_SCALE,
    SAMPLE_RATE,
    SILENCE,
    Ends,
    Level,
    Samples,
    SoundError,
    Source,
)
from twocan.media.sound_rtp import SoundRtp
from twocan.media.stats import Stream, bitrate_kbps, jitter_ms
from twocan.media.telephone_event import Pressed
from twocan.media.tones import Key
from twocan.messages import HeaderExtension

log = logging.getLogger(__name__)

_MOST_WAITING = 1000
"""Packets that wait for a sound card that stopped asking: the oldest go."""

_MOST_CAPTURED = 200
"""Blocks that wait for an event loop that is held up: the oldest go, and the timestamps tell."""

_GAP_SECONDS = 0.03
"""What is missing between two blocks of the microphone before it counts as missing."""


class Voice:
    """Sound both ways.

    ``first_sound`` is told once, when the far side is first heard; ``failed`` when a microphone
    or a speaker that cannot come back ended. Both on the event loop.
    """

    def __init__(
        self,
        cname: str,
        first_sound: Callable[[], None],
        failed: Callable[[SoundError], None],
    ) -> None:
        self._rtp = SoundRtp(cname, self._arrive, self._reported)
        self._first_sound, self._failed = first_sound, failed
        self._loop = asyncio.get_running_loop()
        self._ends: Ends | None = None
        self._captured: deque[tuple[Samples, float]] = deque(maxlen=_MOST_CAPTURED)
        self._frame_captured = asyncio.Event()
        self._missing = 0
        self._sending_task: asyncio.Task[None] | None = None
        self._outgoing: Outgoing | None = None
        self._codecs: Codecs | None = None
        self._due: float | None = None
        self._elapsed = 0
        """Samples since the first that was sent."""
        self._keypad, self._pressed = Keypad(), Pressed()
        self._inbox: deque[tuple[Arrival, float]] = deque(maxlen=_MOST_WAITING)
        self._playout: Playout | None = None
        self._heard = False
        self._sounding: tuple[int, int, float] | None = None
        """An SSRC, a timestamp of it, and when that is played; of the sound card's thread."""
        self._tone: Source | None = None
        self._overhear: Callable[[Samples, float], None] | None = None
        self._started_at: float | None = None
        self._sending, self._muted, self._playing = True, False, True
        self.spoken, self.played = Level(), Level()
        """How loud what was sent is, and what was played."""
        self.keys_heard = ""
        """The telephone keys that the far side pressed."""
        self.malformed = 0
        """Packets that were no sound."""

    @property
    def ssrc(self) -> int:
        """Of the stream that we send."""
        return self._rtp.ssrc

    @property
    def playout(self) -> Playout | None:
        """What the far side's packets go through; its counters may be read at any time."""
        return self._playout

    @property
    def keys_sent(self) -> str:
        """The telephone keys that were pressed here."""
        return self._keypad.sent

    @property
    def heard_seconds(self) -> float:
        """How much sound of the far side was played."""
        return self._playout.counters.played_ms / 1000 if self._playout else 0.0

    @property
    def heard(self) -> tuple[float, float] | None:
        """When something was said, in seconds of the far side's clock, and when it is heard here,
        in seconds of ``time.monotonic``; None as long as that is not known."""
        if self._sounding is None or not self._playing:
            return None
        ssrc, timestamp, at = self._sounding
        said = self._rtp.clocks(ssrc)
        if said is None:
            return None
        return said.ntp + ahead(timestamp, said.timestamp) / SAMPLE_RATE, at

    def open(self, ends: Ends) -> None:
        """Take a microphone and a speaker and start them; they are closed with the voice."""
        self._ends = ends
        ends.playback.start(self._give, self._fail)
        ends.capture.start(self._hear, self._fail)

    def start(
        self,
        transport: RTCDtlsTransport,
        name: str,
        codecs: Codecs,
        extensions: Sequence[HeaderExtension],
        ssrcs: Sequence[int],
    ) -> None:
        """Send and receive over ``transport``. ``ssrcs``: the streams that the far side announced.

        Raises SoundError where sound cannot be coded.
        """
        try:
            self._playout = Playout()
            self._outgoing = Outgoing(codecs.opus.id, codecs.red.id if codecs.red else None)
        except OpusError as error:
            raise SoundError(str(error)) from error
        # What was heard while the path was being found is past.
        self._captured.clear()
        self._codecs = codecs
        self._started_at = self._loop.time()
        self._rtp.start(transport, name, codecs.all, extensions, ssrcs)
        self._sending_task = asyncio.create_task(self._send(self._outgoing))
        self._sending_task.add_done_callback(self._sending_ended)

    def wait(self, seconds: float) -> None:
        """Delay what is heard by so much at least, since what is seen with it takes longer."""
        if self._playout is not None:
            self._playout.least = seconds

    def overhear(self, hear: Callable[[Samples, float], None]) -> None:
        """Tell ``hear`` of every block that is played, and when; on the sound card's thread."""
        self._overhear = hear

    def press(self, keys: str) -> None:
        """Send telephone keys, and let them be heard here. Raises ValueError for what is none."""
        self._keypad.press(keys)

    async def close(self) -> None:
        """Stop sending and receiving, and close the microphone and the speaker."""
        ends, self._ends = self._ends, None
        for end in (ends.capture, ends.playback, ends.room) if ends else ():
            try:
                if end is not None:
                    end.close()
            except SoundError as error:
                # A disk that was full at the last moment: the call is over all the same.
                log.warning("%s", error)
        if self._sending_task is not None:
            self._sending_task.cancel()
            await asyncio.gather(self._sending_task, return_exceptions=True)
        await self._rtp.close()

    def flow(self, *, sending: bool, muted: bool, playing: bool) -> None:
        """Send and play, or not."""
        self._sending, self._muted, self._playing = sending, muted, playing

    def figures(self) -> tuple[Stream, Stream, float | None]:
        """What was sent, what was received, and the round trip in ms if RTCP told it."""
        said, seconds = self._rtp.last_report, self._seconds()
        sent = Stream(
            packets=self._rtp.packets_sent,
            bytes=self._rtp.bytes_sent,
            lost=max(said.lost, 0) if said else 0,
            jitter_ms=said.jitter * 1000 if said else None,
            bitrate_kbps=bitrate_kbps(self._rtp.bytes_sent, seconds),
            level_dbfs=self.spoken.dbfs,
        )
        rtt = said.rtt if said else None
        return sent, self._received(seconds), rtt * 1000 if rtt is not None else None

    def _received(self, seconds: float) -> Stream:
        jitter = self._rtp.jitter
        stream = Stream(
            packets=self._rtp.packets_received,
            bytes=self._rtp.bytes_received,
            lost=self._rtp.packets_lost,
            jitter_ms=jitter_ms(jitter, SAMPLE_RATE) if jitter is not None else None,
            bitrate_kbps=bitrate_kbps(self._rtp.bytes_received, seconds),
            level_dbfs=self.played.dbfs,
        )
        if self._playout is None:
            return stream
        counters = self._playout.counters
        return replace(
            stream,
            concealed_ms=counters.concealed_ms,
            playout_delay_ms=counters.mean_delay_ms,
            late=counters.late,
            repaired=counters.fec + counters.red,
            stretched_ms=counters.accelerated_ms + counters.expanded_ms,
        )

    def _seconds(self) -> float:
        return 0.0 if self._started_at is None else self._loop.time() - self._started_at

    def _fail(self, error: SoundError) -> None:
        self._loop.call_soon_threadsafe(self._failed, error)

    def _sending_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            log.error("sending failed", exc_info=error)
            self._failed(SoundError(f"the microphone's sound cannot be sent: {error}"))

    # The way out, on the event loop but for the first step

    def _hear(self, block: Samples, at: float) -> None:
        self._captured.append((block, at))
        # Nothing is sent before a frame is whole: waking the loop sooner costs and gains nothing.
        if len(self._captured) * BLOCK >= self._missing:
            self._loop.call_soon_threadsafe(self._frame_captured.set)

    async def _send(self, outgoing: Outgoing) -> None:
        while True:
            await self._frame_captured.wait()
            self._frame_captured.clear()
            await self._send_captured(outgoing)
            self._missing = outgoing.missing

    async def _send_captured(self, outgoing: Outgoing) -> None:
        while self._captured:
            block, at = self._captured.popleft()
            # The timestamps tell of sound that the microphone did not give.
            if self._due is not None and at - self._due > _GAP_SECONDS:
                self._skip(outgoing, int((at - self._due) / BLOCK_SECONDS) * BLOCK)
            self._due = at + BLOCK_SECONDS
            clean = self._cleaned(block, at)
            if self._sending:
                await self._say(outgoing, clean, at)
            else:
                self._skip(outgoing, len(block))

    def _skip(self, outgoing: Outgoing, samples: int) -> None:
        outgoing.skip(samples)
        self._elapsed += samples

    def _cleaned(self, block: Samples, at: float) -> Samples:
        # Muted, what is said goes no further than here; the room goes on being learnt.
        clean = self._ends.room.clean(block, at) if self._ends and self._ends.room else block
        return SILENCE if self._muted else clean

    async def _say(self, outgoing: Outgoing, block: Samples, at: float) -> None:
        self.spoken.add(block)
        self._elapsed += len(block)
        began = at + BLOCK_SECONDS - self._elapsed / SAMPLE_RATE
        await self._send_keys(began)
        if frame := outgoing.take(block):
            await self._rtp.send(
                Outbound(
                    frame.payload_type,
                    frame.payload,
                    frame.timestamp,
                    began + frame.timestamp / SAMPLE_RATE,
                    frame.marker,
                    frame.level,
                )
            )

    async def _send_keys(self, began: float) -> None:
        """Beside the sound, which goes on (RFC 4733 §2.5.1.2 leaves that to us)."""
        keys = self._codecs.keys if self._codecs else None
        if keys is None:
            return
        if key := self._keypad.begin(self._elapsed):
            self._tone = Key(key)
        for packet in self._keypad.due(self._elapsed):
            at = began + packet.timestamp / SAMPLE_RATE
            outbound = Outbound(keys.id, packet.payload, packet.timestamp, at, packet.marker)
            await self._rtp.send(outbound)

    def _reported(self, report: Report) -> None:
        if self._outgoing is not None:
            self._outgoing.told(report)

    # The way in: from the wire on the event loop, to the speaker on the sound card's thread

    def _arrive(self, inbound: Inbound) -> None:
        try:
            arrival = self._read(inbound)
        except ValueError:
            self.malformed += 1
            return
        if arrival is not None:
            self._inbox.append((arrival, inbound.arrival))

    def _read(self, inbound: Inbound) -> Arrival | None:
        codecs = self._codecs
        if codecs is None:
            return None
        if inbound.payload_type == codecs.opus.id:
            return _arrival(inbound, inbound.payload)
        if codecs.red is not None and inbound.payload_type == codecs.red.id:
            return _with_repeated(inbound, codecs.opus.id)
        if codecs.keys is not None and inbound.payload_type == codecs.keys.id:
            self.keys_heard += self._pressed.put(inbound.timestamp, inbound.payload) or ""
        return None

    def _give(self, at: float) -> Samples:
        block = self._next_block(self._playout, at) if self._playout is not None else SILENCE
        if self._tone is not None:
            block = self._mixed(block, self._tone)
        if self._ends is not None and self._ends.room is not None:
            self._ends.room.played(block, at)
        if self._overhear is not None:
            try:
                self._overhear(block, at)
            except Exception:
                # Who listens as well is no reason to hear nothing.
                log.exception("sound could not be told of")
                self._overhear = None
        return block

    def _next_block(self, playout: Playout, at: float) -> Samples:
        while self._inbox:
            playout.put(*self._inbox.popleft())
        if coming := playout.next:
            self._sounding = (*coming, at)
        block = playout.get(BLOCK, time.monotonic())
        if not self._heard and playout.counters.played_ms:
            self._heard = True
            self._loop.call_soon_threadsafe(self._first_sound)
        if not self._playing:
            return SILENCE
        self.played.add(block)
        return block

    def _mixed(self, block: Samples, tone: Source) -> Samples:
        if tone.finished:
            self._tone = None
        both: Samples = np.clip(
            block.astype(np.int32) + tone.read(), -FULL_SCALE, FULL_SCALE - 1
        ).astype(np.int16)
        return both


def _arrival(
    inbound: Inbound, payload: bytes, repeated: tuple[tuple[int, bytes], ...] = ()
) -> Arrival:
    return Arrival(
        inbound.ssrc, inbound.sequence, inbound.timestamp, payload, repeated, inbound.marker
    )


def _with_repeated(inbound: Inbound, opus: int) -> Arrival:
    """Raises ValueError where there is no sound of ours in it."""
    *redundant, primary = red.unpack(inbound.payload)
    if primary.payload_type != opus:
        raise ValueError(f"redundant audio of payload type {primary.payload_type}")
    repeated = tuple((b.offset, b.data) for b in redundant if b.payload_type == opus)
    return _arrival(inbound, primary.data, repeated)
