"""Who gets in, against the running server: whoever has the site's token for that address."""

import asyncio
import base64
import hmac
import json
import os
import ssl
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from jwt.utils import base64url_encode
from slixmpp import ClientXMPP

from running import Supernode
from twocan_supernode.node import Options, prepare
from twocan_supernode.state import State
from xmpp_stream import (
    ANSWERS_WITHIN,
    NS,
    Account,
    Refused,
    Stream,
    connected,
    encrypted,
    signed_in,
)

HOUR = 3600
PAGE = "https://near.example"  # conftest.py says so to the node


def claims(account: Account, **changes: object) -> dict[str, object]:
    now = int(time.time())
    return {"jid": account["address"], "iat": now, "exp": now + HOUR, **changes}


async def refusal(account: Account, token: str) -> str:
    async with connected(account) as stream:
        with pytest.raises(Refused) as refused:
            await stream.authenticate(account["address"], token)
    return str(refused.value)


def hs256(said: dict[str, object], secret: str) -> str:
    """What PyJWT refuses to make: a token under HMAC with a public key as its secret."""
    parts = ({"alg": "HS256", "typ": "JWT"}, said)
    signed = ".".join(base64url_encode(json.dumps(part).encode()).decode() for part in parts)
    mac = hmac.digest(secret.encode(), signed.encode(), "sha256")
    return f"{signed}.{base64url_encode(mac).decode()}"


# --- the token


async def test_a_token_signs_its_person_in(supernode: Supernode) -> None:
    account = supernode.mint("person-1")
    async with signed_in(account, "desk") as stream:
        assert stream.address == f"{account['address']}/desk"


async def test_an_expired_token_is_refused(supernode: Supernode) -> None:
    account = supernode.mint("person-1", valid=timedelta(seconds=-1))
    assert await refusal(account, account["token"]) == "not-authorized"


async def test_a_token_that_another_key_signed_is_refused(supernode: Supernode) -> None:
    account = supernode.mint("person-1")
    forged = jwt.encode(claims(account), generate_private_key(SECP256R1()), algorithm="ES256")
    assert await refusal(account, forged) == "not-authorized"


async def test_a_token_that_nobody_signed_is_refused(supernode: Supernode) -> None:
    account = supernode.mint("person-1")
    unsigned = jwt.encode(claims(account), "", algorithm="none")
    assert await refusal(account, unsigned) == "not-authorized"


async def test_the_public_key_is_no_shared_secret(supernode: Supernode, near: str) -> None:
    """The classic confusion of algorithms: HMAC with what everybody may know as its key."""
    account = supernode.mint("person-1")
    public = State(supernode.state).site(near).public_jwk.read_text()
    assert await refusal(account, hs256(claims(account), public)) == "not-authorized"


async def test_a_token_of_another_site_is_refused(
    supernode: Supernode, near: str, other: str
) -> None:
    account = supernode.mint("person-1")
    key = State(supernode.state).site(other).key()
    assert await refusal(account, supernode.mint("person-1", other)["token"]) == "not-authorized"
    assert (
        await refusal(account, jwt.encode(claims(account), key, algorithm="ES256"))
        == "not-authorized"
    )


async def test_a_token_of_another_person_is_refused(supernode: Supernode) -> None:
    account = supernode.mint("person-1")
    assert await refusal(account, supernode.mint("person-2")["token"]) == "not-authorized"


@pytest.mark.parametrize("lacking", ["jid", "exp"])
async def test_a_token_must_say_whose_it_is_and_for_how_long(
    supernode: Supernode, near: str, lacking: str
) -> None:
    account = supernode.mint("person-1")
    said = claims(account)
    del said[lacking]
    token = jwt.encode(said, State(supernode.state).site(near).key(), algorithm="ES256")
    assert await refusal(account, token) == "not-authorized"


@pytest.mark.parametrize("password", ["", "1", "isuser"])
async def test_what_knows_who_exists_takes_no_password(supernode: Supernode, password: str) -> None:
    account = supernode.mint("person-1")
    # RFC 4616 allows no empty password, so ejabberd calls the message malformed rather than wrong.
    assert await refusal(account, password) in {"not-authorized", "malformed-request"}


async def test_the_same_person_has_the_same_address_and_another_at_another_site(
    supernode: Supernode, near: str, other: str
) -> None:
    first, again = supernode.mint("person-1"), supernode.mint("person-1")
    elsewhere = supernode.mint("person-1", other)
    assert first["address"] == again["address"]
    user, _, site = first["address"].partition("@")
    assert site == near
    assert elsewhere["address"].partition("@")[2] == other
    assert user != elsewhere["address"].partition("@")[0]


# --- the ways in


async def test_starttls_is_demanded_and_leads_in(supernode: Supernode, near: str) -> None:
    account = supernode.mint("person-1")
    stream = Stream(*await asyncio.open_connection(supernode.host, supernode.ports["xmpp"]))
    try:
        features = await stream.open(near)
        assert features.find("{urn:ietf:params:xml:ns:xmpp-tls}starttls/*") is not None
        assert features.find("sasl:mechanisms", NS) is None
        await stream.start_tls(ssl.create_default_context(cafile=supernode.ca), near)
        await stream.authenticate(account["address"], account["token"])
        await stream.bind("one")
        assert stream.address == f"{account['address']}/one"
    finally:
        stream.cut()


async def test_plain_is_the_only_mechanism(supernode: Supernode, near: str) -> None:
    async with connected(supernode.mint("person-1")) as stream:
        features = await stream.open(near)
        mechanisms = [found.text for found in features.iterfind(".//sasl:mechanism", NS)]
        assert mechanisms == ["PLAIN"]


@pytest.mark.parametrize("port", ["xmpps", "https"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_certificates_hold_before_a_strict_client_of_either_version(
    supernode: Supernode, near: str, other: str, port: str, version: ssl.TLSVersion
) -> None:
    context = ssl.create_default_context(cafile=supernode.ca)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.minimum_version = context.maximum_version = version
    for name in (near, other, "localhost", supernode.host):
        async with encrypted(supernode.host, supernode.ports[port], context, name):
            pass


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_tls_1_1_is_refused(supernode: Supernode, near: str) -> None:
    context = ssl.create_default_context(cafile=supernode.ca)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        async with encrypted(supernode.host, supernode.ports["xmpps"], context, near):
            pass


@pytest.mark.parametrize("port", ["https", "ws"])
async def test_a_page_signs_in_over_a_websocket(supernode: Supernode, near: str, port: str) -> None:
    """RFC 7395: subprotocol ``xmpp``, and each stanza in a frame of its own."""
    account = supernode.mint("person-1")
    plain = f"\0{account['address'].partition('@')[0]}\0{account['token']}".encode()
    opening = f"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{near}' version='1.0'/>"
    async with http(supernode, port) as (reader, writer), asyncio.timeout(ANSWERS_WITHIN):
        answer = await upgraded(reader, writer, near)
        assert answer.startswith(b"HTTP/1.1 101 ")
        assert b"sec-websocket-protocol:xmpp\r\n" in answer.lower().replace(b" ", b"")
        writer.write(frame(opening))
        await reader.readuntil(b"<mechanism>PLAIN</mechanism>")
        said = base64.b64encode(plain).decode()
        writer.write(frame(f"<auth xmlns='{NS['sasl']}' mechanism='PLAIN'>{said}</auth>"))
        await reader.readuntil(b"<success")
        writer.write(frame(opening))
        await reader.readuntil(b"</stream:features>")
        bind = f"<bind xmlns='{NS['bind']}'><resource>page-1</resource></bind>"
        writer.write(frame(f"<iq xmlns='jabber:client' id='b' type='set'>{bind}</iq>"))
        await reader.readuntil(f"{account['address']}/page-1</jid>".encode())


@pytest.mark.parametrize("port", ["https", "ws"])
@pytest.mark.parametrize(
    ("origin", "status"), [(PAGE, b"101"), ("https://elsewhere.example", b"403"), ("null", b"403")]
)
async def test_only_pages_of_the_sites_open_a_websocket(
    supernode: Supernode, near: str, port: str, origin: str, status: bytes
) -> None:
    async with http(supernode, port) as (reader, writer), asyncio.timeout(ANSWERS_WITHIN):
        answer = await upgraded(reader, writer, near, f"Origin: {origin}\r\n")
        assert answer.startswith(b"HTTP/1.1 %s " % status)


def test_where_no_site_has_a_page_no_page_opens_a_websocket(tmp_path: Path) -> None:
    """To ejabberd, an empty list is one with everybody in it."""
    here = ip_address("127.0.0.1")
    prepare(Options(State(tmp_path), [], here, here))
    configured = (tmp_path / "ejabberd/ejabberd.yml").read_text()
    assert '\nwebsocket_origin: ["https://origin.invalid"]\n' in configured


async def upgraded(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, site: str, more: str = ""
) -> bytes:
    """What is answered to a browser that wants a WebSocket (RFC 6455 4.1)."""
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /ws HTTP/1.1\r\nHost: {site}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: xmpp\r\n{more}\r\n".encode()
    )
    return await reader.readuntil(b"\r\n\r\n")


def frame(text: str) -> bytes:
    """RFC 6455 5.2: a final text frame; a client masks, and zeros are a mask."""
    short = len(text) < 126
    length = struct.pack(">B", 0x80 | len(text)) if short else struct.pack(">BH", 0xFE, len(text))
    return b"\x81" + length + bytes(4) + text.encode()


@pytest.mark.parametrize("port", ["https", "ws"])
@pytest.mark.parametrize("path", ["/", "/api/status", "/api/kick_user", "/admin/", "/register"])
async def test_nothing_else_is_served_over_http(
    supernode: Supernode, near: str, path: str, port: str
) -> None:
    async with http(supernode, port) as (reader, writer), asyncio.timeout(ANSWERS_WITHIN):
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {near}\r\n\r\n".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 404 ")


@asynccontextmanager
async def http(
    supernode: Supernode, port: str
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """To the port with TLS, or to the one without, which is for this machine alone."""
    if port == "https":
        context = ssl.create_default_context(cafile=supernode.ca)
        async with encrypted(
            supernode.host, supernode.ports[port], context, supernode.site
        ) as both:
            yield both
        return
    reader, writer = await asyncio.open_connection("127.0.0.1", supernode.ports[port])
    try:
        yield reader, writer
    finally:
        writer.close()


@pytest.mark.parametrize("port", ["xmpp", "xmpps"])
async def test_a_client_that_others_wrote_signs_in(supernode: Supernode, port: str) -> None:
    account = supernode.mint("person-1")
    context = ssl.create_default_context(cafile=account["ca"])
    client = ClientXMPP(account["address"], account["token"], ssl_context=context)
    client.enable_direct_tls = port == "xmpps"
    client.enable_starttls = port == "xmpp"
    client.connect(account["host"], supernode.ports[port])
    async with asyncio.timeout(ANSWERS_WITHIN):
        await client.wait_until("session_start")
        assert client.boundjid.bare == account["address"]
        await client.disconnect()
    assert client._run_out_filters
    client._run_out_filters.cancel()  # which slixmpp forgets


async def test_a_stream_for_no_site_of_ours_is_refused(supernode: Supernode) -> None:
    async with connected(supernode.mint("person-1")) as stream:
        answer = await stream.open("elsewhere.example")
        assert answer.find("{urn:ietf:params:xml:ns:xmpp-streams}host-unknown") is not None
