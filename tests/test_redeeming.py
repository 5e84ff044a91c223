"""Redeeming a link at a site that answers as it likes, over real sockets and real TLS."""

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twocan.account import Account, Refresh, Server
from twocan.desk.granting import Unusable
from twocan.desk.launches import launch_in
from twocan.desk.redeeming import LONGEST, Launch, RedeemError, redeem
from twocan.desk.state import Invitation, Trouble
from twocan.jws import new_key, public_half, public_key, thumbprint
from twocan.links import LaunchLink
from twocan.urls import Url
from twocan_supernode.certificates import Authority

CODE = "a-one-time-code_0123456789"
TOKEN = "eyJhbGciOiJFUzI1NiJ9.e30.never-to-be-shown"

ACCOUNT = {"address": "x7f@site.example", "token": TOKEN}
WHOLE = {
    "account": ACCOUNT,
    "caller": {"name": "Demo person"},
    "callee": {"address": "k2m@site.example", "name": "Another demo person"},
    "video": True,
    "reason": "About the bicycle",
}


JOINED = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
"""Two parts of a Persian word, joined by what keeps them from growing together."""


def answer(
    content: object = WHOLE, status: str = "200 OK", head: str = "", length: int | None = None
) -> bytes:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    length = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{head}\r\n".encode() + body


@pytest.fixture(autouse=True)
def nobody_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twocan.desk.redeeming.PAUSES", (0.0, 0.0))


class Site:
    """A small web server that says one thing, whatever it is asked; ``before`` it, others."""

    def __init__(self, says: bytes, *before: bytes, closes: bool = True) -> None:
        self.says, self.before, self.closes = says, list(before), closes
        self.heard: list[bytes] = []
        self.asked = asyncio.Event()
        self.left = asyncio.Event()
        self.port = 0

    def link(self, host: str = "127.0.0.1", scheme: str = "http") -> LaunchLink:
        return LaunchLink(f"{scheme}://{host}:{self.port}/redeem?v=1", CODE)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            self.heard.append(head + await reader.readexactly(length))
            self.asked.set()
            writer.write(self.before.pop(0) if self.before else self.says)
            if not self.closes:
                await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.left.set()
            writer.close()


@asynccontextmanager
async def serving(site: Site, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    async with server:
        yield site
        if site.heard:
            await site.left.wait()


async def refused(says: bytes, **about: Any) -> tuple[Trouble, str]:
    async with serving(Site(says)) as site:
        with pytest.raises(RedeemError) as error:
            await redeem(site.link(), **about)
        return _told(error.value, site.port)


def _told(error: RedeemError, port: int) -> tuple[Trouble, str]:
    words = str(error)
    assert words.isprintable()
    for secret in (CODE, TOKEN):
        assert secret not in repr(error) + words
    assert error.__cause__ is None
    return error.trouble, words.replace(f"127.0.0.1:{port}", "the site")


def changed(path: str, value: object) -> dict[str, Any]:
    """What a site says, but for one thing; None leaves it out."""
    said: dict[str, Any] = json.loads(json.dumps(WHOLE))
    *above, last = path.split(".")
    inner = said
    for name in above:
        inner = inner[name]
    inner[last] = value
    if value is None:
        del inner[last]
    return said


# --- What a link is for -------------------------------------------------------------------------


async def test_a_site_says_who_calls_whom(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(Site(answer())) as site:
        launch = await redeem(site.link())

    assert launch == Launch(
        Account("x7f@site.example", TOKEN, is_token=True),
        Invitation(
            site=f"127.0.0.1:{site.port}",
            caller="Demo person",
            peer="k2m@site.example",
            peer_name="Another demo person",
            showing=True,
            reason="About the bicycle",
        ),
    )
    for secret in (CODE, TOKEN):
        assert secret not in repr(launch) + caplog.text


async def test_the_code_is_posted_once_as_json_with_a_key_of_our_own() -> None:
    async with serving(Site(answer())) as site:
        await redeem(site.link())

    (request,) = site.heard
    lines, content = parted(request)
    assert lines[0] == "POST /redeem?v=1 HTTP/1.1"
    assert {
        f"Host: 127.0.0.1:{site.port}",
        "Accept: application/json",
        "Content-Type: application/json",
        "Connection: close",
    } <= set(lines)
    assert set(content) == {"code", "key"}
    assert content["code"] == CODE
    assert set(content["key"]) == {"kty", "crv", "x", "y"}
    assert public_key(content["key"])


def parted(request: bytes) -> tuple[list[str], dict[str, Any]]:
    head, _, content = request.partition(b"\r\n\r\n")
    return head.decode().split("\r\n"), json.loads(content)


def named(request: bytes) -> str:
    return next(line for line in parted(request)[0] if line.startswith("Idempotency-Key: "))


async def test_every_link_has_a_key_of_its_own() -> None:
    async with serving(Site(answer())) as site:
        await redeem(site.link())
        await redeem(site.link())

    keys = {thumbprint(public_key(parted(request)[1]["key"])) for request in site.heard}
    assert len(keys) == len(set(map(named, site.heard))) == 2


KEY = new_key()
NAMES_KEY = public_half(new_key())
GIVEN = {
    **ACCOUNT,
    "expires": "2026-11-21T18:00:00Z",
    "host": "node1.site.example",
    "port": 5223,
    "servers": [{"host": f"node{number}.site.example", "port": 5223} for number in (1, 2)],
    "card": "a.card.never-to-be-shown",
    "names_key": NAMES_KEY,
}


async def test_a_site_gives_all_that_there_is() -> None:
    async with serving(Site(b"")) as site:
        url = f"http://127.0.0.1:{site.port}/v1/tokens/refresh"
        given = {**GIVEN, "refresh": {"url": url, "token": "refresh-me.never-to-be-shown"}}
        site.says = answer({**WHOLE, "account": given, "caller": {"address": ACCOUNT["address"]}})
        account = (await redeem(site.link())).account

    assert account.refresh is not None
    told = parted(site.heard[0])[1]["key"]
    assert public_half(account.refresh.key) == told
    assert account == Account(
        ACCOUNT["address"],
        TOKEN,
        is_token=True,
        host="node1.site.example",
        port=5223,
        servers=(Server("node1.site.example", 5223), Server("node2.site.example", 5223)),
        refresh=Refresh(url, "refresh-me.never-to-be-shown", account.refresh.key),
        card="a.card.never-to-be-shown",
        names_key=public_key(NAMES_KEY),
    )
    assert "never-to-be-shown" not in repr(account)
    assert json.loads(account.refresh.key)["d"] not in repr(account)


async def test_a_link_to_answer_who_calls() -> None:
    """The account is the callee's then, and the one to talk with is the caller."""
    said = {
        "account": ACCOUNT,
        "caller": {"address": "k2m@site.example", "name": "Another demo person"},
        "callee": {"address": ACCOUNT["address"], "name": "Demo person"},
        "answer": "2e6a8ee2-5bd9-4f0d-8a4c-3e3f0a4b3a5d",
    }
    async with serving(Site(answer(said))) as site:
        launch = await redeem(site.link())

    assert launch.invitation == Invitation(
        site=f"127.0.0.1:{site.port}",
        caller="Demo person",
        peer="k2m@site.example",
        peer_name="Another demo person",
        answering="2e6a8ee2-5bd9-4f0d-8a4c-3e3f0a4b3a5d",
    )


# --- Answers that get lost ----------------------------------------------------------------------

CUT_SHORT = answer(length=1000)
AWAY = answer(b"{}", status="503 Service Unavailable")


@pytest.mark.parametrize(
    "before",
    [
        (b"",),
        (CUT_SHORT, b""),
        (AWAY,),
        (answer(b"", status="500 Oops"), CUT_SHORT),
        (answer(b"", status="408 Request Timeout"),),
        (answer(b"{}", status="503 Service Unavailable", head="Retry-After: 0\r\n"),),
    ],
)
async def test_a_site_that_was_not_heard_is_asked_the_very_same_again(
    before: tuple[bytes, ...],
) -> None:
    async with serving(Site(answer(), *before)) as site:
        launch = await redeem(site.link())

    assert launch.invitation.peer == "k2m@site.example"
    assert len(site.heard) == 1 + len(before)
    assert len(set(site.heard)) == 1


async def test_a_site_that_stays_away_is_asked_three_times() -> None:
    async with serving(Site(AWAY)) as site:
        with pytest.raises(RedeemError) as error:
            await redeem(site.link())
    assert (error.value.trouble, len(site.heard)) == (Trouble.SITE_AWAY, 3)


@pytest.mark.parametrize(
    "says",
    [
        answer(b"{}", status="404 Not Found"),
        answer(b"{}", status="429 Too Many Requests"),
        answer(b"{}", status="400 Bad Request"),
        answer(b" " * (LONGEST + 1)),
        answer(b"{}"),
    ],
    ids=["unknown", "too many", "bad", "too long", "empty"],
)
async def test_a_site_that_has_made_up_its_mind_is_asked_once(says: bytes) -> None:
    async with serving(Site(says)) as site:
        with pytest.raises(RedeemError):
            await redeem(site.link())
    assert len(site.heard) == 1


async def test_a_site_that_wants_to_be_left_alone_for_too_long_is_not_waited_for() -> None:
    away = answer(b"{}", status="503 Service Unavailable", head="Retry-After: 30\r\n")
    async with serving(Site(away)) as site:
        with pytest.raises(RedeemError):
            await redeem(site.link())
    assert len(site.heard) == 1


async def test_a_silent_site_is_asked_again_in_time() -> None:
    silent = Site(b"", closes=False)
    async with serving(silent) as site:
        asking = asyncio.create_task(redeem(site.link(), within=4.0))
        await site.asked.wait()
        site.says, site.closes = answer(), True
        assert (await asking).invitation.peer == "k2m@site.example"
    assert len(set(site.heard)) == 1


async def test_what_a_site_says_went_wrong_is_logged_in_brief_and_shown_to_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    problem = {
        "type": "urn:twocan:problem:code-used",
        "title": "Call the demo bank now",
        "detail": f"\u202ethe code {CODE} was\nused {TOKEN[:20]} " + "ha " * 200,
    }
    trouble, words = await refused(answer(problem, status="410 Gone"))

    assert (trouble, "bank" in words, "used" in words) == (Trouble.LINK_USED, False, False)
    (line,) = [record.message for record in caplog.records if "410" in record.message]
    assert "410: code-used: \\u202ethe code (\\u2026) was\\nused" in line
    assert (len(line) < 250, "bank" in line) == (True, False)
    assert not [part for part in (CODE, TOKEN[:20]) if part in caplog.text]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"[" * 60_000, b'{"detail": 5, "type": []}'])
async def test_a_refusal_without_a_reason(content: bytes) -> None:
    assert (await refused(answer(content, status="410 Gone")))[0] is Trouble.LINK_USED


async def test_what_a_site_need_not_say() -> None:
    said = {"account": ACCOUNT, "caller": {}, "callee": {"address": "k2m@site.example"}}
    async with serving(Site(answer(said))) as site:
        launch = await redeem(site.link())

    assert launch.invitation == Invitation(
        site=f"127.0.0.1:{site.port}", caller="x7f@site.example", peer="k2m@site.example"
    )


async def test_a_site_says_where_its_supernode_is() -> None:
    said = changed("account", ACCOUNT | {"host": "node.example", "port": 5223})
    async with serving(Site(answer(said))) as site:
        account = (await redeem(site.link())).account
    assert (account.host, account.port) == ("node.example", 5223)


async def test_an_answer_in_chunks() -> None:
    body = json.dumps(WHOLE).encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:]))
    says = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    async with serving(Site(says)) as site:
        assert (await redeem(site.link())).invitation.caller == "Demo person"


# --- Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("  Demo \t\r\n person ", "Demo person"),
        ("Demo\u2028person", "Demo person"),
        ("\u202eDemo\u202c \u2066person\u2069\u200f", "Demo person"),
        ("De\0mo\x1b[31m per\u00adson\ufeff", "Demo[31m person"),
        ("Demo\ud800 person", "Demo person"),
        (JOINED, JOINED),
        ("a" * 101, "a" * 100),
        ("\0" * 5 + "\u202e", "x7f@site.example"),
        (" \u200d ", "x7f@site.example"),
        ("", "x7f@site.example"),
    ],
)
async def test_names_are_what_they_seem(said: str, shown: str) -> None:
    async with serving(Site(answer(changed("caller.name", said)))) as site:
        assert (await redeem(site.link())).invitation.caller == shown


# --- Answers that are none ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        ("404 Not Found", Trouble.LINK_USED),
        ("410 Gone", Trouble.LINK_USED),
        ("500 Internal Server Error", Trouble.SITE_AWAY),
        ("502 Bad Gateway", Trouble.SITE_AWAY),
        ("503 Service Unavailable", Trouble.SITE_AWAY),
        ("429 Too Many Requests", Trouble.SITE_AWAY),
        ("400 Bad Request", Trouble.BAD_LINK),
        ("401 Unauthorized", Trouble.BAD_LINK),
        ("204 No Content", Trouble.BAD_LINK),
        ("201 Created", Trouble.BAD_LINK),
    ],
)
async def test_a_status_that_is_not_200(status: str, trouble: Trouble) -> None:
    assert (await refused(answer(status=status)))[0] is trouble


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 T", "308 P"])
async def test_nobody_is_sent_elsewhere(status: str) -> None:
    async with serving(Site(answer())) as other:
        says = answer(status=status, head=f"Location: http://127.0.0.1:{other.port}/redeem\r\n")
        assert (await refused(says))[0] is Trouble.BAD_LINK
        assert not other.heard


@pytest.mark.parametrize(
    "says",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        answer(length=1000),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno\r\nabc",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n{}",
    ],
)
async def test_an_answer_that_is_not_whole(says: bytes) -> None:
    trouble, words = await refused(says)
    assert (trouble, words) in [
        (Trouble.SITE_AWAY, "the site gave no whole answer: try again later"),
        (
            Trouble.BAD_LINK,
            "the site gave an answer that cannot be used: it is not JSON; tell the site",
        ),
    ]


@pytest.mark.parametrize("length", [LONGEST + 1, LONGEST * 50])
async def test_an_answer_that_is_too_long(length: int) -> None:
    trouble, words = await refused(answer(b" " * length))
    assert (trouble, "too long" in words) == (Trouble.BAD_LINK, True)


async def test_an_answer_that_is_as_long_as_it_may_be() -> None:
    said = json.dumps(WHOLE).encode()
    async with serving(Site(answer(said + b" " * (LONGEST - len(said))))) as site:
        assert (await redeem(site.link())).invitation.showing


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"null", b"[" * 60_000, b"\xff{}"])
async def test_content_that_is_no_json_object(content: bytes) -> None:
    trouble, words = await refused(answer(content))
    assert (trouble, "it is not" in words) == (Trouble.BAD_LINK, True)


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("account", None, 'no "account"'),
        ("account", [TOKEN], 'no "account"'),
        ("account.ca", "/etc/passwd", 'its "account" has a "ca"'),
        ("account.token", f"{TOKEN}\r\nX: y", 'its "token" is no token'),
        ("account.token", "a" * 8193, 'its "token" is no token'),
        ("account.card", "a card", 'its "card" is no token'),
        ("account.card", 5, 'the "card" in what the site answered is not text'),
        ("account.names_key", "key", 'the "names_key" in what the site answered is not a JWK'),
        ("account.servers", "node.example", 'the "servers" in what the site answered are not'),
        ("account.servers", [["node.example", 1]], "are not {"),
        ("account.servers", [{"host": "node.example"}], 'need "host" and "port"'),
        ("account.servers", [{"host": "a b", "port": 1}], "has a character"),
        ("account.servers", [{"host": "a", "port": "1"}], "is not a number"),
        ("account.servers", [{"host": "a", "port": 10**30}], "is not a number"),
        ("account.refresh", "https://site.example/", "is not {"),
        ("account.refresh", {"url": "http://127.0.0.1/"}, 'needs "url" and "token"'),
        ("account.refresh", {"url": "http://127.0.0.1/", "token": "a\n"}, "is no token"),
        ("account.refresh", {"url": "http://site.example/", "token": "a"}, "is not secure"),
        ("account.refresh", {"url": "https://evil.example/", "token": "a"}, "is asked elsewhere"),
        ("account.refresh", {"url": "http://localhost/", "token": "a"}, "is asked elsewhere"),
        ("caller.address", "k2m@site.example", 'its "account" is not of its "caller"'),
        ("caller.address", "x7f@site.example/a", '"address" of its "caller"'),
        ("answer", "", 'its "answer" is no id of a call'),
        ("answer", "a" * 257, 'its "answer" is no id of a call'),
        ("answer", "a\nb", 'its "answer" is no id of a call'),
        ("answer", {"sid": 1}, 'its "answer" is no id of a call'),
        ("answer", "of-a-call", 'its "account" is not of its "callee"'),
        ("account.password", TOKEN, 'its "account" has a "password"'),
        ("account.token", None, 'needs either a "token"'),
        ("account.token", "", 'the "token" in what the site answered is not text'),
        ("account.token", {"it": TOKEN}, "is not text"),
        ("account.host", "node.example", 'needs both "host" and "port"'),
        ("account.address", None, '"address" of its "account"'),
        ("account.address", "x7f@site.example/desk", '"address" of its "account"'),
        ("account.address", "nobody", '"address" of its "account"'),
        ("account.address", "a" * 5000 + "@site.example", '"address" of its "account"'),
        ("caller", None, 'no "caller"'),
        ("caller.name", 5, '"name" is not text'),
        ("callee", "k2m@site.example", 'no "callee"'),
        ("callee.address", None, '"address" of its "callee"'),
        ("callee.address", "k2m@site.example/phone", '"address" of its "callee"'),
        ("callee.address", "k2m@site.example/", '"address" of its "callee"'),
        ("callee.address", ["k2m@site.example"], '"address" of its "callee"'),
        ("callee.name", {}, '"name" is not text'),
        ("video", "yes", '"video"'),
        ("video", 1, '"video"'),
        ("reason", ["x"], '"reason" is not text'),
    ],
)
async def test_fields_that_are_wrong(path: str, value: object, why: str) -> None:
    trouble, words = await refused(answer(changed(path, value)))
    assert trouble is Trouble.BAD_LINK
    assert why in words


async def test_a_host_that_is_none() -> None:
    for host in ("a\r\nb", "site.example/", "[::1]", "a@b", "a" * 5000):
        said = changed("account", ACCOUNT | {"host": host, "port": 5223})
        assert 'the "host" of its "account"' in (await refused(answer(said)))[1]


# --- A site that is being tried out on one's own machine -----------------------------------------


def here(*hosts: str, **more: object) -> bytes:
    servers = [{"host": host, "port": 5223} for host in hosts]
    given = {**ACCOUNT, "ca": __file__, "servers": servers, **more}
    return json.dumps({**WHOLE, "account": given}).encode()


def understood(content: bytes, asked: str) -> Account:
    return launch_in(content, Url(asked), KEY, 0.0).account


def test_it_names_the_authority_of_its_own_supernode() -> None:
    for host in ("127.0.0.1", "::1", "localhost", "127.8.9.10"):
        assert understood(here(host), "http://localhost:8080/redeem").ca == Path(__file__)


@pytest.mark.parametrize(
    ("asked", "content"),
    [
        ("https://site.example/redeem", here("127.0.0.1")),
        ("https://127.0.0.1/redeem", here("127.0.0.1")),
        ("http://127.0.0.1/redeem", here("node.example")),
        ("http://127.0.0.1/redeem", here("10.0.0.1")),
        ("http://127.0.0.1/redeem", here("127.0.0.1", "node.example")),
        ("http://127.0.0.1/redeem", here("127.0.0.1.site.example")),
        ("http://127.0.0.1/redeem", here()),
    ],
)
def test_nobody_else_is_believed_for_it(asked: str, content: bytes) -> None:
    with pytest.raises(Unusable, match='its "account" has a "ca"'):
        understood(content, asked)


def test_nobody_elsewhere_learns_which_files_there_are() -> None:
    words = set()
    for file in (__file__, "/nonexistent"):
        with pytest.raises(Unusable) as error:
            understood(here("127.0.0.1", ca=file), "https://site.example/redeem")
        words.add(str(error.value))
    assert len(words) == 1


@pytest.mark.parametrize(
    ("asked", "refresh", "is_taken"),
    [
        ("https://site.example/redeem", "https://site.example/v1/refresh", True),
        ("https://site.example/redeem", "https://SITE.example:8443/v1/refresh", True),
        ("http://127.0.0.1:8080/redeem", "http://127.0.0.1:8081/refresh", True),
        ("http://127.0.0.1:8080/redeem", "https://127.0.0.1/refresh", True),
        ("https://site.example/redeem", "https://calls.site.example/refresh", False),
        ("https://site.example/redeem", "https://site.example.evil.example/", False),
        ("https://127.0.0.1/redeem", "http://127.0.0.1/refresh", False),
        ("https://site.example/redeem", "http://127.0.0.1/refresh", False),
    ],
)
def test_a_site_has_its_tokens_renewed_where_it_gave_them(
    asked: str, refresh: str, is_taken: bool
) -> None:
    given = {**ACCOUNT, "refresh": {"url": refresh, "token": "a-token"}}
    content = json.dumps({**WHOLE, "account": given}).encode()
    if is_taken:
        assert understood(content, asked).refresh
    else:
        with pytest.raises(Unusable, match="is asked elsewhere"):
            understood(content, asked)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=10,
)
FIELDS = st.sampled_from(
    [
        *("account", "caller", "callee", "video", "reason", "answer", "caller.name"),
        *(f"account.{name}" for name in ("token", "servers", "refresh", "card", "ca", "address")),
        *("account.names_key", "account.refresh.url", "account.refresh.token", "callee.address"),
        *("account.host", "account.port"),
    ]
)


@settings(deadline=None)
@given(st.dictionaries(FIELDS, JSON, max_size=4))
def test_whatever_a_site_answers_is_a_launch_or_is_refused_in_one_line(
    changes: dict[str, object],
) -> None:
    said: dict[str, Any] = json.loads(json.dumps(WHOLE))
    said["account"]["refresh"] = {"url": "https://site.example/refresh", "token": "a-token"}
    for path, value in sorted(changes.items()):
        *above, last = path.split(".")
        inner: Any = said
        for name in above:
            inner = inner.get(name) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            inner[last] = value
    try:
        launch = launch_in(json.dumps(said).encode(), Url("https://site.example/a"), KEY, 0)
    except Unusable as error:
        words = str(error)
        assert (words.isprintable(), TOKEN in words) == (True, False)
    else:
        assert launch.account.ca is None
        assert launch.invitation.caller.isprintable()


# --- Sites that are away ------------------------------------------------------------------------


async def test_a_site_that_never_answers_is_not_waited_for() -> None:
    async with serving(Site(b"", closes=False)) as site:
        with pytest.raises(RedeemError) as error:
            await redeem(site.link(), within=0.1)
        assert _told(error.value, site.port) == (
            Trouble.SITE_AWAY,
            "the site does not answer: try again later",
        )


async def test_a_site_that_says_little_and_hangs_is_not_waited_for() -> None:
    async with serving(Site(answer()[:-5], closes=False)) as site:
        with pytest.raises(RedeemError) as error:
            await redeem(site.link(), within=0.1)
        assert error.value.trouble is Trouble.SITE_AWAY


async def test_nobody_is_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(RedeemError) as error:
            await redeem(LaunchLink(f"http://127.0.0.1:{port}/", CODE))
    trouble, words = _told(error.value, port)
    assert (trouble, "cannot be reached" in words) == (Trouble.SITE_AWAY, True)


async def test_whoever_stops_waiting_leaves_the_site_at_once() -> None:
    async with serving(Site(b"HTTP/1.1 200", closes=False)) as site:
        asking = asyncio.create_task(redeem(site.link()))
        await site.asked.wait()

        asking.cancel()

        with pytest.raises(asyncio.CancelledError):
            await asking
        await site.left.wait()


# --- TLS ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new()


@pytest.fixture
def trust(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority.certificate_pem().decode())


@pytest.fixture
def certified(authority: Authority, tmp_path: Path) -> Callable[[list[str]], ssl.SSLContext]:
    def context(names: list[str]) -> ssl.SSLContext:
        pem = tmp_path / "site.pem"
        pem.write_bytes(authority.issue(names, [ip_address("127.0.0.1")]))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    return context


Certified = Callable[[list[str]], ssl.SSLContext]


async def test_a_site_that_proves_to_be_itself(certified: Certified, trust: ssl.SSLContext) -> None:
    async with serving(Site(answer()), certified(["localhost"])) as site:
        for host in ("localhost", "127.0.0.1"):
            launch = await redeem(site.link(host, "https"), trust=trust)
            assert launch.invitation.site == f"{host}:{site.port}"
    async with serving(Site(answer()), certified(["other.example"])) as site:
        await redeem(site.link("127.0.0.1", "https"), trust=trust)


async def test_a_site_whom_nobody_vouches_for_hears_no_code(certified: Certified) -> None:
    async with serving(Site(answer()), certified(["localhost"])) as site:
        with pytest.raises(RedeemError) as error:
            await redeem(site.link(scheme="https"))
    trouble, words = _told(error.value, site.port)
    assert trouble is Trouble.NOT_SECURE
    assert "cannot prove that it is the site (unable to get local issuer certificate)" in words
    assert not site.heard


async def test_a_site_with_the_certificate_of_another_hears_no_code(
    certified: Certified, trust: ssl.SSLContext
) -> None:
    async with serving(Site(answer()), certified(["other.example"])) as site:
        with pytest.raises(RedeemError) as error:
            await redeem(site.link("localhost", "https"), trust=trust)
    assert error.value.trouble is Trouble.NOT_SECURE
    assert not site.heard


async def test_a_site_without_tls_hears_no_code(trust: ssl.SSLContext) -> None:
    heard = []

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(status="400 Bad Request"))
        heard.append(await reader.read())
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(RedeemError) as error:
            await redeem(LaunchLink(f"https://127.0.0.1:{port}/", CODE), trust=trust)
    assert _told(error.value, port)[0] is Trouble.NOT_SECURE
    assert CODE.encode() not in b"".join(heard)


async def test_whoever_stops_waiting_while_keys_are_exchanged_leaves_at_once(
    trust: ssl.SSLContext,
) -> None:
    came, left = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        await reader.read()
        left.set()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        asking = asyncio.create_task(
            redeem(LaunchLink(f"https://127.0.0.1:{port}/", CODE), trust=trust)
        )
        await came.wait()

        asking.cancel()

        with pytest.raises(asyncio.CancelledError):
            await asking
        await left.wait()
