"""Refresh a token: ask the site that gave an account for a new one, with a proof of possession.

What fails here has failed to sign in, and is said so: see ``twocan.xmpp.SignInError``.
"""

import json
import logging
import secrets
import ssl
import time
from typing import TYPE_CHECKING

from twocan.account import Account, Refresh
from twocan.desk.asking import Answer, AskError, Hitch, answer_of
from twocan.desk.granting import Unusable, granted_again
from twocan.desk.launches import object_in
from twocan.desk.problems import outcome
from twocan.desk.redeeming import FIELDS
from twocan.jws import JwsError
from twocan.proofs import is_nonce, proof
from twocan.urls import Url

if TYPE_CHECKING:
    from twocan.xmpp import Hindrance, SignInError

log = logging.getLogger(__name__)

_OVER = {401, 403, 410}


async def refresh(
    account: Account, *, within: float = 10.0, trust: ssl.SSLContext | None = None
) -> Account:
    """The account with a new token. Raises ``twocan.xmpp.SignInError``: EXPIRED means that the
    site has no more for it, anything else may pass.

    ``within``: seconds for each of two questions. ``trust``: whose certificates are believed, None
    for those of the system.
    """
    if account.refresh is None:
        raise ValueError("this account has nothing to renew it with")
    url = Url(account.refresh.url)
    try:
        answer = await _answered(url, account.refresh, within, trust)
    except AskError as error:
        raise _unanswered(url.site, error) from None
    except JwsError as error:
        raise _over(account, f"its key {error}") from None
    log.info("%s was asked for a new token: %s", url.site, outcome(answer))
    if answer.status in _OVER:
        raise _over(account, f"{url.site} has no new token for it")
    if answer.status != 200:
        raise _later(f"{url.site} cannot renew the token now (status {answer.status})")
    try:
        return granted_again(account, object_in(answer.content), time.time())
    except Unusable as error:
        raise _later(f"{url.site} gave an answer that cannot be used: {error}") from None


async def _answered(
    url: Url, refresh: Refresh, within: float, trust: ssl.SSLContext | None
) -> Answer:
    """What the site says to a proof, or to one that has in it what it then asks for."""
    answer = await _ask(url, refresh, None, within, trust)
    nonce = answer.fields.get("DPoP-Nonce", "")
    # RFC 9449 §8; a clock that is wrong makes a proof that is too old or too young.
    if answer.status == 401 and is_nonce(nonce):
        answer = await _ask(url, refresh, nonce, within, trust)
    return answer


async def _ask(
    url: Url, refresh: Refresh, nonce: str | None, within: float, trust: ssl.SSLContext | None
) -> Answer:
    once = secrets.token_urlsafe(16)
    shown = proof(refresh.key, "POST", url, time.time(), once, nonce)
    content = json.dumps({"refresh_token": refresh.token}).encode()
    return await answer_of(url, {**FIELDS, "DPoP": shown}, content, within=within, trust=trust)


def _unanswered(site: str, error: AskError) -> "SignInError":
    from twocan.xmpp import Hindrance

    if error.hitch is Hitch.NOT_SECURE:
        said = f"{site} cannot prove that it is {site} ({error})"
        return _failure(said, Hindrance.UNTRUSTED)
    return _later(f"{site} cannot be asked for a new token ({error}); check the network")


def _over(account: Account, why: str) -> "SignInError":
    from twocan.xmpp import Hindrance

    said = f"the sign-in of {account.address} is over: {why}; sign in again on the site"
    return _failure(said, Hindrance.EXPIRED)


def _later(said: str) -> "SignInError":
    from twocan.xmpp import Hindrance

    return _failure(said, Hindrance.UNREACHABLE)


def _failure(said: str, hindrance: "Hindrance") -> "SignInError":
    from twocan.xmpp import SignInError

    return SignInError(said, hindrance)
