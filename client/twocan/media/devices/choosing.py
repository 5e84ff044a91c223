"""Which device a line uses: by name, or as the system and what is plugged in have it. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from twocan.media.sound import SoundError

DEFAULT = "default"
"""The name that follows the system's default."""


class Direction(StrEnum):
    """What a device is to a person."""

    MICROPHONE = "microphone"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class Device:
    """One microphone or speaker. A headset is one of each."""

    direction: Direction
    name: str
    """What a person reads and types; no two of one direction are alike."""
    key: str
    """What the system calls it."""
    default: bool = False
    headset: bool = False
    """Whether it is worn, so that its microphone does not hear its speaker. A best guess."""


_WORN = re.compile(r"head(set|phone)|ear(phone|bud|pod)|airpod|hands-?free|\bbuds\b", re.IGNORECASE)
_SCREEN = re.compile(r"hdmi|display ?port", re.IGNORECASE)


def is_worn(*words: str) -> bool:
    """Whether any of a device's names, or its form factor, tells of a headset or headphones."""
    return any(_WORN.search(word) for word in words)


def of(devices: Iterable[Device], direction: Direction) -> list[Device]:
    """Those of one direction."""
    return [device for device in devices if device.direction is direction]


def named_apart(devices: Sequence[Device]) -> tuple[Device, ...]:
    """The same devices; two headsets of one make become "Headset" and "Headset (2)"."""
    seen: Counter[tuple[Direction, str]] = Counter()
    apart = []
    for device in devices:
        seen[device.direction, device.name] += 1
        count = seen[device.direction, device.name]
        name = device.name if count == 1 else f"{device.name} ({count})"
        apart.append(replace(device, name=name))
    return tuple(apart)


def choose(name: str, devices: Iterable[Device], direction: Direction) -> str:
    """The full name of the device that a person named, or ``default``.

    ``name`` is a whole name, or a part that only one has, in capitals or not. Raises SoundError,
    which names those that there are.
    """
    names = [device.name for device in of(devices, direction)]
    if name == DEFAULT or name in names:
        return name
    found = [each for each in names if name.casefold() in each.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        raise SoundError(f"{name!r} could be several {direction}s: give more of {_listed(found)}")
    if not names:
        raise SoundError(f"there is no {direction} {name!r}, nor any other: plug one in")
    raise SoundError(
        f"there is no {direction} {name!r}: give {DEFAULT}, or one of {_listed(names)}"
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))


@dataclass(frozen=True, slots=True)
class Following:
    """What a line goes by: the name that was asked for, and what was plugged in since."""

    direction: Direction
    wanted: str = DEFAULT
    fresh: str | None = None
    """The key of a device that was plugged in while the line was open."""

    def seen(self, before: Sequence[Device], now: Sequence[Device]) -> "Following":
        """The same line after the system's devices changed.

        A person who plugs in a headset wants it, whether or not the system makes it its
        default. A default that changes is the system's, or the person's, later word.
        """
        known = {device.key for device in before}
        ours = of(now, self.direction)
        added = [d for d in ours if d.key not in known and not _SCREEN.search(d.name)]
        fresh = self.fresh
        if added:
            fresh = added[-1].key
        elif _default(before, self.direction) != _default(now, self.direction):
            fresh = None
        return replace(self, fresh=fresh if fresh in {d.key for d in ours} else None)

    def target(self, devices: Sequence[Device]) -> Device | None:
        """The device to use now; None where there is none.

        A chosen one that was unplugged is used again once it is back.
        """
        ours = of(devices, self.direction)
        # ALSA has a device whose name is "default".
        chosen = self.wanted if self.wanted != DEFAULT else None
        ranked = (
            [device for device in ours if device.name == chosen],
            [device for device in ours if device.key == self.fresh],
            [device for device in ours if device.default],
            ours,
        )
        return next((found[0] for found in ranked if found), None)


def _default(devices: Iterable[Device], direction: Direction) -> str | None:
    return next((d.key for d in of(devices, direction) if d.default), None)
