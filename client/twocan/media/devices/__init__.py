"""Microphones and speakers: choosing, opening and following them, through PortAudio."""

from twocan.media.devices.choosing import DEFAULT, Device, Direction
from twocan.media.devices.lines import Capture, Line, Playback
from twocan.media.devices.supervising import Devices

__all__ = ["DEFAULT", "Capture", "Device", "Devices", "Direction", "Line", "Playback"]
