"""Redeem a launch link: ask its site who calls whom, and for the account to call with.

The code of the link is sent as JSON in a POST, over TLS that the system's authorities vouch for,
and with it the public half of a key that was made for this account alone. A site that was not heard
to the end is asked the same again: by what names the request it knows that it is one, and the code
is not lost.
"""

import asyncio
import json
import logging
import re
import secrets
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping

from twocan import __version__
from twocan.desk.asking import LONGEST as LONGEST
from twocan.desk.asking import Answer, AskError, Hitch, answer_of
from twocan.desk.granting import Unusable
from twocan.desk.launches import Launch as Launch
from twocan.desk.launches import launch_in
from twocan.desk.problems import outcome
from twocan.desk.state import Trouble
from twocan.jws import new_key, public_half
from twocan.links import LaunchLink
from twocan.urls import Url

log = logging.getLogger(__name__)

PAUSES = (0.2, 0.6)
"""Seconds until a site that failed is asked once more, and again."""
FIELDS: Mapping[str, str] = {
    "User-Agent": f"Twocan/{__version__}",
    "Accept": "application/json",
    "Content-Type": "application/json",
}

_SECONDS = re.compile(r"[0-9]{1,9}")
_TIMED_OUT = 408
_LATER = {_TIMED_OUT, 429}
_USED = {404, 410}
_FAILED = 500
_LOST = {Hitch.SILENT, Hitch.UNREACHABLE, Hitch.NOT_WHOLE}
"""A site that was not heard may have heard us."""


class RedeemError(Exception):
    """The link came to nothing: one line, what is wrong and what to do."""

    def __init__(self, trouble: Trouble, words: str) -> None:
        super().__init__(words)
        self.trouble = trouble


async def redeem(
    link: LaunchLink, *, within: float = 10.0, trust: ssl.SSLContext | None = None
) -> Launch:
    """Ask the link's site. Raises ``RedeemError``.

    ``within``: seconds for all of it. ``trust``: whose certificates are believed, None for those of
    the system. No redirection is followed: the link itself says where to ask.
    """
    site = link.site
    # What makes keys takes a moment to load, in which there can be a connection.
    making = asyncio.get_running_loop().run_in_executor(None, new_key)

    async def request() -> bytes:
        key = await asyncio.shield(making)
        return json.dumps({"code": link.code, "key": public_half(key)}).encode()

    try:
        answer = await _answered(link.url, request, within, trust)
    except AskError as error:
        raise _unanswered(site, error) from None
    log.info("%s was asked what a link is for: %s", site, outcome(answer))
    _refuse(site, answer.status)
    try:
        return launch_in(answer.content, link.url, await making, time.time())
    except Unusable as error:
        raise _bad(site, str(error)) from None


async def _answered(
    url: Url,
    request: Callable[[], Awaitable[bytes]],
    within: float,
    trust: ssl.SSLContext | None,
) -> Answer:
    """The site's answer to one request, however often it has to be sent. Raises ``AskError``."""
    fields = {**FIELDS, "Idempotency-Key": secrets.token_urlsafe(16)}
    clock = asyncio.get_running_loop().time
    until = clock() + within
    for pause in (*PAUSES, None):
        # One that is silent is left time to be asked again.
        limit = min(until - clock(), within / 2)
        try:
            answer = await answer_of(url, fields, request, within=limit, trust=trust)
        except AskError as error:
            if error.hitch not in _LOST or not await _paused(pause, until):
                raise
            log.info("%s was not heard: %s", url.site, error)
        else:
            if not _failed(answer) or not await _paused(pause, until, _wanted_pause(answer)):
                return answer
            log.info("%s failed: %s", url.site, outcome(answer))
    raise AssertionError("the last answer is returned, or raised")


async def _paused(seconds: float | None, until: float, at_least: float = 0.0) -> bool:
    """Wait before the next attempt. False, and at once, if there is to be none."""
    if seconds is None:
        return False
    wait = max(seconds, at_least)
    if asyncio.get_running_loop().time() + wait >= until:
        return False
    await asyncio.sleep(wait)
    return True


def _failed(answer: Answer) -> bool:
    return answer.status >= _FAILED or answer.status == _TIMED_OUT


def _wanted_pause(answer: Answer) -> float:
    """Seconds that the site wants to be left alone (RFC 9110 §10.2.3); 0 if it does not say."""
    said = answer.fields.get("Retry-After", "")
    return float(said) if _SECONDS.fullmatch(said) else 0.0


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
    if status >= _FAILED or status in _LATER:
        raise RedeemError(
            Trouble.SITE_AWAY, f"{site} cannot answer now (status {status}): try again later"
        )
    if status != 200:
        raise _bad(site, f"its status is {status}")


def _bad(site: str, why: str) -> RedeemError:
    return RedeemError(
        Trouble.BAD_LINK, f"{site} gave an answer that cannot be used: {why}; tell the site"
    )
