"""When each picture is decoded and shown: evenly, and together with the voice.

A picture is shown a fixed time after its timestamp. That time, here called the transit, says
nothing by itself, since the two clocks began at different moments; only differences do. Three
transits count:

- what the network needs: nearly all frames of late could be decoded by then (``Transits``);
- what the voice has: at that one the sound of the same instant is heard. The far side's sender
  reports place both streams on one clock of its own (RFC 3550 §6.4.1), and the playing of the
  sound places that clock on ours, so that no clock needs to be right;
- the present one, which goes to where it should be so slowly that movement stays even.

The voice decides where it is known and the pictures can keep up. Where they cannot, they are shown
as early as is even, and ``short`` says by how much the voice would have to wait for them.

Pure: time is an argument.
"""

from bisect import bisect_left, insort
from collections import deque
from math import exp
from statistics import median

from twocan.media.pictures.receiving.assembly import Frame

_RATE = 90000
_TIMESTAMPS = 1 << 32

_SHARE = 0.96
"""Of the frames that are to be there in time. The others are shown when they come."""

_MEMORY = 10.0
_MOST_REMEMBERED = 600
_WAKE = 1 / 3
"""A frame that comes this much sooner after its predecessor than it was sent was held up by it, and
would not have been late by itself: a stall is one event, however many frames wait behind it."""

_MARGIN = 0.004
"""Seconds beyond what was learnt: threads are not punctual."""

_MOST_HELD = 0.5
"""Seconds for which the network alone can make pictures wait."""

_TOGETHER = 0.02
"""Seconds by which a picture may be behind its voice if that makes movement even. People notice
45 ms (ITU-R BT.1359-1), and what is known of clocks and sound cards is not exact."""

_SLEW, _FIRST_SLEW, _FIRST = 0.1, 0.25, 3.0
"""How much faster or slower than life time passes while the transit changes: for the first 3 s it
changes sooner, since the voice is not known until the first reports are there."""

_LEAP = 0.2
"""Seconds by which the transit may be wrong before it is put right at once."""

_ELSEWHERE = 2.0
"""Seconds beyond which a transit is not late or early but of another clock, and a voice not of this
picture."""
_ELSEWHERE_FOR = 8

_SOUND_HOLDS = 5.0
_SOUND_SETTLES = 0.3
_REPORTS = 5
_REPORT_JUMPS = 0.5

_BEHIND = 2.0
"""Seconds by which who shows may be late before all there is is handed out at once."""

_MOST_FRAMES = 300
_MOST_BYTES = 16 << 20


class Transits:
    """How late frames of late could be decoded, against their timestamps."""

    def __init__(self) -> None:
        self._latest: deque[tuple[float, float]] = deque()
        self._sorted: list[float] = []

    @property
    def fastest(self) -> float | None:
        """The least of the last 10 s, None before the first."""
        return self._sorted[0] if self._sorted else None

    @property
    def needed(self) -> float | None:
        """At which nearly all frames are in time, None before the first."""
        if not self._sorted:
            return None
        # Rounded down, so that of two already the later one is left out: a first frame is a key
        # frame, and takes longer than all others.
        nearly_all = self._sorted[int(_SHARE * (len(self._sorted) - 1))]
        return min(nearly_all + _MARGIN, self._sorted[0] + _MOST_HELD)

    def add(self, transit: float, now: float) -> None:
        self._latest.append((now, transit))
        insort(self._sorted, transit)
        while len(self._latest) > _MOST_REMEMBERED or now - self._latest[0][0] > _MEMORY:
            _, gone = self._latest.popleft()
            del self._sorted[bisect_left(self._sorted, gone)]


class Voice:
    """At which transit a picture is shown when the sound of the same instant is heard."""

    def __init__(self) -> None:
        self._reports: deque[float] = deque(maxlen=_REPORTS)
        self._pending: tuple[float, int] | None = None
        self._delay: float | None = None
        self._heard_at = 0.0

    def told(self, ntp: float, timestamp: int, near: int | None) -> None:
        """A sender report on the pictures. ``near``: a timestamp of theirs, which does not wrap;
        None before the first frame."""
        if near is None:
            self._pending = (ntp, timestamp)
            return
        ahead = (timestamp - near + _TIMESTAMPS // 2) % _TIMESTAMPS - _TIMESTAMPS // 2
        begun = ntp - (near + ahead) / _RATE
        if self._reports and abs(begun - median(self._reports)) > _REPORT_JUMPS:
            self._reports.clear()
        self._reports.append(begun)

    def began(self, near: int) -> None:
        """The first frame of a stream is there."""
        self._reports.clear()
        pending, self._pending = self._pending, None
        if pending is not None:
            self.told(*pending, near)

    def heard(self, ntp: float | None, now: float) -> None:
        """What is heard now was said at ``ntp`` of the far side's clock; None: nothing is."""
        delay = None if ntp is None else now - ntp
        if delay is not None and self._delay is not None and abs(delay - self._delay) < _LEAP:
            settled = 1 - exp(-max(now - self._heard_at, 0.0) / _SOUND_SETTLES)
            delay = self._delay + (delay - self._delay) * settled
        self._delay, self._heard_at = delay, now

    def transit(self, now: float) -> float | None:
        """None while either stream's clock is unknown, or nothing was heard of late."""
        if self._delay is None or not self._reports or now - self._heard_at > _SOUND_HOLDS:
            return None
        return median(self._reports) + self._delay


class Showing:
    """Holds coded frames back until it is time. ``lead``: seconds that decoding takes."""

    def __init__(self, lead: float = 0.003) -> None:
        self.lead = lead
        self._voice = Voice()
        self._waiting: deque[tuple[float, Frame]] = deque()
        """The frames, each with when it is to be on the screen."""
        self._bytes = 0
        self._stream: int | None = None
        self._skew: float | None = None
        self._let_go = False
        """Whether frames were dropped that those to come need."""
        self.dropped = 0
        """Frames that were let go of, since nobody took them."""
        self._begin(None)

    @property
    def skew(self) -> float | None:
        """How much later than its voice the picture is shown, in seconds, in the mean of the last
        second; None where that is not known."""
        return self._skew

    @property
    def short(self) -> float:
        """Seconds by which sound would have to be delayed more for voice and lips to be together;
        negative: by which pictures wait for it."""
        voice = self._voice.transit(self._arrived)
        needed = self._transits.needed
        if voice is None or needed is None or not self._fits(voice):
            return 0.0
        return needed - voice

    @property
    def held(self) -> float:
        """Seconds for which pictures are held back, against the fastest of late."""
        fastest = self._transits.fastest
        return 0.0 if fastest is None or self._transit is None else self._transit - fastest

    def put(self, frame: Frame) -> bool:
        """Take a frame. False: nobody takes them, and what decoding needs had to be dropped; only
        key frames are accepted from now on, until one comes."""
        if self._let_go and not frame.key:
            self.dropped += 1
            return False
        self._let_go = False
        if frame.stream != self._stream:
            self._stream = frame.stream
            self._begin(frame)
        self._schedule(frame)
        self._bytes += len(frame.data)
        return not self._overflows() or self._make_room()

    def told_video(self, ntp: float, timestamp: int) -> None:
        """The far side said (RTCP SR) what its clock showed, in seconds, at this RTP timestamp."""
        self._voice.told(ntp, timestamp, self._newest)

    def heard(self, ntp: float | None, now: float) -> None:
        """What the speaker plays at ``now`` was captured at ``ntp`` of the far side's clock; None
        where nothing is played. It holds for 5 s; said often, it is followed more smoothly."""
        self._voice.heard(ntp, now)

    def take(self, now: float) -> list[Frame]:
        """The frames that are due, the oldest first: all are to be decoded, and the last shown."""
        due: list[Frame] = []
        late = bool(self._waiting) and now - self._waiting[0][0] > _BEHIND
        while self._waiting and (late or self._waiting[0][0] - self.lead <= now):
            due.append(self._waiting.popleft()[1])
        self._bytes -= sum(len(frame.data) for frame in due)
        if due:
            self._measure(due[-1], now)
        return due

    def next_at(self) -> float | None:
        """When something is due, None if nothing waits."""
        return self._waiting[0][0] - self.lead if self._waiting else None

    # When to show

    def _begin(self, first: Frame | None) -> None:
        self._transits = Transits()
        self._transit: float | None = None
        """What was added last to a timestamp, to say when the frame is on the screen."""
        self._began_at = self._arrived = first.complete_at if first else 0.0
        self._newest: int | None = None
        self._elsewhere: list[float] = []
        if first is not None:
            self._voice.began(first.timestamp)

    def _schedule(self, frame: Frame) -> None:
        came = frame.complete_at - frame.timestamp / _RATE
        if self._is_elsewhere(came):
            self._begin(frame)
        if self._transit is None:
            # The first is shown at once: whoever waits for a face waits for nothing else.
            self._transit = came
            self._transits.add(came, frame.complete_at)
        else:
            self._learn(frame, came)
            self._move(self._transit, frame)
        self._newest, self._arrived = frame.timestamp, frame.complete_at
        at = frame.timestamp / _RATE + self._transit
        self._waiting.append((at, frame))

    def _is_elsewhere(self, came: float) -> bool:
        """Whether timestamps are of another clock than before. Frames that were held up for long
        look like it at first, but come one upon another."""
        if self._transit is None:
            return False
        if came < self._transit - _ELSEWHERE:
            return True
        if came < self._transit + _ELSEWHERE:
            self._elsewhere.clear()
            return False
        self._elsewhere.append(came)
        latest = self._elsewhere[-_ELSEWHERE_FOR:]
        self._elsewhere = latest
        return len(latest) == _ELSEWHERE_FOR and max(latest) - min(latest) < _LEAP / 2

    def _learn(self, frame: Frame, came: float) -> None:
        assert self._newest is not None
        sent = (frame.timestamp - self._newest) / _RATE
        if frame.complete_at - self._arrived >= sent * _WAKE:
            self._transits.add(came, frame.complete_at)

    def _move(self, transit: float, frame: Frame) -> None:
        """Bring the transit nearer to where it should be, but let time pass nearly as it does."""
        assert self._newest is not None
        wrong = self._wanted(transit, frame.complete_at) - transit
        passed = min(max((frame.timestamp - self._newest) / _RATE, 0.0), 1.0)
        young = frame.complete_at - self._began_at < _FIRST
        most = passed * (_FIRST_SLEW if young else _SLEW)
        if abs(wrong) <= _LEAP:
            wrong = min(max(wrong, -most), most)
        self._transit = transit + wrong

    def _wanted(self, transit: float, now: float) -> float:
        needed = self._transits.needed
        voice = self._voice.transit(now)
        if needed is None:
            return transit
        if voice is None or not self._fits(voice):
            return needed
        return max(min(needed, voice + _TOGETHER), voice)

    def _fits(self, voice: float) -> bool:
        """Whether what is heard can be of this picture. Reports that are wrong, or old, or those of
        a liar are not to stop the pictures."""
        fastest = self._transits.fastest
        return fastest is not None and abs(voice - fastest) < _ELSEWHERE

    # What became of it

    def _measure(self, shown: Frame, now: float) -> None:
        voice = self._voice.transit(now)
        if voice is None or not self._fits(voice):
            self._skew = None
            return
        skew = now + self.lead - shown.timestamp / _RATE - voice
        self._skew = skew if self._skew is None else self._skew + (skew - self._skew) / 30

    def _overflows(self) -> bool:
        return len(self._waiting) > _MOST_FRAMES or self._bytes > _MOST_BYTES

    def _make_room(self) -> bool:
        """Begin with the latest key frame that waits, if there is one besides the first."""
        keys = [place for place, (_, frame) in enumerate(self._waiting) if frame.key]
        keep = keys[-1] if keys and keys[-1] else len(self._waiting)
        for _ in range(keep):
            self._bytes -= len(self._waiting.popleft()[1].data)
        self.dropped += keep
        self._let_go = not self._waiting
        return not self._let_go
