"""What the window is made of: each part paints itself with the theme's colours, fits into 320
pixels, is reached by the keyboard and has a name for who does not see it."""

from twocan.gui.parts.arranging import Card, Icon, Scroll, column, row
from twocan.gui.parts.badges import Badge, Mark
from twocan.gui.parts.buttons import PushButton, Switch
from twocan.gui.parts.fields import Choice, Entry, Field, Slider
from twocan.gui.parts.levels import Meter, QualityBars
from twocan.gui.parts.notices import Banner, Toast, announce
from twocan.gui.parts.painting import Tone
from twocan.gui.parts.person import Avatar, PulseRing
from twocan.gui.parts.round_button import RoundButton
from twocan.gui.parts.rows import Row
from twocan.gui.parts.words import Words

__all__ = [
    "Avatar",
    "Badge",
    "Banner",
    "Card",
    "Choice",
    "Entry",
    "Field",
    "Icon",
    "Mark",
    "Meter",
    "PulseRing",
    "PushButton",
    "QualityBars",
    "RoundButton",
    "Row",
    "Scroll",
    "Slider",
    "Switch",
    "Toast",
    "Tone",
    "Words",
    "announce",
    "column",
    "row",
]
