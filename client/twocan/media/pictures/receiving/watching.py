"""The far side's pictures on their way in: the wire, the frames, the moment to show each.

All of this belongs to the event loop but the decoder's thread. What is missing is asked for, what
the network bears is told, and what is due is decoded.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from statistics import median

from twocan.media.descriptions import NACK, PictureCodecs
from twocan.media.pictures.figures import PictureStream
from twocan.media.pictures.filming import pattern
from twocan.media.pictures.picture import Coded, Picture, Screen
from twocan.media.pictures.picture_rtp import Arrived, PictureRtp
from twocan.media.pictures.quality import quality
from twocan.media.pictures.receiving.assembly import Assembly
from twocan.media.pictures.receiving.decoding import Decoding, Shown
from twocan.media.pictures.receiving.estimate import Estimate
from twocan.media.pictures.receiving.freezes import Freezes
from twocan.media.pictures.receiving.showing import Showing
from twocan.media.rtp import Clocks, ahead
from twocan.media.sound import Samples
from twocan.media.stats import jitter_ms

CLOCK_RATE = 90_000

_SEARCH, _RARELY = 30, 60
"""Pictures in which the marks of a test picture are looked for, and of which later each so many."""

_ONE_CLOCK = 60.0
"""Seconds beyond which a test picture's time is that of another machine, or a lie."""

_RECENT = 600
"""Pictures whose delay and skew are remembered."""

_PATIENCE_EVERY = 0.5
_MORE_PATIENCE, _LESS_PATIENCE, _MOST_PATIENCE = 0.02, 0.01, 0.12
"""How long the voice waits for the lips, in seconds: the steps, and the most."""
_TOLERATED = 0.025
"""Seconds by which lips are late without anybody noticing (``showing``), and some are later."""
_SHORT_FOR = 4
"""Looks in a row for which lips have to be late before the voice waits."""
_SETTLED = 8
"""Looks after which it is known how late they are: a first picture is larger than any other."""

_LATELY = 10
"""So many looks at what was counted, one with each step: 5 s."""

Heard = Callable[[], tuple[float, float] | None]
"""When something was said, on the far side's clock, and when it is heard here (``Voice.heard``)."""


@dataclass(frozen=True, slots=True)
class _Totals:
    """What was counted until a moment. Times in seconds."""

    packets: int = 0
    bytes: int = 0
    lost: int = 0
    repaired: int = 0
    frames: int = 0
    watched: float = 0.0
    freezes: int = 0
    frozen: float = 0.0


_NOTHING = _Totals()


class Glass:
    """A screen, and the time that test pictures took from the camera to it."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._looked = 0
        self._delays: deque[float] = deque(maxlen=_RECENT)
        self.showing = False
        """Whether pictures are to be seen."""

    @property
    def delay(self) -> float | None:
        """The median of late, in seconds; None where no test picture was seen."""
        return median(self._delays.copy()) if self._delays else None

    def hear(self, block: Samples, at: float) -> None:
        self._screen.hear(block, at)

    def show(self, picture: Picture, coded: Coded) -> None:
        if not self.showing:
            return
        self._screen.show(picture, coded)
        self._looked += 1
        if self._delays or self._looked <= _SEARCH or self._looked % _RARELY == 0:
            mark = pattern.read(picture)
            if mark is not None and 0 <= picture.at - mark.at < _ONE_CLOCK:
                self._delays.append(picture.at - mark.at)

    def close(self) -> None:
        """The screen is closed by who opened it."""


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
        self._patience, self._patience_at = 0.0, self._now()
        self._shorts: deque[float] = deque(maxlen=_SETTLED)
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
        self._lately: deque[_Totals] = deque(maxlen=_LATELY)

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
        counted, total = self._assembly.counters, self._totals()
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
            quality=self._quality(_NOTHING) if shown else None,
        )

    @property
    def quality(self) -> float | None:
        """How good pictures look now, 1 to 5: of the last few seconds. None before the first."""
        return self._quality(self._lately[0]) if self._shown and self._lately else None

    def _quality(self, since: "_Totals") -> float:
        total, shown = self._totals(), self._shown
        watched = total.watched - since.watched
        packets = total.packets - since.packets
        missing = max(total.lost - since.lost - (total.repaired - since.repaired), 0)
        if shown is None or watched <= 0 or packets <= 0:
            return 1.0
        return quality(
            shown.width,
            shown.height,
            (total.frames - since.frames) / watched,
            (total.bytes - since.bytes) * 8 / 1000 / watched,
            (total.frozen - since.frozen) / watched,
            missing / (packets + missing),
            self._delay * 1000,
        )

    @property
    def _delay(self) -> float:
        """From the camera to the screen in seconds, as far as it is known."""
        if self._glass is not None and self._glass.delay is not None:
            return self._glass.delay
        report = self._rtp.last_report
        return (report.rtt or 0.0) / 2 + self._showing.held if report else self._showing.held

    def _totals(self) -> "_Totals":
        froze = self._freezes.figures(self._now())
        rtp = self._rtp
        return _Totals(
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
        if now - self._patience_at < _PATIENCE_EVERY:
            return
        self._shorts.append(self._showing.short)
        short = min(list(self._shorts)[-_SHORT_FOR:]) if len(self._shorts) == _SETTLED else 0.0
        step = min(max(short - _TOLERATED, -_LESS_PATIENCE), _MORE_PATIENCE)
        patience = min(max(self._patience + step, 0.0), _MOST_PATIENCE)
        self._patience_at = now
        self._lately.append(self._totals())
        if patience != self._patience:
            self._patience = patience
            self._let_voice_wait(patience)

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
