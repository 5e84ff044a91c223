"""The view of a call that is up, and its parts."""

from twocan.gui.in_call.keys import SHORTCUTS
from twocan.gui.in_call.view import InCallView

__all__ = ["SHORTCUTS", "InCallView"]
