"""How large the pictures are and how many there are, from what they may cost.

The rungs of the ladder, and what each needs of the network, where a picture has 16:9:

    | shape         | needs kb/s | taken again from | of no more use than |
    |---------------|------------|------------------|---------------------|
    | 1280x720, 30  | 885        | 1,018            | 4,424               |
    | 960x540, 30   | 498        | 572              | 2,488               |
    | 640x360, 30   | 221        | 254              | 1,106               |
    | 640x360, 20   | 147        | 170              | 737                 |
    | 320x180, 20   | 37         | 42               | 184                 |
    | 320x180, 15   | 0          |                  | 150                 |

That is 0.032 bit for each pixel, below which a smaller picture, made larger again, looks better;
and 0.16, above which more bits are hardly seen. Pictures of other proportions keep them, and need
as much for each pixel; a camera that has less than a rung begins with what it has.

Less is believed after half a second, and far less at once; more after a second and a half, since
VP8 begins anew at each change of size, with a picture that costs as much as six. Where a step up
does not last for ten seconds, the next is waited for twice as long. A machine that spends more
than 65 % of its time on coding goes a step down after a second, and up again where, by the number
of pixels, that would take less than half of it for eight.

Text keeps its size, up to 1920x1080, and comes 15, 10 or 5 times in a second instead.

Pure: times are arguments, in seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from twocan.media.pictures.picture import Shape

_NEEDED, _USEFUL = 0.032, 0.16
"""Bits per pixel."""

_LEAST_USEFUL = 150_000

_LADDER = ((720, 30.0), (540, 30.0), (360, 30.0), (360, 20.0), (180, 20.0), (180, 15.0))
"""The shorter side and the pictures in a second, from dear to cheap."""

_TEXT_RATES = (15.0, 10.0, 5.0)
_TEXT_MOST = (1920, 1080)
_TEXT_NEEDED = 0.04
"""Bits per pixel of a screen: most of it stays as it is."""

_UP = 1.15
_UP_AFTER, _UP_AT_START = 1.5, 0.4
_MOST_WAIT = 24.0
_STARTING = 3.0
_LASTS = 10.0
"""Seconds after which a step up has proved right."""

_DOWN_AFTER = 0.5
_AT_ONCE = 0.6

_BUSY, _IDLE = 0.65, 0.5
"""The part of the time between two pictures that coding one takes: too much, and little enough."""
_BUSY_AFTER, _IDLE_AFTER = 1.0, 8.0
_SMOOTH = 0.1

_SAVING, _SAVING_MORE = 0.3, 0.1
"""How full a battery is, 0 to 1."""


@dataclass(frozen=True, slots=True)
class _Rung:
    shape: Shape
    needs: float
    useful: int


class Sizing:
    """Chooses the shape of pictures that are ``width`` x ``height`` where they come from.

    ``text``: they show text, whose size is kept, and which comes less often instead.
    """

    def __init__(self, width: int = 1280, height: int = 720, *, text: bool = False) -> None:
        self.text = text
        self._ladder = _ladder(width, height, text=text)
        self._at = 0
        self._dearest = 0
        """The first rung that the machine bears."""
        self._began: float | None = None
        self._below_since: float | None = None
        self._above_since: float | None = None
        self._above_at = 0
        self._wait = _UP_AFTER
        self._climbed_at: float | None = None
        self._work = _Work()

    @property
    def shape(self) -> Shape:
        return self._ladder[self._at].shape

    @property
    def useful(self) -> int:
        """The bit rate beyond which nobody sees a difference."""
        return self._ladder[self._at].useful

    def resize(self, width: int, height: int) -> None:
        """Pictures come in another size now: another camera, or a window that was resized."""
        side = min(self.shape.width, self.shape.height)
        self._ladder = _ladder(width, height, text=self.text)
        apart = [abs(min(r.shape.width, r.shape.height) - side) for r in self._ladder]
        self._at = apart.index(min(apart))
        self._dearest = 0
        self._below_since = self._above_since = None

    def update(
        self,
        now: float,
        rate: int,
        encode_seconds: float | None = None,
        battery: float | None = None,
    ) -> Shape:
        """The shape from now on. ``rate``: bit/s there are; ``encode_seconds``: what coding the
        last picture took; ``battery``: how full it is, 0 to 1, None where there is mains."""
        if self._began is None:
            self._began, self._at = now, self._fitting(rate, 1.0)
        if encode_seconds is not None:
            self._work.add(encode_seconds)
        least = max(self._for_machine(now), self._for_battery(battery))
        wanted = self._for_network(now, rate)
        self._go(max(wanted, least), now)
        return self.shape

    def _for_network(self, now: float, rate: int) -> int:
        if rate < self._ladder[self._at].needs:
            return self._lower(now, rate)
        self._below_since = None
        return self._higher(now, rate)

    def _lower(self, now: float, rate: int) -> int:
        self._above_since = None
        if self._below_since is None:
            self._below_since = now
        far = rate < _AT_ONCE * self._ladder[self._at].needs
        if not far and now - self._below_since < _DOWN_AFTER:
            return self._at
        self._below_since = None
        return self._fitting(rate, 1.0)

    def _higher(self, now: float, rate: int) -> int:
        fitting = self._fitting(rate, _UP)
        if fitting >= self._at:
            self._above_since = None
            return self._at
        if self._above_since is None:
            self._above_since, self._above_at = now, fitting
        self._above_at = max(self._above_at, fitting)
        if now - self._above_since < self._patience(now):
            return self._at
        self._above_since = None
        return self._above_at

    def _patience(self, now: float) -> float:
        assert self._began is not None
        return _UP_AT_START if now - self._began < _STARTING else self._wait

    def _go(self, to: int, now: float) -> None:
        lasted = self._climbed_at is not None and now - self._climbed_at > _LASTS
        if to > self._at and self._climbed_at is not None and not lasted:
            self._wait = min(2 * self._wait, _MOST_WAIT)
            self._climbed_at = None
        elif lasted:
            self._wait, self._climbed_at = _UP_AFTER, None
        if to < self._at:
            self._climbed_at = now
        if to != self._at:
            self._work.scale(_pixels(self._ladder[to].shape) / _pixels(self.shape))
            self._at = to

    def _for_machine(self, now: float) -> int:
        part = self._work.seconds * self.shape.rate
        last = len(self._ladder) - 1
        if self._work.busy(part > _BUSY, now, _BUSY_AFTER):
            self._dearest = min(self._at + 1, last)
        elif self._dearest and self._work.idle(self._dearer_part() < _IDLE, now, _IDLE_AFTER):
            self._dearest -= 1
        return self._dearest

    def _dearer_part(self) -> float:
        """What part of its time coding would take a rung higher than the machine now may."""
        above = self._ladder[self._dearest - 1].shape
        return self._work.seconds * _pixels(above) / _pixels(self.shape) * above.rate

    def _for_battery(self, battery: float | None) -> int:
        if battery is None or battery >= _SAVING:
            return 0
        side, rate = (360, 20.0) if battery < _SAVING_MORE else (540, 30.0)
        return next(
            (
                at
                for at, rung in enumerate(self._ladder)
                if self.text
                or (min(rung.shape.width, rung.shape.height) <= side and rung.shape.rate <= rate)
            ),
            len(self._ladder) - 1,
        )

    def _fitting(self, rate: int, factor: float) -> int:
        last = len(self._ladder) - 1
        return next((i for i, r in enumerate(self._ladder) if rate >= factor * r.needs), last)


class _Work:
    """How long coding a picture takes of late, and since when that is too long or short enough."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._busy_since: float | None = None
        self._idle_since: float | None = None

    def add(self, seconds: float) -> None:
        self.seconds += (min(max(seconds, 0.0), 1.0) - self.seconds) * _SMOOTH

    def scale(self, factor: float) -> None:
        self.seconds *= factor
        self._busy_since = self._idle_since = None

    def busy(self, is_so: bool, now: float, after: float) -> bool:
        self._busy_since = (
            (now if self._busy_since is None else self._busy_since) if is_so else None
        )
        return self._busy_since is not None and now - self._busy_since >= after

    def idle(self, is_so: bool, now: float, after: float) -> bool:
        self._idle_since = (
            (now if self._idle_since is None else self._idle_since) if is_so else None
        )
        if self._idle_since is None or now - self._idle_since < after:
            return False
        self._idle_since = None
        return True


def _pixels(shape: Shape) -> int:
    return shape.width * shape.height


def _ladder(width: int, height: int, *, text: bool) -> Sequence[_Rung]:
    width, height = max(width, 2), max(height, 2)
    if text:
        fit = min(1.0, max(_TEXT_MOST) / max(width, height), min(_TEXT_MOST) / min(width, height))
        return [_text_rung(_scaled(width, height, fit, rate)) for rate in _TEXT_RATES]
    short = min(width, height)
    sides = [(side, rate) for side, rate in _LADDER if side <= short]
    whole = (min(short, _LADDER[0][0]), _LADDER[0][1])
    if not sides or sides[0] != whole:
        sides.insert(0, whole)
    if sides[-1][1] != _LADDER[-1][1]:
        sides.append((short, _LADDER[-1][1]))
    return _cheaper_and_cheaper([_scaled(width, height, s / short, rate) for s, rate in sides])


def _scaled(width: int, height: int, factor: float, rate: float) -> Shape:
    # Chroma has half as many samples each way.
    return Shape(
        max(round(width * factor / 2) * 2, 2), max(round(height * factor / 2) * 2, 2), rate
    )


def _cheaper_and_cheaper(shapes: Sequence[Shape]) -> Sequence[_Rung]:
    rungs = [_rung(shape) for shape in shapes]
    cheapest = rungs[-1]
    return [*rungs[:-1], _Rung(cheapest.shape, 0.0, cheapest.useful)]


def _rung(shape: Shape) -> _Rung:
    samples = _pixels(shape) * shape.rate
    return _Rung(shape, _NEEDED * samples, max(int(_USEFUL * samples), _LEAST_USEFUL))


def _text_rung(shape: Shape) -> _Rung:
    samples = _pixels(shape) * shape.rate
    needs = 0.0 if shape.rate == _TEXT_RATES[-1] else _TEXT_NEEDED * samples
    return _Rung(shape, needs, max(int(4 * _TEXT_NEEDED * samples), _LEAST_USEFUL))
