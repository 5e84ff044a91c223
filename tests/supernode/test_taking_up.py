"""A certificate of the operator's own, and what a node takes up while it runs."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as new_rsa_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from running import Supernode
from twocan_supernode.__main__ import main
from twocan_supernode.certificates import Authority
from twocan_supernode.configuration import Settings
from twocan_supernode.errors import SupernodeError, UsageError
from twocan_supernode.node import Options, prepare
from twocan_supernode.own_certificate import OwnCertificate
from twocan_supernode.signing_keys import renew
from twocan_supernode.site.running import Options as SiteOptions
from twocan_supernode.site.running import found
from twocan_supernode.site.settings import FILE, SiteSettings
from twocan_supernode.state import State
from twocan_supernode.taking_up import TakingUp
from xmpp_stream import Refused, Stream, connected, encrypted, signed_in

SITE = "site.example"
NOW = datetime.now(UTC)
AUTHORITY = Authority.new()


def wrote(folder: Path, content: bytes, key: bytes = b"") -> OwnCertificate:
    """A certificate and its key, as one text or as two, in the two files of ``folder``."""
    files = OwnCertificate(folder / "fullchain.pem", folder / "privkey.pem")
    at = content.find(b"-----BEGIN PRIVATE")
    files.chain.write_bytes(content[:at] if at >= 0 else content)
    files.key.write_bytes(key or content[at:])
    return files


def issued(*names: str) -> bytes:
    return AUTHORITY.issue(list(names), [])


# --- what is believed


@pytest.mark.parametrize("name", [SITE, "*.example", "SITE.Example"])
def test_a_certificate_for_the_site_is_taken_whole(tmp_path: Path, name: str) -> None:
    files = wrote(tmp_path, issued("calls.site.example", name))
    files.chain.write_bytes(files.chain.read_bytes() + AUTHORITY.certificate_pem())
    pem = files.read([SITE], NOW)
    assert len(x509.load_pem_x509_certificates(pem)) == 2
    assert load_pem_private_key(pem, None).public_key() == (
        x509.load_pem_x509_certificate(pem).public_key()
    )


@pytest.mark.parametrize(
    ("names", "sites"),
    [
        (["calls.site.example"], "site.example"),
        (["*.site.example"], "site.example"),
        (["*.site.example"], "a.b.site.example"),
        ([SITE], "other.example"),
        (["*"], "localhost"),
    ],
)
def test_one_that_is_not_for_a_site_is_refused(
    tmp_path: Path, names: list[str], sites: str
) -> None:
    with pytest.raises(UsageError, match=f"phones of {sites} would not believe it"):
        wrote(tmp_path, issued(*names)).read([sites], NOW)


def test_one_of_another_time_is_refused(tmp_path: Path) -> None:
    files = wrote(tmp_path, issued(SITE))
    with pytest.raises(UsageError, match=r"was valid until .*: renew it"):
        files.read([SITE], NOW + timedelta(days=826))
    with pytest.raises(UsageError, match="not yet"):
        files.read([SITE], NOW - timedelta(days=2))


PLAIN = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (generate_private_key(SECP256R1()).private_bytes(*PLAIN), "is not the key to"),
        (new_rsa_key(65537, 2048).private_bytes(*PLAIN), "is not the key to"),
        (Ed25519PrivateKey.generate().private_bytes(*PLAIN), "neither"),
        (
            generate_private_key(SECP256R1()).private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"hidden")
            ),
            "needs a password",
        ),
        (b"-----BEGIN PRIVATE KEY-----\nhidden\n-----END PRIVATE KEY-----\n", "no private key"),
        (b"\0", "no private key"),
    ],
    ids=["another", "another kind", "ed25519", "password", "broken", "nothing"],
)
def test_what_is_not_its_key_is_refused_and_not_shown(tmp_path: Path, key: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why) as refused:
        wrote(tmp_path, issued(SITE), key).read([SITE], NOW)
    assert "hidden" not in str(refused.value)


def test_what_is_no_certificate_or_no_file_is_refused(tmp_path: Path) -> None:
    files = wrote(tmp_path, issued(SITE))
    files.chain.write_bytes(b"hello")
    with pytest.raises(UsageError, match=r"fullchain\.pem holds no certificates in PEM"):
        files.read([SITE], NOW)
    files.chain.unlink()
    with pytest.raises(UsageError, match=r"fullchain\.pem cannot be read: No such file"):
        files.read([SITE], NOW)


def test_one_file_without_the_other_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in ("--certificate", "--key"):
        assert main(["run", "--state", str(tmp_path), option, "file.pem"]) == 2
        assert "--certificate and --key go together" in capsys.readouterr().err


def test_a_node_does_not_start_with_one_that_is_no_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = wrote(tmp_path, issued("other.example"))
    words = ["--certificate", str(files.chain), "--key", str(files.key)]
    assert main(["run", "--state", str(tmp_path / "state"), "--site", SITE, *words]) == 2
    assert "phones of site.example would not believe it" in capsys.readouterr().err


# --- what is taken up, without a node


class Asked:
    """Counts how often ejabberd was told to read anew; ``away``: it cannot be."""

    def __init__(self) -> None:
        self.times = 0
        self.away = False

    async def take_up(self) -> None:
        if self.away:
            raise SupernodeError("the node does not answer")
        self.times += 1


@pytest.fixture
def prepared(tmp_path: Path) -> tuple[State, Settings, OwnCertificate]:
    state = State(tmp_path / "state")
    state.folder.mkdir()
    files = wrote(tmp_path, issued(SITE))
    here = ip_address("127.0.0.1")
    return state, prepare(Options(state, [SITE], here, here, None, files)), files


async def test_nothing_is_read_anew_unless_something_changed(
    prepared: tuple[State, Settings, OwnCertificate],
) -> None:
    asked, taking_up = Asked(), TakingUp(*prepared)
    for _ in range(3):
        await taking_up.look(asked)
    assert asked.times == 0
    state, _, files = prepared
    changes: list[Callable[[], object]] = [
        lambda: SiteSettings(("https://new.example",)).save(state.site(SITE).folder),
        lambda: wrote(files.chain.parent, issued(SITE)),
        lambda: files.chain.write_bytes(files.chain.read_bytes() + AUTHORITY.certificate_pem()),
        lambda: state.site(SITE).public_jwk.touch(),
    ]
    for times, change in enumerate(changes, 1):
        change()
        for _ in range(2):
            await taking_up.look(asked)
        assert asked.times == times
    assert '"https://new.example"' in (state.ejabberd / "ejabberd.yml").read_text()


async def test_what_changed_while_it_started_is_read_as_well(
    prepared: tuple[State, Settings, OwnCertificate],
) -> None:
    asked, taking_up = Asked(), TakingUp(*prepared)
    SiteSettings(("https://new.example",)).save(prepared[0].site(SITE).folder)
    await taking_up.look(asked)
    assert asked.times == 1


async def test_what_is_no_use_changes_nothing_and_is_told_once(
    prepared: tuple[State, Settings, OwnCertificate],
) -> None:
    asked, taking_up = Asked(), TakingUp(*prepared)
    state, _, files = prepared
    before = state.certificate.read_bytes()
    await taking_up.look(asked)
    files.key.write_bytes(issued(SITE))  # the certificate's turn comes a moment later
    with pytest.raises(UsageError):
        await taking_up.look(asked)
    await taking_up.look(asked)
    (state.site(SITE).folder / FILE).write_text("{")
    with pytest.raises(SupernodeError):
        await taking_up.look(asked)
    assert (asked.times, state.certificate.read_bytes()) == (0, before)


async def test_a_node_that_is_away_is_told_when_it_is_back(
    prepared: tuple[State, Settings, OwnCertificate],
) -> None:
    asked, taking_up = Asked(), TakingUp(*prepared)
    await taking_up.look(asked)
    SiteSettings(("https://new.example",)).save(prepared[0].site(SITE).folder)
    asked.away = True
    for _ in range(2):
        with pytest.raises(SupernodeError):
            await taking_up.look(asked)
    asked.away = False
    await taking_up.look(asked)
    assert asked.times == 1


# --- a real node


async def serial(node: Supernode, port: str, context: ssl.SSLContext) -> int:
    """Of the certificate that it shows there."""
    async with encrypted(node.host, node.ports[port], context, SITE) as (_, writer):
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    return x509.load_der_x509_certificate(shown).serial_number


async def upgraded(node: Supernode, origin: str) -> bool:
    """Whether a page from there may open a WebSocket."""
    reader, writer = await asyncio.open_connection("127.0.0.1", node.ports["ws"])
    writer.write(
        b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Protocol: xmpp\r\nOrigin: " + origin.encode() + b"\r\n\r\n"
    )
    line = await reader.readline()
    writer.transport.abort()
    return b"101" in line


async def test_a_node_shows_it_and_takes_up_the_next_and_new_origins_while_people_talk(
    tmp_path: Path,
) -> None:
    files = wrote(tmp_path, issued(SITE))
    context = ssl.create_default_context(cadata=AUTHORITY.certificate_pem().decode())
    words = ("--certificate", str(files.chain), "--key", str(files.key))
    with Supernode(tmp_path / "state", [SITE], words) as node:
        first = await serial(node, "xmpps", context)
        assert await serial(node, "https", context) == first
        assert node.ready["ca"] is None
        account: dict[str, Any] = node.mint("ann")
        assert "ca" not in account
        assert not await upgraded(node, "https://new.example")
        async with (
            encrypted(node.host, node.ports["xmpps"], context, SITE) as connection,
            asyncio.timeout(30),
        ):
            stream = Stream(*connection)
            await stream.authenticate(account["address"], account["token"])
            await stream.bind("one")
            wrote(tmp_path, issued(SITE))
            SiteSettings(("https://new.example",)).save(State(node.state).site(SITE).folder)
            while first in {await serial(node, port, context) for port in ("xmpps", "https")}:
                await asyncio.sleep(0.05)
            while not await upgraded(node, "https://new.example"):
                await asyncio.sleep(0.05)
            assert await stream.messages_so_far() == []
        where = found(SiteOptions(State(node.state), "127.0.0.1", 0, ""), 8700)
        assert where.ca is None
        _, said = node.stop()
        assert said == ""


async def test_without_one_the_nodes_own_is_told_of(supernode: Supernode) -> None:
    where = found(SiteOptions(State(supernode.state), "127.0.0.1", 0, ""), 8700)
    assert where.ca == supernode.ca
    async with signed_in(supernode.mint("ann")) as stream:
        assert stream.address


async def test_a_new_signing_key_counts_within_seconds_and_nobody_is_thrown_out(
    supernode: Supernode, other: str
) -> None:
    site = State(supernode.state).site(other)
    old = supernode.mint("ann", other)
    async with signed_in(old) as stream, asyncio.timeout(30):
        renew(site, 0, 1, compromised=False)
        while not await _admitted(supernode.mint("ben", other)):
            await asyncio.sleep(0.05)
        assert not await _admitted(old)
        assert await stream.messages_so_far() == []


async def _admitted(account: dict[str, Any]) -> bool:
    async with connected(account) as stream:
        try:
            await stream.authenticate(account["address"], account["token"])
        except Refused:
            return False
        return True
