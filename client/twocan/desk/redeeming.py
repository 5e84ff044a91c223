"""Redeem a launch link: ask its site who calls whom, and for the account to call with.

The code of the link is sent once, as JSON in a POST, over TLS that the system's authorities vouch
for. What comes back is a stranger's word: it is bounded, every field is checked, and what people
will read is freed of all that could make it look like something else.
"""

import json
import logging
import ssl
import unicodedata
from dataclasses import dataclass

from twocan import __version__, address
from twocan.account import Account, AccountError, understand
from twocan.desk.asking import LONGEST as LONGEST
from twocan.desk.asking import AskError, Hitch, ask
from twocan.desk.state import Invitation, Trouble
from twocan.links import LaunchLink

log = logging.getLogger(__name__)

LONGEST_NAME = 100
LONGEST_REASON = 200

_SHOWN = 300

_LATER = {408, 429}
_USED = {404, 410}

_JOINERS = "\u200c\u200d"
"""Without them some words of Persian and Hindi, and some emoji, are other ones."""
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Categories of what is not seen but changes what is: control characters, and the marks and
overrides of direction (UAX #9)."""


class RedeemError(Exception):
    """The link came to nothing: one line, what is wrong and what to do."""

    def __init__(self, trouble: Trouble, words: str) -> None:
        super().__init__(words)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Launch:
    """What a link is for: who signs in, and what the person is asked."""

    account: Account
    invitation: Invitation


async def redeem(
    link: LaunchLink, *, within: float = 10.0, trust: ssl.SSLContext | None = None
) -> Launch:
    """Ask the link's site. Raises ``RedeemError``.

    ``within``: seconds for all of it. ``trust``: whose certificates are believed, None for those of
    the system. No redirection is followed: the link itself says where to ask.
    """
    site = link.site
    fields = {
        "User-Agent": f"Twocan/{__version__}",
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
    code = json.dumps({"code": link.code}).encode()
    try:
        status, content = await ask(link.url, fields, code, within=within, trust=trust)
    except AskError as error:
        raise _unanswered(site, error) from None
    log.info("%s was asked what a link is for: %d", site, status)
    _refuse(site, status)
    return _launch(site, _json(site, content))


def _unanswered(site: str, error: AskError) -> RedeemError:
    match error.hitch:
        case Hitch.SILENT:
            said = f"{site} does not answer: try again later"
        case Hitch.NOT_SECURE:
            said = f"{site} cannot prove that it is {site} ({error}): do not go on"
            return RedeemError(Trouble.NOT_SECURE, said)
        case Hitch.UNREACHABLE:
            said = f"{site} cannot be reached ({error}): try again later"
        case Hitch.NOT_WHOLE:
            said = f"{site} gave no whole answer: try again later"
        case Hitch.TOO_LONG:
            return _bad(site, str(error))
    return RedeemError(Trouble.SITE_AWAY, said)


def _refuse(site: str, status: int) -> None:
    if status in _USED:
        raise RedeemError(
            Trouble.LINK_USED, f"{site} does not know this link any more: click the button again"
        )
    if status >= 500 or status in _LATER:
        raise RedeemError(
            Trouble.SITE_AWAY, f"{site} cannot answer now (status {status}): try again later"
        )
    if status != 200:
        raise _bad(site, f"its status is {status}")


# --- What it says ----------------------------------------------------------------------------


def _json(site: str, content: bytes) -> dict[str, object]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        # Not what is wrong with it: there may be a token in it.
        raise _bad(site, "it is not JSON") from None
    if not isinstance(said, dict):
        raise _bad(site, "it is not a JSON object")
    return said


def _launch(site: str, said: dict[str, object]) -> Launch:
    account = _account(site, _object(site, said, "account"))
    caller = _object(site, said, "caller")
    callee = _object(site, said, "callee")
    showing = said.get("video", False)
    if not isinstance(showing, bool):
        raise _bad(site, 'its "video" is neither true nor false')
    invitation = Invitation(
        site=site,
        caller=_shown(site, caller, "name", LONGEST_NAME) or account.address,
        peer=_address(site, callee, "callee"),
        peer_name=_shown(site, callee, "name", LONGEST_NAME),
        showing=showing,
        reason=_shown(site, said, "reason", LONGEST_REASON),
    )
    return Launch(account, invitation)


def _account(site: str, said: dict[str, object]) -> Account:
    # A site does not choose whom this computer believes, nor does it know anybody's password.
    for name in ("ca", "password"):
        if name in said:
            raise _bad(site, f'its "account" has a "{name}"')
    _address(site, said, "account")
    try:
        return understand(said, f"what {site} answered")
    except AccountError as error:
        raise RedeemError(Trouble.BAD_LINK, str(error)[:_SHOWN]) from None


def _object(site: str, said: dict[str, object], name: str) -> dict[str, object]:
    value = said.get(name)
    if not isinstance(value, dict):
        raise _bad(site, f'it has no "{name}"')
    return value


def _address(site: str, said: dict[str, object], whose: str) -> str:
    value = said.get("address")
    try:
        if isinstance(value, str) and address.check(value) == address.bare(value):
            return value
    except ValueError:
        pass
    raise _bad(site, f'the "address" of its "{whose}" is no bare address')


def _shown(site: str, said: dict[str, object], name: str, longest: int) -> str | None:
    """A text for people: one line, without what is not seen."""
    value = said.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _bad(site, f'its "{name}" is not text')
    seen = "".join(map(_seen, value[: longest * 10]))
    return " ".join(seen.split())[:longest].strip(" " + _JOINERS) or None


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    hidden = unicodedata.category(character) in _UNSEEN and character not in _JOINERS
    return "" if hidden else character


def _bad(site: str, why: str) -> RedeemError:
    return RedeemError(
        Trouble.BAD_LINK, f"{site} gave an answer that cannot be used: {why}; tell the site"
    )
