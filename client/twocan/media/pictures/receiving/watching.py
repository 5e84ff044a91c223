"""The far side's pictures on their way in: the wire, the frames, the moment to show each.

All of this belongs to the event loop but the decoder's thread. What is missing is asked for, what
the network bears is told, and what is due is decoded.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Coroutine
from statistics import median

from twocan.media.descriptions import NACK, PictureCodecs
from twocan.media.pictures.figures import PictureStream
from twocan.media.pictures.picture import Screen
from twocan.media.pictures.picture_rtp import Arrived, PictureRtp
from twocan.media.pictures.receiving.assembly import Assembly
from twocan.media.pictures.receiving.decoding import Decoding, Shown
from twocan.media.pictures.receiving.estimate import Estimate
from twocan.media.pictures.receiving.freezes import Freezes
from twocan.media.pictures.receiving.glass import Glass
from twocan.media.pictures.receiving.looks import Counted, Looks
from twocan.media.pictures.receiving.patience import Patience
from twocan.media.pictures.receiving.showing import Showing
from twocan.media.rtp import Clocks, ahead
from twocan.media.stats import jitter_ms

CLOCK_RATE = 90_000

_RECENT = 600
"""Pictures whose skew is remembered."""

Heard = Callable[[], tuple[float, float] | None]
"""When something was said, on the far side's clock, and when it is heard here (``Voice.heard``)."""


class Watching:
    """Shows what comes over a session, from ``start`` until ``close``.

    ``let_voice_wait`` is told by how much sound is to be delayed at least, in seconds; ``first`` is
    called once a picture was shown.
    """

    def __init__(
        self,
        rtp: PictureRtp,
        heard: Heard,
        let_voice_wait: Callable[[float], None],
        first: Callable[[], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._now = self._loop.time
        self._rtp, self._heard, self._first = rtp, heard, first
        self._let_voice_wait = let_voice_wait
        self._patience, self._looks = Patience(self._now()), Looks()
        self._glass: Glass | None = None
        self._assembly = Assembly(nackable=False)
        self._estimate = Estimate()
        self._showing = Showing()
        self._freezes = Freezes()
        self._decoding: Decoding | None = None
        self._due: asyncio.TimerHandle | None = None
        self._due_at = math.inf
        self._asking: set[asyncio.Task[None]] = set()
        self._ssrc = 0
        self._clocks: Clocks | None = None
        self._shown: Shown | None = None
        self._skews: deque[float] = deque(maxlen=_RECENT)

    @property
    def skew(self) -> float | None:
        """How much later than the voice the lips are seen, in seconds, median of late."""
        return median(self._skews) if self._skews else None

    def start(self, codecs: PictureCodecs, screen: Screen) -> None:
        """The way is open."""
        self._assembly = Assembly(nackable=NACK in codecs.vp8.feedback)
        self._glass = Glass(screen)

    def watch(self, on: bool) -> None:
        """Show them, or not. What comes is decoded all the same, so that it can be gone on with."""
        if self._glass is not None:
            self._glass.showing = on
        if not on:
            self._freezes.paused(self._now())

    def figures(self) -> PictureStream:
        """What was received and shown."""
        counted, total = self._assembly.counters, self._counted()
        jitter = self._rtp.jitter
        delay = self._glass.delay if self._glass else None
        shown = self._shown
        return PictureStream(
            packets=total.packets,
            bytes=total.bytes,
            lost=total.lost,
            jitter_ms=jitter_ms(jitter, CLOCK_RATE) if jitter is not None else None,
            frames=total.frames,
            key_frames=counted.keys,
            width=shown.width if shown else 0,
            height=shown.height if shown else 0,
            seconds=total.watched,
            repaired=counted.repaired,
            freezes=total.freezes,
            freeze_ms=total.frozen * 1000,
            glass_to_glass_ms=None if delay is None else delay * 1000,
            av_skew_ms=None if self.skew is None else self.skew * 1000,
            quality=self._looks.whole(total, (shown.width, shown.height), self._delay)
            if shown
            else None,
        )

    @property
    def quality(self) -> float | None:
        """How good pictures look now, 1 to 5: of the last few seconds. None before the first."""
        if self._shown is None:
            return None
        size = (self._shown.width, self._shown.height)
        return self._looks.lately(self._counted(), size, self._delay)

    @property
    def _delay(self) -> float:
        """From the camera to the screen in seconds, as far as it is known."""
        if self._glass is not None and self._glass.delay is not None:
            return self._glass.delay
        report = self._rtp.last_report
        return (report.rtt or 0.0) / 2 + self._showing.held if report else self._showing.held

    def _counted(self) -> Counted:
        froze = self._freezes.figures(self._now())
        rtp = self._rtp
        return Counted(
            rtp.packets_received,
            rtp.bytes_received,
            rtp.packets_lost,
            self._assembly.counters.repaired,
            froze.frames,
            froze.watched,
            froze.count,
            froze.seconds,
        )

    async def close(self) -> None:
        """Show nothing more."""
        self._let_voice_wait(0.0)
        self._glass = None
        if self._due is not None:
            self._due.cancel()
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
        if self._decoding is not None:
            self._decoding.close()
            await asyncio.to_thread(self._decoding.join)

    # From the wire

    def arrived(self, arrived: Arrived) -> None:
        """A packet came."""
        if self._glass is None:
            return
        now, packet = self._now(), arrived.packet
        timestamp = packet.timestamp if packet and not packet.repaired else None
        self._estimate.add(arrived.sent, arrived.size, arrived.at, timestamp)
        if packet is not None:
            self._ssrc = packet.ssrc
            self._assembly.put(packet, now)
            self._take_frames(now)
        self._look(now)

    def _look(self, now: float) -> None:
        """Do whatever is due, and come back when the next is."""
        self._ask(now)
        self._show(now)
        times = (
            self._assembly.next_at(now),
            self._showing.next_at(),
            self._estimate.next_at,
        )
        self._look_again(min((time for time in times if time is not None), default=math.inf))

    def _look_again(self, at: float) -> None:
        if at == self._due_at:
            return
        if self._due is not None:
            self._due.cancel()
        self._due_at = at
        self._due = self._loop.call_at(at, self._look_now) if at < math.inf else None

    def _look_now(self) -> None:
        self._due, self._due_at = None, math.inf
        self._look(self._now())

    def _ask(self, now: float) -> None:
        report = self._rtp.last_report
        wants = self._assembly.wants(now, report.rtt if report else None)
        if wants.missing:
            self._say(self._rtp.ask(wants.missing))
        if wants.key:
            self._say(self._rtp.ask_key())
        bitrate = self._estimate.take(now)
        if bitrate is not None:
            self._say(self._rtp.tell(bitrate))
        # What is given up may have been all that the rest waited for.
        self._take_frames(now)

    def _say(self, saying: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(saying)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    # To the screen

    def _take_frames(self, now: float) -> None:
        frames = self._assembly.frames(now)
        if frames:
            self._compare_clocks(now)
            self._keep_together(now)
        for frame in frames:
            if not self._showing.put(frame):
                self._assembly.broken(now)

    def _compare_clocks(self, now: float) -> None:
        said = self._rtp.clocks(self._ssrc)
        if said is not None and said != self._clocks:
            self._clocks = said
            self._showing.told_video(said.ntp, said.timestamp)
        heard = self._heard()
        if heard is not None:
            self._showing.heard(*heard)
        else:
            self._showing.heard(None, now)

    def _keep_together(self, now: float) -> None:
        """Where pictures take longer than the voice, let it wait for them."""
        if not self._patience.is_due(now):
            return
        self._looks.remember(self._counted())
        before = self._patience.seconds
        self._patience.look(self._showing.short, now)
        if self._patience.seconds != before:
            self._let_voice_wait(self._patience.seconds)

    def _show(self, now: float) -> None:
        frames = self._showing.take(now)
        if not frames or self._glass is None:
            return
        if self._decoding is None:
            self._decoding = Decoding(self._glass, self._was_shown, self._broken)
        if not self._decoding.put(frames):
            self._broken()

    def _was_shown(self, shown: Shown) -> None:
        if self._glass is None or not self._glass.showing:
            return
        if self._shown is None:
            self._first()
        self._shown = shown
        self._freezes.shown(shown.at)
        heard, clocks = self._heard(), self._clocks
        if heard is not None and clocks is not None:
            since = ahead(shown.timestamp % (1 << 32), clocks.timestamp) / CLOCK_RATE
            said, at = heard
            self._skews.append(shown.at - (at + clocks.ntp + since - said))

    def _broken(self) -> None:
        if self._glass is None:
            return
        self._assembly.broken(self._now())
        self._look(self._now())
