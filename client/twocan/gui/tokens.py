"""The looks of the window, decided once: colours, spaces, sizes of type, times.

Nothing in the window has a colour, a distance or a size that is not one of these. Lengths are in
device-independent pixels; type is relative to the system's font, so that it follows the person's
choice. A test holds every pair of ``READ_ON`` to WCAG 2.2 AA.
"""

from dataclasses import dataclass, replace
from enum import Enum, StrEnum


class Space:
    """Distances between things: multiples of four."""

    HAIR = 2
    TINY = 4
    SMALL = 8
    MEDIUM = 12
    LARGE = 16
    WIDE = 24
    HUGE = 32


class Radius:
    """Of rounded corners."""

    SMALL = 6
    MEDIUM = 10
    LARGE = 16


class Size:
    """Of what is pressed and looked at."""

    ICON = 20
    ICON_LARGE = 26
    LINE = 1
    """The width of a line, and of a border."""
    FOCUS = 2
    """The width of the ring around what the keyboard is at."""
    CONTROL = 36
    """The height of a button, a field and a row's control."""
    ROUND = 52
    """Across a round button of a call."""
    ROUND_SMALL = 36
    CAPTION = 88
    """The widest that the words below a round button become."""
    SWITCH_WIDTH, SWITCH_HEIGHT = 42, 24
    KNOB = 18
    """Across what a slider is held by."""
    ARROW = 16
    METER = 10
    """The height of a meter."""
    BAR = 8
    """The width of a bar to scroll with."""
    BADGE = 72
    """Across what stands at the head of a page that has nobody to show."""
    AVATAR_SMALL = 36
    AVATAR = 56
    AVATAR_HUGE = 112
    PULSE = 1.6
    """How many times as large as what it is around a ring becomes."""
    OWN_PICTURE = 132
    """The width of one's own picture in a call."""
    COLUMN = 420
    """The widest that text and lists become."""
    BESIDE = 560
    """The width from which on a list stands beside what is chosen in it."""
    NARROWEST = 320
    LOWEST = 440
    FIRST_WIDTH, FIRST_HEIGHT = 400, 660


class Type(Enum):
    """Sizes of type, relative to the system's, and their weights (as in CSS)."""

    SMALL = (0.88, 400)
    BODY = (1.0, 400)
    STRONG = (1.0, 600)
    HEADING = (1.2, 600)
    TITLE = (1.6, 600)
    NUMERALS = (1.0, 500)
    """With figures of one width: durations."""

    @property
    def scale(self) -> float:
        return self.value[0]

    @property
    def weight(self) -> int:
        return self.value[1]


class Time:
    """How long motions take, and how often is looked, in milliseconds."""

    QUICK = 120
    CALM = 220
    FRAME = 33
    """Between two pictures of what goes on."""
    PEAK = 1200
    """That the loudest of late stays to be seen."""
    TOAST = 4000
    PULSE = 1600
    """Once around of what goes on while it rings."""
    LEVEL = 66
    """Between two looks at how loud it is."""
    SECOND = 1000
    """Between two looks at how long and how good a call is."""
    LINGER = 3000
    """That controls stay on a picture after the last movement."""


class Share:
    """How much of one colour goes into another, or of a thing is seen."""

    POINTED = 0.07
    """Of what lies on it, into what the pointer is on."""
    PRESSED = 0.15
    OFF = 0.55
    """Of the background, into what cannot be used now."""
    OVER_PICTURES = 0.82
    """Of what lies on a picture, which is to be guessed behind it."""
    CONTROL = 0.4
    """Of a row, for what it is set with to stand beside its words however long they are."""
    RESTING = 0.6
    """Of a bar to scroll with, while nobody does."""
    TINT = 0.12
    """Of a colour, into the surface that it tints."""


class Level:
    """Where the zones of a meter begin, in dBFS."""

    LOWEST = -60
    LOUD = -12
    TOO_LOUD = -3


class Ink(StrEnum):
    """What a colour is for. ``Colours`` has the colours."""

    BACKGROUND = "background"
    SURFACE = "surface"
    RAISED = "raised"
    LINE = "line"
    EDGE = "edge"
    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    SOFT = "soft"
    ON_SOFT = "on_soft"
    ACCEPT = "accept"
    ON_ACCEPT = "on_accept"
    END = "end"
    ON_END = "on_end"
    BAD = "bad"
    FAIR = "fair"
    GOOD = "good"
    STAGE = "stage"
    ON_STAGE = "on_stage"
    SCRIM = "scrim"


@dataclass(frozen=True, slots=True)
class Colours:
    """One for each ``Ink``, as #rrggbb."""

    background: str
    surface: str
    """Cards, fields."""
    raised: str
    """What is pressed or pointed at, and plain buttons."""
    line: str
    """Between rows: decoration."""
    edge: str
    """Around what can be typed into or switched: to be seen."""
    text: str
    muted: str
    accent: str
    on_accent: str
    soft: str
    """What is chosen, quietly."""
    on_soft: str
    accept: str
    on_accept: str
    end: str
    on_end: str
    bad: str
    fair: str
    good: str
    stage: str
    """Behind pictures; as dark by day as by night."""
    on_stage: str
    scrim: str
    """Under what lies on pictures."""

    def __getitem__(self, ink: Ink) -> str:
        colour: str = getattr(self, ink)
        return colour

    def with_more_contrast(self) -> "Colours":
        """For people who asked their system for it: nothing is faint."""
        return replace(self, muted=self.text, line=self.edge, edge=self.text)


LIGHT = Colours(
    background="#f6f4ef",
    surface="#ffffff",
    raised="#ebe8e1",
    line="#e2ded5",
    edge="#85806f",
    text="#1d1e21",
    muted="#5a5b60",
    accent="#14665a",
    on_accent="#ffffff",
    soft="#d9ece6",
    on_soft="#0d4a41",
    accept="#1b7a43",
    on_accept="#ffffff",
    end="#c22f2c",
    on_end="#ffffff",
    bad="#b3261e",
    fair="#8a5300",
    good="#1b7a43",
    stage="#141517",
    on_stage="#f4f2ed",
    scrim="#26282c",
)

DARK = Colours(
    background="#17181b",
    surface="#202226",
    raised="#2c2f34",
    line="#32353b",
    edge="#7d818b",
    text="#f2f0ea",
    muted="#b0b2b9",
    accent="#62c9b4",
    on_accent="#08231e",
    soft="#1f3d37",
    on_soft="#b9eadf",
    accept="#3fbf76",
    on_accept="#06210f",
    end="#d5403c",
    on_end="#ffffff",
    bad="#ff8f86",
    fair="#f0b45a",
    good="#6fd69a",
    stage="#0d0e10",
    on_stage="#f4f2ed",
    scrim="#26282c",
)

PEOPLE = (
    "#c24d36",
    "#a9610b",
    "#7c7415",
    "#498030",
    "#1f806e",
    "#227b9c",
    "#4970c2",
    "#7566be",
    "#9c56b5",
    "#be4783",
)
"""Behind the initials of people, by day as by night."""
ON_PEOPLE = "#ffffff"

READ_ON = (
    (Ink.TEXT, Ink.BACKGROUND, 4.5),
    (Ink.TEXT, Ink.SURFACE, 4.5),
    (Ink.TEXT, Ink.RAISED, 4.5),
    (Ink.MUTED, Ink.BACKGROUND, 4.5),
    (Ink.MUTED, Ink.SURFACE, 4.5),
    (Ink.MUTED, Ink.RAISED, 4.5),
    (Ink.ACCENT, Ink.BACKGROUND, 4.5),
    (Ink.ACCENT, Ink.SURFACE, 4.5),
    (Ink.ON_ACCENT, Ink.ACCENT, 4.5),
    (Ink.ON_SOFT, Ink.SOFT, 4.5),
    (Ink.ON_ACCEPT, Ink.ACCEPT, 4.5),
    (Ink.ON_END, Ink.END, 4.5),
    (Ink.BAD, Ink.BACKGROUND, 4.5),
    (Ink.BAD, Ink.SURFACE, 4.5),
    (Ink.FAIR, Ink.SURFACE, 4.5),
    (Ink.FAIR, Ink.BACKGROUND, 4.5),
    (Ink.GOOD, Ink.SURFACE, 4.5),
    (Ink.GOOD, Ink.BACKGROUND, 4.5),
    (Ink.ON_STAGE, Ink.STAGE, 4.5),
    (Ink.ON_STAGE, Ink.SCRIM, 4.5),
    (Ink.EDGE, Ink.SURFACE, 3.0),
    (Ink.EDGE, Ink.BACKGROUND, 3.0),
    (Ink.ACCENT, Ink.RAISED, 3.0),
    (Ink.ACCEPT, Ink.BACKGROUND, 3.0),
    (Ink.END, Ink.BACKGROUND, 3.0),
    (Ink.END, Ink.STAGE, 3.0),
)
"""What is read, or has to be seen, on what, and how far they must differ (WCAG 2.2, 1.4.3 and
1.4.11)."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, #rrggbb: 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
