"""What is heard of the far side: packets in, as the network gives them; sound out, without a gap.

Sound is held back as long as it pays (``arrivals``), taken from whichever packet brings it
(``reception``), concealed where none does, and made shorter or longer without changing its pitch
(``stretch``) where the delay should change: in pauses, unless it is wrong by far or for long.

One rule decides what to do at a gap: the frame after it is played once its own time has come. So a
gap is exactly filled when the delay is right, cut short when it is too long and drawn out when it
is too short.

Pure: time is an argument. A ``Playout`` belongs to one thread; nothing in it waits, and no payload
can make it raise.
"""

from dataclasses import dataclass
from math import gcd

import numpy as np

from twocan.media import counters, stretch
from twocan.media.counters import Counters, Played, Tally
from twocan.media.opus import Decoder, OpusError
from twocan.media.reception import Arrival, Frame, Reception
from twocan.media.sound import BLOCK, SAMPLE_RATE, Samples

__all__ = ["Arrival", "Counters", "Playout"]

_MS = SAMPLE_RATE // 1000

_SLACK = 3 * _MS
"""How much less than the best delay is put up with, lest it should go up and down with it."""

_FORGIVEN = 60 * _MS
"""A gap up to this was filled well enough that what comes late may be left out in part. After a
longer one, all of what was said is played."""

_TOO_MUCH = 400 * _MS
"""More delay than this beyond the best is dropped at once and not gone through faster."""

_HOLD = 80 * _MS
_FADE = 240 * _MS
"""Concealment is as loud as libopus makes it, then fades to silence: the ear forgives a gap, not a
buzz."""

_QUIET = 0.06
"""Below this part of the loudest of late, sound is a pause."""

_PAUSE = 100 * _MS
"""What is quiet for less is a part of speech."""

_CUT_QUIET, _CUT = 2 * _MS, 12 * _MS
"""The delay changes by no less than this, in pauses and in speech: less is not worth a seam."""

_HURRY = 60 * _MS
"""The delay changes at once, in speech as well, where it is wrong by more than this."""

_PATIENCE = 100
"""What is wrong by less is put right in the next pause. Where none comes, as in music, a
hundredth of the time that passed is taken off ``_HURRY``, until only ``_CUT`` is left of it."""

_LIKE, _LIKE_ENOUGH = 0.85, 0.5
"""How alike two periods are, from 0 to 1, between which nobody hears a seam, and where it is still
better than to be late by ``_HURRY``."""

_SILENT_PAYLOAD = 2
"""Opus packets up to this many bytes say that the sender is silent (RFC 7587 §3.1.3)."""

_NOTHING: Samples = np.zeros(0, np.int16)


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked for while a block is put together.

    ``time``: now, in samples. ``held``: samples that will be played before what comes next, of
    which ``carried`` were left over from the last block.
    """

    time: float
    count: int
    carried: int
    held: int


class Playout:
    """The receiving end of one call's sound. Raises OpusError where there is no libopus."""

    def __init__(self) -> None:
        self._decoder = Decoder()
        self.least = 0.0
        """Seconds by which sound is delayed at least, against the fastest packet: what is seen with
        it may take longer. It may be set on any thread."""
        self._tally = Tally()
        self._played = Played()
        self._lost = 0
        self._stream: Reception | None = None
        self._candidate: tuple[Arrival, float] | None = None
        self._retired: tuple[int, float] = (-1, 0.0)
        self._rest = _NOTHING
        self._past: Samples = np.zeros(stretch.LONGEST, np.int16)
        self._start_anew()

    def put(self, arrival: Arrival, now: float) -> None:
        """Take what arrived at ``now``, in seconds of the clock that ``get`` is given too."""
        self._tally.received += 1
        stream = self._stream
        if stream is None:
            self._begin(arrival, now).put(arrival, now)
        elif stream.continues(arrival, now):
            self._candidate = None
            stream.put(arrival, now)
        elif not self._is_past(stream, arrival, now):
            self._consider(arrival, now)

    def get(self, count: int, now: float) -> Samples:
        """The next ``count`` samples, for which ``now`` is the time to ask."""
        if self._stream is not None:
            self._stream.arrivals.least = self.least * SAMPLE_RATE
        rest = self._rest
        carried = len(rest)
        while len(rest) < count:
            more = self._more(_Ask(now * SAMPLE_RATE, count, carried, len(rest)))
            self._remember(more)
            rest = np.concatenate((rest, more)) if len(rest) else more
        self._rest = rest[count:]
        return rest[:count].copy()

    def close(self) -> None:
        """Give the decoder back."""
        self._decoder.close()

    @property
    def counters(self) -> Counters:
        """What was received and played until now."""
        stream = self._stream
        arrivals = stream.arrivals if stream else None
        return counters.summed(
            self._tally,
            self._played,
            lost=self._lost + (stream.lost if stream else 0),
            target=arrivals.target - arrivals.fastest if arrivals else None,
        )

    @property
    def next(self) -> tuple[int, int] | None:
        """The SSRC and RTP timestamp of the sample that ``get`` gives next, if that is known."""
        if self._stream is None or self._position is None:
            return None
        timestamp = self._position + self._filled - len(self._rest)
        return self._stream.ssrc, timestamp % (1 << 32)

    def _is_past(self, stream: Reception, arrival: Arrival, now: float) -> bool:
        """Whether a packet is one of before, that was still on its way."""
        ssrc, until = self._retired
        if stream.is_old(arrival) or (arrival.ssrc == ssrc and now < until):
            self._tally.late += 1
            return True
        return False

    def _consider(self, arrival: Arrival, now: float) -> None:
        """Begin a new stream at its second packet in a row (RFC 3550 §A.1: probation)."""
        if self._candidate is not None:
            first, since = self._candidate
            new = Reception(first, since, self._tally)
            if new.continues(arrival, now) and arrival.sequence != first.sequence:
                self._candidate = None
                begun = self._begin(first, since)
                begun.put(first, since)
                begun.put(arrival, now)
                return
            self._tally.stray += 1
        self._candidate = (arrival, now)

    def _begin(self, arrival: Arrival, now: float) -> Reception:
        if self._stream is not None:
            self._lost += self._stream.lost
            if self._stream.ssrc != arrival.ssrc:
                self._retired = (self._stream.ssrc, now + 1.0)
        self._stream = Reception(arrival, now, self._tally)
        self._tally.streams += 1
        self._start_anew()
        return self._stream

    def _start_anew(self) -> None:
        self._position: int | None = None
        self._filled = 0
        self._run = 0
        self._sequence: int | None = None
        self._loudest = 0.0
        self._silent = False
        self._wrong_for = 0
        self._quiet_for = 0

    def _more(self, ask: _Ask) -> Samples:
        """What comes next, as much as is at hand of it; nothing where time was only skipped."""
        stream = self._stream
        frame = stream.first(self._position) if stream else None
        if stream is None or frame is None:
            return self._fill()
        frame = self._drop_excess(stream, frame, ask.time)
        if self._position is None:
            self._position = frame.start
        gap = frame.start - self._position
        over = ask.time - max(frame.start, self._position) - stream.arrivals.target
        if gap > self._filled and over < -_SLACK:
            return self._fill()
        late = self._filled - gap
        skip = max(-gap, 0)
        if 0 < late <= _FORGIVEN:
            skip = max(skip, _left_out(late, over, ask.count, frame.length))
        if skip and skip > frame.length - stretch.FADE:
            return self._skip(stream, frame)
        smooth = late == 0 and skip == 0
        tail = None if smooth else self._conceal()
        sound = self._decode(frame)
        self._settle(stream, frame, ask, skip)
        if tail is None:
            return self._fit(sound, frame, ask, stream.arrivals.target)
        return self._join(tail, sound, skip)

    def _drop_excess(self, stream: Reception, frame: Frame, time: float) -> Frame:
        """Leave out what is so old that it would take too long to go through it faster."""
        limit = time - stream.arrivals.target - _TOO_MUCH
        while frame.start < limit:
            later = stream.first(frame.end)
            if later is None:
                break
            self._played.skipped += frame.length
            frame = later
        return frame

    def _skip(self, stream: Reception, frame: Frame) -> Samples:
        """Leave out a frame whose time was filled already."""
        stream.take(frame)
        passed = frame.end - (self._position or 0)
        self._filled = max(self._filled - passed, 0)
        self._played.concealed += passed
        self._tally.late += 1
        self._position = frame.end
        return _NOTHING

    def _decode(self, frame: Frame) -> Samples:
        try:
            if frame.coarse:
                return self._decoder.recover(frame.payload, frame.length)
            return self._decoder.decode(frame.payload)
        except OpusError:
            self._tally.undecodable += 1
            return self._conceal()

    def _settle(self, stream: Reception, frame: Frame, ask: _Ask, skip: int) -> None:
        """Count a frame that is played, and what was filled in before it."""
        played = self._played
        former, self._sequence = self._sequence, frame.sequence
        follows = None not in (former, frame.sequence) and frame.sequence == (former or 0) + 1
        gap = max(frame.start - (self._position or 0), 0)
        pause = min(self._filled, gap) if follows or frame.after_pause else 0
        played.comfort += pause
        played.concealed += self._filled - pause
        played.fec += frame.coarse
        played.red += frame.sequence is None and not frame.coarse
        played.frames += 1
        played.sound += frame.length
        played.delay = ask.time + ask.held - frame.arrived * SAMPLE_RATE
        played.delays += played.delay
        played.behind = ask.time + ask.held - frame.start - skip - stream.arrivals.fastest
        stream.take(frame)
        self._silent = len(frame.payload) <= _SILENT_PAYLOAD
        self._position = frame.end
        self._filled = 0
        self._run = 0

    def _join(self, tail: Samples, sound: Samples, skip: int) -> Samples:
        """``sound`` from ``skip`` on, after what was made up before it."""
        skip = min(skip, len(sound) - stretch.FADE) if len(sound) > stretch.FADE else 0
        self._played.skipped += skip
        joined, _ = stretch.join(tail, sound[skip:], 0)
        return joined

    def _fit(self, sound: Samples, frame: Frame, ask: _Ask, target: float) -> Samples:
        """``sound``, shorter or longer where the delay should change."""
        loud = max(int(sound.max()), -int(sound.min()))
        self._loudest = max(self._loudest * 0.998, loud)
        spare = ask.time - frame.start - target
        silent = loud < max(self._loudest * _QUIET, 100)
        self._quiet_for = self._quiet_for + frame.length if silent else 0
        quiet = self._quiet_for >= _PAUSE
        # A frame is asked for when a block begins that needs it: the delay has steps, and what is
        # left over between two of them is waited for in vain.
        step = gcd(ask.count, frame.length)
        idle = ask.carried % step
        lack = int(-spare // step + 1) * step - idle if spare < -_SLACK else 0
        spare = int(spare // ask.count) * ask.count + idle
        least = _CUT_QUIET if quiet else self._worth_a_seam(max(lack, spare), frame.length)
        if lack > least:
            return self._longer(sound, lack, quiet=quiet)
        if spare > least:
            return self._shorter(sound, spare, quiet=quiet)
        return sound

    def _worth_a_seam(self, wrong: float, length: int) -> int:
        """By how much the delay has to be wrong before it is put right in speech."""
        self._wrong_for = self._wrong_for + length if wrong > _CUT else 0
        return max(_HURRY - self._wrong_for // _PATIENCE, _CUT)

    def _longer(self, sound: Samples, lack: int, *, quiet: bool) -> Samples:
        if quiet:
            lag = min(lack, len(self._past))
        else:
            match = stretch.repeats_behind(self._past, sound)
            if match.likeness < _LIKE:
                return sound
            lag = match.lag
        self._played.expanded += lag
        return stretch.twice(self._past, sound, lag)

    def _shorter(self, sound: Samples, spare: int, *, quiet: bool) -> Samples:
        if len(sound) < stretch.SHORTEST + stretch.FADE:
            return sound
        if quiet:
            lag = min(spare, len(sound) - stretch.FADE)
        else:
            most = min(stretch.LONGEST, len(sound) - stretch.FADE)
            match = stretch.repeats_ahead(sound, most)
            wanted = _LIKE if spare < _HURRY else _LIKE_ENOUGH
            if match.likeness < wanted or match.lag > spare + _SLACK:
                return sound
            lag = match.lag
        self._played.accelerated += lag
        return stretch.without(sound, lag)

    def _fill(self) -> Samples:
        """10 ms of what is not there."""
        if self._position is not None:
            self._filled += BLOCK
        return self._conceal()

    def _conceal(self) -> Samples:
        begun = self._run
        self._run += BLOCK
        hold = _HOLD if not self._silent else SAMPLE_RATE
        if self._position is None or begun >= hold + _FADE:
            return np.zeros(BLOCK, np.int16)
        sound = self._decoder.conceal(BLOCK)
        if begun + BLOCK <= hold:
            return sound
        places = np.arange(begun, begun + BLOCK, dtype=np.float32)
        return (sound * np.clip(1 - (places - hold) / _FADE, 0, 1)).astype(np.int16)

    def _remember(self, sound: Samples) -> None:
        if len(sound) >= stretch.LONGEST:
            self._past = sound[-stretch.LONGEST :]
        else:
            self._past = np.concatenate((self._past, sound))[-stretch.LONGEST :]


def _left_out(late: int, over: float, count: int, length: int) -> int:
    """How much of a frame that is late by ``late`` is left out, as its time was filled already.

    All of it where the delay was about right: any change of it is heard. Sound is asked for in
    blocks: a delay between two of them cannot be had, and what they leave over has to be waited
    for.
    """
    if over - late >= count - gcd(count, length) - _SLACK:
        return late
    return min(late, int(over // count) * count)
