"""What a site grants: an account, and later a new token for it. Every word of it is a stranger's.

A site neither chooses whom this computer believes, nor where it is asked for tokens, nor does it
know anybody's password.
"""

import json
import re

from twocan import address
from twocan.account import (
    Account,
    AccountError,
    Server,
    check_host,
    on_our_clock,
    renewed,
    understand,
)
from twocan.urls import Url, UrlError

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{0,8192}")
"""RFC 6750 §2.1. What is longer fits into no stanza."""
_SHOWN = 300
_OWN_AUTHORITY = 'its "account" has a "ca"'


class Unusable(ValueError):
    """An answer that cannot be used: one line, why. No part of it that could be a secret."""


def granted(said: dict[str, object], asked: Url, key: str, now: float) -> Account:
    """The account that ``asked`` answered with, just ``now``. Raises ``Unusable``.

    ``key``: the private key whose public half the site was told. ``now``: seconds since 1970.
    """
    if "password" in said:
        raise Unusable('its "account" has a "password"')
    if "ca" in said and asked.secure:
        # Nobody elsewhere even learns whether there is such a file, or has it opened.
        raise Unusable(_OWN_AUTHORITY)
    bare_address(said, "account")
    _check_tokens(said, "token", "card")
    refresh = said.get("refresh")
    if isinstance(refresh, dict):
        _check_tokens(refresh, "token")
    try:
        account = understand({**said, "key": json.loads(key)}, f"what {asked.site} answered")
    except AccountError as error:
        raise Unusable(str(error)[:_SHOWN]) from None
    _check_servers(account)
    # Who answers without TLS is on this computer, such as a site that is being tried out here. It
    # may name the authority of its own supernode, if that is here too: nobody outside is believed
    # for it.
    if account.ca is not None and not _is_all_here(account):
        raise Unusable(_OWN_AUTHORITY)
    if account.refresh is not None:
        _check_refresh(Url(account.refresh.url), asked)
    return on_our_clock(account, now)


def granted_again(account: Account, said: dict[str, object], now: float) -> Account:
    """The account with the new token that its site answered with, just ``now``. Raises
    ``Unusable``."""
    _check_tokens(said, "token", "refresh_token", "card")
    try:
        again = renewed(account, said, "what it answered")
    except AccountError as error:
        raise Unusable(str(error)[:_SHOWN]) from None
    _check_servers(again)
    if again.ca is not None and not _is_all_here(again):
        raise Unusable("its servers are elsewhere, and are not who is trusted on this computer")
    return on_our_clock(again, now)


def bare_address(said: dict[str, object], whose: str) -> str:
    """The "address" of a person. Raises ``Unusable``. ``whose``: what an error calls them."""
    value = said.get("address")
    try:
        if isinstance(value, str) and address.check(value) == address.bare(value):
            return value
    except ValueError:
        pass
    raise Unusable(f'the "address" of its "{whose}" is no bare address')


def _check_tokens(said: dict[str, object], *names: str) -> None:
    for name in names:
        value = said.get(name)
        if isinstance(value, str) and not _TOKEN.fullmatch(value):
            raise Unusable(f'its "{name}" is no token')


def _check_servers(account: Account) -> None:
    """A file of one's own may name a host in any way that this computer understands."""
    if account.host is not None and account.port is not None:
        try:
            check_host(account.host, account.port)
        except UrlError as error:
            raise Unusable(f'the "host" of its "account" {error}') from None


def _check_refresh(url: Url, asked: Url) -> None:
    """Whoever has a refresh token hears who is there, and when: that stays with the same host."""
    if url.host != asked.host or (asked.secure and not url.secure):
        raise Unusable('the "refresh" of its "account" is asked elsewhere')


def _is_all_here(account: Account) -> bool:
    """Whether all its servers are on this very machine."""
    if account.host is None or account.port is None:
        return False
    try:
        for at in account.servers or (Server(account.host, account.port),):
            check_host(at.host, at.port, "http")
    except UrlError:
        return False
    return True
