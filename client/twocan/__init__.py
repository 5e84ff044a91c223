"""Twocan: two cans and a string, a phone that is only the call."""

__version__ = "0.1.0"
