"""What the ends of calls are called on the wire, and what the other side's words for them mean.

Jingle's reasons (XEP-0166 §7.4) are fewer than a person wants to know, and phones differ in which
of them they say. What they mean depends on how far the call had come.
"""

from twocan.messages import Reason
from twocan.states import End, State

_CONDITIONS = {
    End.HUNG_UP: "success",
    End.DECLINED: "decline",
    End.BUSY: "busy",
    End.CANCELLED: "cancel",
    End.NO_ANSWER: "timeout",
    End.UNREACHABLE: "timeout",
    End.REPLACED: "expired",
    End.CONNECTION_FAILED: "connectivity-error",
    End.CONNECTION_LOST: "connectivity-error",
    End.VANISHED: "connectivity-error",
    End.NOT_SECURE: "security-error",
    End.INCOMPATIBLE: "incompatible-parameters",
}
"""What each end is called on the wire (XEP-0166 §7.4); all others are general errors."""

_ENDS = {
    "success": End.HUNG_UP,
    "gone": End.HUNG_UP,
    "decline": End.DECLINED,
    "busy": End.BUSY,
    "cancel": End.CANCELLED,
    "timeout": End.NO_ANSWER,
    "expired": End.REPLACED,
    "alternative-session": End.REPLACED,
    "connectivity-error": End.CONNECTION_FAILED,
    "failed-transport": End.CONNECTION_FAILED,
    "security-error": End.NOT_SECURE,
    "failed-application": End.INCOMPATIBLE,
    "incompatible-parameters": End.INCOMPATIBLE,
    "unsupported-applications": End.INCOMPATIBLE,
    "unsupported-transports": End.INCOMPATIBLE,
}
"""What a condition on the wire means; all others are failures of the far program."""

_ONCE_AGREED = {
    End.DECLINED: End.HUNG_UP,
    End.CANCELLED: End.HUNG_UP,
    End.BUSY: End.HUNG_UP,
    End.NO_ANSWER: End.CONNECTION_FAILED,
}
"""Once both had agreed, every "no" means "enough": phones differ in which one they say."""

_BY_CALLER = {
    End.HUNG_UP: End.CANCELLED,
    End.DECLINED: End.CANCELLED,
    End.BUSY: End.CANCELLED,
}
"""And before: a caller that ends what was never answered gave up."""

_BY_CALLEE = {End.HUNG_UP: End.DECLINED, End.CANCELLED: End.DECLINED}
"""And a callee that ends what it never answered said no."""


def reason(end: End) -> Reason:
    """What the far side is told of ``end``."""
    return Reason(_CONDITIONS.get(end, "general-error"))


def meant(said: Reason | None, state: State, unsaid: End = End.HUNG_UP) -> End:
    """What the far side means that ends a call in ``state``; ``unsaid`` is for no reason at all."""
    end = _ENDS.get(said.condition, End.FAILED) if said else unsaid
    return fitting(end, state)


def fitting(end: End, state: State) -> End:
    """The meaning of ``end`` for a call in ``state``."""
    match state:
        case State.ACTIVE:
            end = _ONCE_AGREED.get(end, end)
            return End.CONNECTION_LOST if end is End.CONNECTION_FAILED else end
        case State.CONNECTING:
            return _ONCE_AGREED.get(end, end)
        case State.INCOMING:
            return _BY_CALLER.get(end, end)
        case _:
            return _BY_CALLEE.get(end, end)
