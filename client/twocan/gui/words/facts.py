"""What there is to say of a call besides that it is: what is held, muted, paused. Words for it."""

from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from twocan.states import CallView, State

TALKED = (State.CONNECTING, State.ACTIVE)
"""Both agreed to talk."""

_LONGEST_SITE = 60
"""Characters of a site that are shown."""


class Fact(StrEnum):
    """What is so of a call, the weightiest first."""

    CONNECTING = "connecting"
    HELD = "held"
    HELD_BY_PEER = "held-by-peer"
    MUTED = "muted"
    MUTED_BY_PEER = "muted-by-peer"
    PAUSED = "paused"
    PAUSED_BY_PEER = "paused-by-peer"


def facts(call: CallView) -> tuple[Fact, ...]:
    """All that is so of this call."""
    so = {
        Fact.CONNECTING: call.state is State.CONNECTING,
        Fact.HELD: call.held,
        Fact.HELD_BY_PEER: call.held_by_peer,
        Fact.MUTED: call.muted,
        Fact.MUTED_BY_PEER: call.muted_by_peer,
        Fact.PAUSED: call.showing and call.paused,
        Fact.PAUSED_BY_PEER: call.pictures and call.paused_by_peer,
    }
    return tuple(fact for fact in Fact if so[fact])


def words(fact: Fact, name: str) -> str:
    """One sentence that says so."""
    translate = QCoreApplication.translate
    match fact:
        case Fact.CONNECTING:
            sentence = translate("facts", "Connecting…")
        case Fact.HELD:
            sentence = translate("facts", "You put {name} on hold")
        case Fact.HELD_BY_PEER:
            sentence = translate("facts", "{name} put you on hold")
        case Fact.MUTED:
            sentence = translate("facts", "Your microphone is muted")
        case Fact.MUTED_BY_PEER:
            sentence = translate("facts", "{name} has muted the microphone")
        case Fact.PAUSED:
            sentence = translate("facts", "Your camera pauses")
        case Fact.PAUSED_BY_PEER:
            sentence = translate("facts", "The camera of {name} pauses")
    return sentence.format(name=name)


def over(fact: Fact, name: str) -> str:
    """One sentence that says that it is so no more."""
    translate = QCoreApplication.translate
    match fact:
        case Fact.CONNECTING:
            sentence = translate("facts", "You are connected with {name}")
        case Fact.HELD:
            sentence = translate("facts", "You talk with {name} again")
        case Fact.HELD_BY_PEER:
            sentence = translate("facts", "{name} is back")
        case Fact.MUTED:
            sentence = translate("facts", "Your microphone is on")
        case Fact.MUTED_BY_PEER:
            sentence = translate("facts", "The microphone of {name} is on")
        case Fact.PAUSED:
            sentence = translate("facts", "Your camera goes on")
        case Fact.PAUSED_BY_PEER:
            sentence = translate("facts", "The camera of {name} goes on")
    return sentence.format(name=name)


def news(before: CallView, now: CallView, name: str) -> tuple[str, ...]:
    """What to say when the one became the other: a sentence for each fact that came or went."""
    were, are = facts(before), facts(now)
    gone = tuple(over(fact, name) for fact in were if fact not in are)
    return gone + tuple(words(fact, name) for fact in are if fact not in were)


def shown(calls: tuple[CallView, ...]) -> CallView | None:
    """The call that is talked in: the newest that is not held, else the newest."""
    talked = [call for call in calls if call.state in TALKED]
    free = [call for call in talked if not call.held]
    return (free or talked)[-1] if talked else None


def ringing(calls: tuple[CallView, ...]) -> CallView | None:
    """The call that rings here, the oldest of several."""
    return next((call for call in calls if call.state is State.INCOMING), None)


def held(calls: tuple[CallView, ...]) -> tuple[CallView, ...]:
    """Those on hold besides the one that is shown."""
    now = shown(calls)
    return tuple(
        call for call in calls if call.state in TALKED and now is not None and call.sid != now.sid
    )


def site(peer: str) -> str:
    """The site that an address is of. Of a long one the end, which says whose it is: what comes
    before anybody can choose who has a site."""
    host = peer.partition("/")[0].rpartition("@")[2]
    return host if len(host) <= _LONGEST_SITE else f"…{host[1 - _LONGEST_SITE :]}"
