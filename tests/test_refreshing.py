"""Renewing a token at a site that checks the proof, and at sites that answer as they like."""

import asyncio
import json
import logging
import socket
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import jwt
import pytest

from call_site import CallSite
from twocan.account import Account, Refresh, Server
from twocan.desk.redeeming import redeem
from twocan.desk.refreshing import refresh
from twocan.jws import new_key, public_half, public_key
from twocan.links import parse
from twocan.xmpp import Hindrance, SignInError
from twocan_supernode.certificates import Authority

ADDRESS = "x7f@site.example"
OLD, NEW, CARD = (f"eyJhbGciOi.of-the-{w}.never-to-be-shown" for w in ("a", "b", "card"))
NAMES_KEY = public_half(new_key())


def granting(site: CallSite) -> dict[str, Any]:
    account = {
        "address": ADDRESS,
        "token": OLD,
        "refresh": {"url": site.refresh, "token": f"{OLD}-1"},
    }
    return {"account": account, "caller": {}, "callee": {"address": "k2m@site.example"}}


@asynccontextmanager
async def redeemed() -> AsyncIterator[tuple[CallSite, Account]]:
    """A site, and the account that it gave."""
    async with CallSite.serving() as site:
        site.says = granting(site)
        yield site, (await redeem(parse(site.link))).account


async def refused(account: Account, **about: Any) -> tuple[Hindrance, str]:
    with pytest.raises(SignInError) as error:
        await refresh(account, **about)
    words = str(error.value)
    assert words.isprintable()
    assert account.refresh is not None
    for secret in (OLD, NEW, CARD, json.loads(account.refresh.key)["d"]):
        assert secret not in words + repr(error.value)
    assert error.value.__cause__ is None
    return error.value.hindrance, words


# --- A site that is as it should be -------------------------------------------------------------


async def test_a_token_is_renewed_with_a_proof(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with redeemed() as (site, account):
        site.renews = {
            "token": NEW,
            "expires": "2026-11-21T18:00:00Z",
            "refresh_token": f"{NEW}-2",
            "servers": [{"host": "node2.site.example", "port": 5223}],
            "card": CARD,
            "names_key": NAMES_KEY,
        }
        again = await refresh(account)

        assert account.refresh is not None
        assert again == Account(
            ADDRESS,
            NEW,
            is_token=True,
            host="node2.site.example",
            port=5223,
            servers=(Server("node2.site.example", 5223),),
            refresh=replace(account.refresh, token=f"{NEW}-2"),
            card=CARD,
            names_key=public_key(NAMES_KEY),
        )
        await refresh(again)
        assert site.refreshed == [f"{OLD}-1", f"{NEW}-2"]
        assert "never-to-be-shown" not in caplog.text + repr(again)


async def test_the_older_refresh_token_does_as_well() -> None:
    """Whoever was not heard, or died before the newer one was written down, has that one."""
    async with redeemed() as (site, account):
        site.renews = {"token": NEW, "refresh_token": f"{NEW}-2"}
        await refresh(account)
        assert (await refresh(account)).secret == NEW


async def test_what_the_site_wants_to_have_in_a_proof_is_in_the_next_one() -> None:
    async with redeemed() as (site, account):
        site.renews, site.nonce = {"token": NEW}, "eyJ7S_zG.eyJH0-Z.HX4w-7v"
        assert (await refresh(account)).secret == NEW
        assert len(site.refreshed) == 1


async def test_a_key_that_is_not_the_one_that_redeemed_gets_nothing() -> None:
    async with redeemed() as (site, account):
        site.renews = {"token": NEW}
        assert account.refresh is not None
        thief = replace(account, refresh=replace(account.refresh, key=new_key()))
        assert (await refused(thief))[0] is Hindrance.EXPIRED
        assert site.refreshed == []


async def test_a_site_that_has_no_more_for_it_says_so_to_the_person() -> None:
    async with redeemed() as (site, account):
        hindrance, words = await refused(account)
        assert hindrance is Hindrance.EXPIRED
        assert words.replace(site.host, "the site") == (
            f"the sign-in of {ADDRESS} is over: the site has no new token for it; "
            "sign in again on the site"
        )


# --- Sites that are not -------------------------------------------------------------------------


class Site:
    """Says one thing after the other, and the last of them on and on."""

    def __init__(self, *says: bytes) -> None:
        self.says = list(says)
        self.heard: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heard.append(head)
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        writer.write(self.says.pop(0) if len(self.says) > 1 else self.says[0])
        await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(
    *says: bytes, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[Site, Account]]:
    site = Site(*says)
    async with await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=tls) as server:
        scheme = "https" if tls else "http"
        url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/refresh?a=b"
        known = Refresh(url, f"{OLD}-1", new_key())
        yield site, Account(ADDRESS, OLD, is_token=True, refresh=known)


def answer(content: object, status: str = "200 OK", head: str = "") -> bytes:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "410 Gone"])
async def test_a_sign_in_that_is_over(status: str) -> None:
    async with serving(answer(b"", status)) as (site, account):
        assert (await refused(account))[0] is Hindrance.EXPIRED
    assert len(site.heard) == 1


@pytest.mark.parametrize(
    "nonce", ["", 'a"b', "a" * 600, "ä", "a b"], ids=["none", "quote", "long", "ä", "space"]
)
async def test_what_cannot_be_in_a_proof_is_not_said(nonce: str) -> None:
    says = answer(b"", "401 Unauthorized", f"DPoP-Nonce: {nonce}\r\n")
    async with serving(says) as (site, account):
        assert (await refused(account))[0] is Hindrance.EXPIRED
    assert len(site.heard) == 1


async def test_a_site_that_always_wants_another_proof_is_asked_twice() -> None:
    says = answer(b"", "401 Unauthorized", "DPoP-Nonce: another\r\n")
    async with serving(says) as (site, account):
        assert (await refused(account))[0] is Hindrance.EXPIRED
    assert len(site.heard) == 2


@pytest.mark.parametrize(
    "says",
    [
        answer(b"", "500 Oops"),
        answer(b"", "503 Service Unavailable", "Retry-After: 5\r\n"),
        answer(b"", "429 Too Many Requests"),
        answer(b"", "404 Not Found"),
        answer({"token": NEW}, "302 Found", "Location: http://127.0.0.1:1/\r\n"),
        answer({"token": NEW}, "201 Created"),
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{",
        answer(b" " * 70_000),
        answer(b"[]"),
        answer(b"{"),
        answer({}),
        answer({"token": 5}),
        answer({"token": f"{NEW}\r\nX: y"}),
        answer({"token": NEW, "refresh_token": {"it": NEW}}),
        answer({"token": NEW, "refresh_token": f"{NEW}\n"}),
        answer({"token": NEW, "card": f" {CARD}"}),
        answer({"token": NEW, "names_key": [NEW]}),
        answer({"token": NEW, "servers": "node.example"}),
        answer({"token": NEW, "servers": [{"host": "a/b", "port": 1}]}),
    ],
)
async def test_what_may_pass_is_tried_again_later(says: bytes) -> None:
    async with serving(says) as (_, account):
        assert (await refused(account))[0] is Hindrance.UNREACHABLE


async def test_nobody_is_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        account = Account(ADDRESS, OLD, is_token=True, refresh=Refresh(url, OLD, new_key()))
        assert (await refused(account))[0] is Hindrance.UNREACHABLE


async def test_a_site_whom_nobody_vouches_for_hears_no_token(tmp_path: Path) -> None:
    authority, pem = Authority.new(), tmp_path / "site.pem"
    pem.write_bytes(authority.issue(["localhost"], [ip_address("127.0.0.1")]))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    trust = ssl.create_default_context(cadata=authority.certificate_pem().decode())
    async with serving(answer({"token": NEW}), tls=tls) as (site, account):
        hindrance, words = await refused(account)
        assert (hindrance, "cannot prove" in words) == (Hindrance.UNTRUSTED, True)
        assert site.heard == []
        assert (await refresh(account, trust=trust)).secret == NEW


async def test_a_key_that_is_broken_is_of_no_use_any_more() -> None:
    wrong = json.dumps({**json.loads(new_key()), "x": "A" * 43})
    account = Account(
        ADDRESS, OLD, is_token=True, refresh=Refresh("https://site.example", OLD, wrong)
    )
    assert (await refused(account))[0] is Hindrance.EXPIRED


async def test_servers_elsewhere_are_not_believed_for_the_authority_of_this_machine() -> None:
    says = answer({"token": NEW, "servers": [{"host": "node.example", "port": 5223}]})
    async with serving(says) as (_, account):
        here = replace(account, host="127.0.0.1", port=5223, ca=Path(__file__))
        assert "elsewhere" in (await refused(here))[1]


async def test_a_new_token_lasts_on_our_clock_as_long_as_it_says() -> None:
    token = jwt.encode({"iat": 1000, "exp": 1600}, NEW, algorithm="HS256")
    async with serving(answer({"token": token})) as (_, account):
        before = time.time()
        expires = (await refresh(account)).expires
    assert expires is not None
    assert before + 600 <= expires <= time.time() + 600
