"""What a person can choose, page by page."""

from twocan.gui.settings.sections import Section
from twocan.gui.settings.view import SettingsView

__all__ = ["Section", "SettingsView"]
