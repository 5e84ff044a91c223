"""Why there is no window, for whoever is shown that by Qt: in their language, and as sentences.

What a start says itself comes from before Qt is loaded, in English and in one line, for a terminal.
"""

from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from twocan.gui.words.marking import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_REFUSALS = MappingProxyType(
    {
        "Twocan runs already, but does not answer: end it, and start it again": QT_TRANSLATE_NOOP(
            "starting",
            "Twocan is running already, but does not answer. End it, or restart the computer, "
            "then try again.",
        ),
        "Twocan runs already, without the account that TWOCAN_ACCOUNT names: quit it first": (
            QT_TRANSLATE_NOOP(
                "starting",
                "Twocan is running already, without the account that TWOCAN_ACCOUNT names. "
                "Quit it first.",
            )
        ),
        "another version of Twocan runs, which is not understood: quit it first": QT_TRANSLATE_NOOP(
            "starting", "Another version of Twocan is running. Quit it first."
        ),
        "somebody else listens where the phone should": QT_TRANSLATE_NOOP(
            "starting",
            "Something else has taken the place of the Twocan that runs. Restart the computer, "
            "then try again.",
        ),
    }
)
"""What ``handover`` says, and what that is to a person."""

_CANNOT_START = "Twocan cannot start: "
"""Begins what ``telling`` says of an error that nobody thought of."""


def in_a_box(words: str) -> str:
    """What is shown in place of ``words``; they themselves, if there are no better ones."""
    if words in _REFUSALS:
        return translate("starting", _REFUSALS[words])
    if words.startswith(_CANNOT_START):
        why = words.removeprefix(_CANNOT_START)
        return translate("Face", "Twocan cannot start: {why}").format(why=why)
    return words
