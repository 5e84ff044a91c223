"""Coming back to a supernode with tokens that last for minutes: one of a few lines, which says what
ejabberd says, over real TLS."""

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from twocan.account import Account, Server
from twocan.signalling import Reach
from twocan.xmpp import Hindrance, SignInError
from twocan.xmpp.stream import Stream, trust
from twocan_supernode.certificates import Authority

ME = "x7f@site.example"
HEAD = (
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
    "id='1' version='1.0' from='site.example'><stream:features>{}</stream:features>"
)
SASL, BIND = "urn:ietf:params:xml:ns:xmpp-sasl", "urn:ietf:params:xml:ns:xmpp-bind"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
_AUTH = re.compile(rb"<auth [^>]*>([^<]+)</auth>")
_BIND = re.compile(rb"<iq [^>]*id=[\"']([^\"']+)[\"'][^>]*><bind .*?</iq>", re.DOTALL)


class Supernode:
    """``good``: the token that it takes. ``refuses``: what it says to who then wants in."""

    def __init__(self) -> None:
        self.good = "token 0"
        self.refuses: str | None = None
        self.tokens: list[str] = []
        self.ports: list[int] = []
        self._writers: list[asyncio.StreamWriter] = []

    def cut(self) -> None:
        """The network drops the connections, without a word."""
        for writer in self._writers:
            # Python 3.11.2 does not abort what has gone already, and says so.
            with suppress(AttributeError):
                writer.transport.abort()
        self._writers.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            auth, rest = await self._until(reader, b"", _AUTH)
            token = base64.b64decode(auth).decode().split("\0")[2]
            self.tokens.append(token)
            writer.write(HEAD.format(f"<mechanisms xmlns='{SASL}'/>").encode())
            if token != self.good:
                said = f"<failure xmlns='{SASL}'><not-authorized/></failure></stream:stream>"
                writer.write(said.encode())
                await reader.read()
                return
            writer.write(f"<success xmlns='{SASL}'/>".encode())
            asked, _ = await self._until(reader, rest, _BIND)
            writer.write(HEAD.format(f"<bind xmlns='{BIND}'/>").encode() + self._answer(asked))
            while b"</stream:stream>" not in await reader.readuntil(b">"):
                pass
            writer.write(b"</stream:stream>")
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _until(
        self, reader: asyncio.StreamReader, heard: bytes, what: re.Pattern[bytes]
    ) -> tuple[bytes, bytes]:
        while not (found := what.search(heard)):
            if not (more := await reader.read(4096)):
                raise asyncio.IncompleteReadError(heard, None)
            heard += more
        return found[1], heard[found.end() :]

    def _answer(self, asked: bytes) -> bytes:
        if self.refuses is None:
            said = f"type='result'><bind xmlns='{BIND}'><jid>{ME}/phone</jid></bind></iq>"
        else:
            error = f"<error type='cancel'><{self.refuses} xmlns='{STANZAS}'/></error>"
            said = f"type='error'>{error}</iq>"
        return b"<iq id='%b' " % asked + said.encode()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new()


@pytest.fixture
async def node(authority: Authority, tmp_path: Path) -> AsyncIterator[Supernode]:
    pem = tmp_path / "node.pem"
    pem.write_bytes(authority.issue(["site.example"], [ip_address("127.0.0.1")]))
    (tmp_path / "ca.pem").write_bytes(authority.certificate_pem())
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    tls.set_alpn_protocols(["xmpp-client"])
    node = Supernode()
    async with await asyncio.start_server(node.serve, "127.0.0.1", 0, ssl=tls) as server:
        node.ports.append(server.sockets[0].getsockname()[1])
        yield node
        node.cut()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twocan.xmpp.stream.RETURNS_WITHIN", 0.01)


class Phone:
    """One that has its token renewed. ``gives``: what comes of that, one after the other."""

    def __init__(self, node: Supernode, tmp_path: Path) -> None:
        self.account = Account(
            ME, "token 0", is_token=True, host="127.0.0.1", port=node.ports[0],
            ca=tmp_path / "ca.pem",
        )  # fmt: skip
        self.sessions = 0
        self.reaches: asyncio.Queue[Reach] = asyncio.Queue()
        self.asked: list[str | None] = []
        self.gives: list[str | SignInError] = []
        self.stream = Stream(
            self.account, trust(self.account), self._began, self.reaches.put_nowait
        )

    async def renew(self, instead_of: Account | None) -> Account:
        self.asked.append(instead_of.secret if instead_of else None)
        given = self.gives.pop(0)
        if isinstance(given, SignInError):
            raise given
        self.account = replace(self.account, secret=given)
        return self.account

    async def reaches_it(self, *wanted: Reach) -> None:
        async with asyncio.timeout(40):
            for reach in wanted:
                assert await self.reaches.get() is reach

    def _began(self) -> None:
        self.sessions += 1


@asynccontextmanager
async def signed_in(node: Supernode, tmp_path: Path) -> AsyncIterator[Phone]:
    phone = Phone(node, tmp_path)
    await phone.stream.enter(5.0)
    try:
        phone.stream.renew_by(phone.renew)
        await phone.reaches_it(Reach.ONLINE)
        yield phone
    finally:
        await phone.stream.leave()


async def test_who_comes_back_asks_for_a_token_that_is_good(
    node: Supernode, tmp_path: Path
) -> None:
    async with signed_in(node, tmp_path) as phone:
        node.good, phone.gives = "token 1", ["token 1"]
        node.cut()
        await phone.reaches_it(Reach.OFFLINE, Reach.ONLINE)
    assert node.tokens == ["token 0", "token 1"]
    assert (phone.asked, phone.sessions) == ([None], 2)


async def test_a_token_that_is_refused_on_coming_back_is_renewed(
    node: Supernode, tmp_path: Path
) -> None:
    async with signed_in(node, tmp_path) as phone:
        node.good, phone.gives = "token 2", ["token 1", "token 2"]
        node.cut()
        await phone.reaches_it(Reach.OFFLINE, Reach.OFFLINE, Reach.ONLINE)
    assert node.tokens == ["token 0", "token 1", "token 2"]
    assert phone.asked == [None, "token 1"]


async def test_who_is_refused_twice_is_signed_out(node: Supernode, tmp_path: Path) -> None:
    async with signed_in(node, tmp_path) as phone:
        node.good, phone.gives = "another", ["token 1", "token 2"]
        node.cut()
        await phone.reaches_it(Reach.OFFLINE, Reach.OFFLINE, Reach.SIGNED_OUT)
    assert node.tokens == ["token 0", "token 1", "token 2"]


async def test_while_the_site_is_away_it_is_asked_again(node: Supernode, tmp_path: Path) -> None:
    async with signed_in(node, tmp_path) as phone:
        node.good = "token 1"
        away, untrusted = SignInError("away"), SignInError("untrusted", Hindrance.UNTRUSTED)
        phone.gives = [away, untrusted, "token 1"]
        node.cut()
        await phone.reaches_it(Reach.OFFLINE, Reach.ONLINE)
    assert phone.asked == [None] * 3


async def test_whose_sign_in_is_over_is_signed_out(node: Supernode, tmp_path: Path) -> None:
    async with signed_in(node, tmp_path) as phone:
        phone.gives = [SignInError("over", Hindrance.EXPIRED)]
        node.cut()
        await phone.reaches_it(Reach.OFFLINE, Reach.SIGNED_OUT)
    assert node.tokens == ["token 0"]


async def test_whoever_leaves_while_the_site_is_asked_leaves_nothing_behind(
    node: Supernode, tmp_path: Path
) -> None:
    asked, never = asyncio.Event(), asyncio.Event()

    async def renew(_: Account | None) -> Account:
        asked.set()
        await never.wait()
        raise AssertionError

    async with signed_in(node, tmp_path) as phone:
        phone.stream.renew_by(renew)
        node.cut()
        await asked.wait()


# --- Whom the site deleted ----------------------------------------------------------------------


async def test_a_person_who_was_deleted_has_no_session(node: Supernode, tmp_path: Path) -> None:
    """Their token is good still; the supernode gives them no resource."""
    node.refuses = "not-allowed"
    phone = Phone(node, tmp_path)
    with pytest.raises(SignInError) as error:
        await phone.stream.enter(5.0)
    assert error.value.hindrance is Hindrance.REFUSED
    assert (phone.sessions, phone.reaches.qsize()) == (0, 0)


async def test_a_person_who_is_deleted_in_mid_session_is_signed_out(
    node: Supernode, tmp_path: Path
) -> None:
    async with signed_in(node, tmp_path) as phone:
        node.good, node.refuses = "token 1", "not-allowed"
        phone.gives = ["token 1", SignInError("over", Hindrance.EXPIRED)]
        node.cut()
        await phone.reaches_it(Reach.OFFLINE, Reach.OFFLINE, Reach.SIGNED_OUT)
    assert (phone.asked, phone.sessions) == ([None, "token 1"], 1)


async def test_whom_a_supernode_cannot_have_just_now_tries_again(
    node: Supernode, tmp_path: Path
) -> None:
    node.refuses = "resource-constraint"
    with pytest.raises(SignInError, match="let nobody in: resource-constraint") as error:
        await Phone(node, tmp_path).stream.enter(5.0)
    assert error.value.hindrance is Hindrance.UNREACHABLE


# --- Several servers ----------------------------------------------------------------------------


async def test_a_server_that_is_gone_is_left_for_another(node: Supernode, tmp_path: Path) -> None:
    async with signed_in(node, tmp_path) as phone:
        node.good, phone.gives = "token 1", ["token 1"]
        gone = 1
        servers = (Server("127.0.0.1", gone), Server("127.0.0.1", node.ports[0]))
        phone.account = replace(phone.account, port=gone, servers=servers)
        node.cut()
        await phone.reaches_it(Reach.OFFLINE, Reach.ONLINE)
    assert node.tokens == ["token 0", "token 1"]
