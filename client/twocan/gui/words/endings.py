"""Why a call ended, in the person's language: what happened, and what can be done about it.

The reasons are ``states.End``; whose doing it was, who called and whether they had talked decide
what is true of them.
"""

from PySide6.QtCore import QCoreApplication

from twocan.gui.words.marking import QT_TRANSLATE_NOOP
from twocan.states import CallView, End

translate = QCoreApplication.translate

_Said = tuple[str, str | None]
"""What happened, and what to do about it."""

_AGAIN = QT_TRANSLATE_NOOP("words", "Call again in a moment.")
_BACK = QT_TRANSLATE_NOOP("words", "Call back when you like.")
_UPDATE = QT_TRANSLATE_NOOP("words", "Call again. If it happens every time, update both programs.")

_ENDINGS: dict[End, _Said] = {
    End.HUNG_UP: (QT_TRANSLATE_NOOP("words", "{name} hung up"), None),
    End.DECLINED: (
        QT_TRANSLATE_NOOP("words", "{name} declined the call"),
        QT_TRANSLATE_NOOP("words", "It may not be a good moment. Try again later."),
    ),
    End.BUSY: (
        QT_TRANSLATE_NOOP("words", "{name} is in another call"),
        QT_TRANSLATE_NOOP("words", "Try again in a while."),
    ),
    End.CANCELLED: (QT_TRANSLATE_NOOP("words", "You gave up before {name} answered"), None),
    End.NO_ANSWER: (
        QT_TRANSLATE_NOOP("words", "{name} did not answer"),
        QT_TRANSLATE_NOOP("words", "It rang there until the time was up. Try again later."),
    ),
    End.UNREACHABLE: (
        QT_TRANSLATE_NOOP("words", "{name} cannot be reached"),
        QT_TRANSLATE_NOOP(
            "words",
            "No phone rang: nobody has this address, or none of their phones is online. "
            "Check the address, or try again later.",
        ),
    ),
    End.FORBIDDEN: (
        QT_TRANSLATE_NOOP("words", "You and {name} may not call each other"),
        QT_TRANSLATE_NOOP("words", "The site does not connect these two addresses. Ask it why."),
    ),
    End.ANSWERED_ELSEWHERE: (
        QT_TRANSLATE_NOOP("words", "Answered on another phone of yours"),
        QT_TRANSLATE_NOOP("words", "The call with {name} goes on there."),
    ),
    End.DECLINED_ELSEWHERE: (
        QT_TRANSLATE_NOOP("words", "Declined on another phone of yours"),
        _BACK,
    ),
    End.REPLACED: (
        QT_TRANSLATE_NOOP("words", "You and {name} went on in a newer call"),
        None,
    ),
    End.CONNECTION_FAILED: (
        QT_TRANSLATE_NOOP("words", "There was no way through to {name}"),
        QT_TRANSLATE_NOOP(
            "words",
            "You both agreed to talk, but a network in between does not let calls pass. "
            "Call again, or try another network.",
        ),
    ),
    End.CONNECTION_LOST: (
        QT_TRANSLATE_NOOP("words", "The connection to {name} was lost"),
        QT_TRANSLATE_NOOP("words", "Check your network, then call again."),
    ),
    End.VANISHED: (
        QT_TRANSLATE_NOOP("words", "The phone of {name} is gone"),
        QT_TRANSLATE_NOOP(
            "words",
            "It left without a word: it may have lost its network or its power. "
            "Call again in a moment.",
        ),
    ),
    End.NOT_SECURE: (
        QT_TRANSLATE_NOOP("words", "The call was not safe, so it was ended"),
        QT_TRANSLATE_NOOP(
            "words",
            "It did not come with the keys that were promised: somebody may try to listen. "
            "Try another network, and compare the safety code in the next call.",
        ),
    ),
    End.INCOMPATIBLE: (
        QT_TRANSLATE_NOOP("words", "Your phone and that of {name} do not understand each other"),
        QT_TRANSLATE_NOOP(
            "words", "They have no kind of sound in common. Update both programs, then call again."
        ),
    ),
    End.PROTOCOL_ERROR: (
        QT_TRANSLATE_NOOP("words", "Your phone and that of {name} misunderstood each other"),
        _UPDATE,
    ),
    End.SIGNED_OUT: (
        QT_TRANSLATE_NOOP("words", "You were signed out before the call began"),
        QT_TRANSLATE_NOOP("words", "Sign in again, then call {name}."),
    ),
    End.FAILED: (
        QT_TRANSLATE_NOOP("words", "The program of {name} failed"),
        _AGAIN,
    ),
}
"""As they are where nothing below is nearer to the truth."""

_CALLED: dict[End, _Said] = {
    End.DECLINED: (QT_TRANSLATE_NOOP("words", "You declined the call"), None),
    End.BUSY: (
        QT_TRANSLATE_NOOP("words", "{name} called while you were in another call"),
        _BACK,
    ),
    End.CANCELLED: (
        QT_TRANSLATE_NOOP("words", "{name} gave up before you answered"),
        _BACK,
    ),
    End.NO_ANSWER: (
        QT_TRANSLATE_NOOP("words", "You missed a call from {name}"),
        _BACK,
    ),
}
"""Where the other one called."""

_BY_US: dict[End, _Said] = {
    End.HUNG_UP: (QT_TRANSLATE_NOOP("words", "You hung up"), None),
    End.FAILED: (
        QT_TRANSLATE_NOOP("words", "This program made a mistake"),
        QT_TRANSLATE_NOOP("words", "It was nothing that you did. Call again in a moment."),
    ),
}
"""Where it ended here."""

_UNCONNECTED: dict[tuple[End, str | None], _Said] = {
    (End.HUNG_UP, "us"): (
        QT_TRANSLATE_NOOP("words", "You hung up before the call was connected"),
        None,
    ),
    (End.HUNG_UP, "them"): (
        QT_TRANSLATE_NOOP("words", "{name} hung up before the call was connected"),
        None,
    ),
}
"""Where nobody heard anybody yet."""


def ending(view: CallView, name: str) -> tuple[str, str | None]:
    """Why this call ended, and what to do about it, where there is something to do."""
    if view.end is None:
        return translate("words", "The call with {name} is over").format(name=name), None
    headline, advice = _said(view, view.end)
    told = translate("words", headline).format(name=name)
    return told, translate("words", advice).format(name=name) if advice else None


def _said(view: CallView, end: End) -> _Said:
    if "connected" not in view.times and (end, view.ended_by) in _UNCONNECTED:
        return _UNCONNECTED[end, view.ended_by]
    if view.ended_by == "us" and end in _BY_US:
        return _BY_US[end]
    if not view.outgoing and end in _CALLED:
        return _CALLED[end]
    return _ENDINGS[end]
