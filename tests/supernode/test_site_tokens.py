"""Which of the things that a site signs are a password to the running server."""

import time
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from running import Supernode
from twocan_supernode.site import tokens
from twocan_supernode.site.tokens import Person
from twocan_supernode.state import State
from xmpp_stream import Account, Refused, connected, signed_in

Make = Callable[[EllipticCurvePrivateKey, str, int], str]

PASSWORDS: dict[str, Make] = {
    "phone": lambda key, address, now: tokens.phone_account(key, address, now).token,
    "page": lambda key, address, now: tokens.page_account(key, address, now).token,
}
NONE: dict[str, Make] = {
    "refresh token": lambda key, address, now: tokens.refresh_token(
        key, Person(address, "Demo Ann"), "a" * 43, now
    ),
    "card": lambda key, address, now: tokens.card(key, Person(address, "Demo Ann"), now),
}


def account_with(supernode: Supernode, make: Make) -> Account:
    account = supernode.mint("person-1")
    key = State(supernode.state).site(supernode.site).key()
    token = make(key, account["address"], time.time_ns() // 1_000_000)
    return {**account, "token": token}


@pytest.mark.parametrize("kind", PASSWORDS)
async def test_an_access_token_signs_its_person_in(supernode: Supernode, kind: str) -> None:
    account = account_with(supernode, PASSWORDS[kind])
    async with signed_in(account, "desk") as stream:
        assert stream.address == f"{account['address']}/desk"


@pytest.mark.parametrize("kind", NONE)
async def test_nothing_else_that_the_site_signed_does(supernode: Supernode, kind: str) -> None:
    account = account_with(supernode, NONE[kind])
    async with connected(account) as stream:
        with pytest.raises(Refused, match="not-authorized"):
            await stream.authenticate(account["address"], account["token"])
