"""What a launch link is for, read from what its site answered.

Every field is checked, and what people will read is made one line of what it seems to be.
"""

import json
from dataclasses import dataclass

from twocan.account import Account
from twocan.desk.granting import Unusable, bare_address, granted
from twocan.desk.state import Invitation
from twocan.one_line import one_line
from twocan.stanza import MAX_WORD
from twocan.urls import Url

LONGEST_NAME = 100
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Launch:
    """What a link is for: who signs in, and what the person is asked."""

    account: Account
    invitation: Invitation


def launch_in(content: bytes, asked: Url, key: str, now: float) -> Launch:
    """The launch that ``asked`` answered with. Raises ``Unusable``. ``key``, ``now``: see
    ``granting.granted``."""
    said = object_in(content)
    account = granted(_object(said, "account"), asked, key, now)
    caller, callee = _object(said, "caller"), _object(said, "callee")
    answering = _call(said)
    ours, whose, theirs, other = (caller, "caller", callee, "callee")
    if answering is not None:
        ours, whose, theirs, other = theirs, other, ours, whose
    if "address" in ours and bare_address(ours, whose) != account.address:
        raise Unusable(f'its "account" is not of its "{whose}"')
    showing = said.get("video", False)
    if not isinstance(showing, bool):
        raise Unusable('its "video" is neither true nor false')
    invitation = Invitation(
        site=asked.site,
        caller=_shown(ours, "name", LONGEST_NAME) or account.address,
        peer=bare_address(theirs, other),
        peer_name=_shown(theirs, "name", LONGEST_NAME),
        showing=showing,
        reason=_shown(said, "reason", LONGEST_REASON),
        answering=answering,
    )
    return Launch(account, invitation)


def object_in(content: bytes) -> dict[str, object]:
    """The JSON object that an answer is. Raises ``Unusable``."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        # Not what is wrong with it: there may be a token in it.
        raise Unusable("it is not JSON") from None
    if not isinstance(said, dict):
        raise Unusable("it is not a JSON object")
    return said


def _object(said: dict[str, object], name: str) -> dict[str, object]:
    value = said.get(name)
    if not isinstance(value, dict):
        raise Unusable(f'it has no "{name}"')
    return value


def _call(said: dict[str, object]) -> str | None:
    """The id of the call that is to be answered, if it is not one to be made (XEP-0353 §3)."""
    value = said.get("answer")
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= MAX_WORD or not value.isprintable():
        raise Unusable('its "answer" is no id of a call')
    return value


def _shown(said: dict[str, object], name: str, longest: int) -> str | None:
    """A text for people: one line, without what is not seen."""
    value = said.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unusable(f'its "{name}" is not text')
    return one_line(value, longest)
