"""Accounts of any XMPP provider: a password instead of a token, STARTTLS as well as direct TLS."""

import json
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from ipaddress import ip_address
from pathlib import Path
from string import Template
from typing import Any

import pytest

from calling import Person, connect, person, sound_both_ways
from twocan import account
from twocan.xmpp import SignInError, sign_in
from twocan_supernode import installation
from twocan_supernode.ports import Ports
from twocan_supernode.state import State
from xmpp_stream import Stream, encrypted

SITE = "provider.localhost"
HOST = "127.0.0.1"
REGISTER = "jabber:iq:register"
STARTS_WITHIN = 50.0

CONFIGURATION = Template("""
hosts: [$site]
certfiles: [$certificate]
acme: {auto: false}
loglevel: warning
# Accounts that people make, with passwords of which the server keeps hashes alone; and without
# PLAIN, so that no password is ever sent.
auth_method: [internal]
auth_password_format: scram
disable_sasl_mechanisms: [DIGEST-MD5, X-OAUTH2, PLAIN]
registration_timeout: infinity
listen:
  - {module: ejabberd_c2s, ip: $host, port: $xmpp, starttls_required: true}
  - {module: ejabberd_c2s, ip: $host, port: $xmpps, tls: true}
modules:
  mod_carboncopy: {}
  mod_disco: {}
  mod_offline: {}
  mod_register: {}
  mod_stream_mgmt: {}
""")


class Provider:
    """A running provider: its ports and the authority that signed its certificate."""

    def __init__(self, ports: Ports, ca: Path) -> None:
        self.ports = ports
        self.ca = ca

    def account(self, name: str, password: str, port: int) -> dict[str, Any]:
        """An account file's content."""
        return {
            "address": f"{name}@{SITE}",
            "password": password,
            "host": HOST,
            "port": port,
            "ca": str(self.ca),
        }

    async def register(self, name: str, password: str) -> None:
        """XEP-0077, before anybody is signed in."""
        context = ssl.create_default_context(cafile=self.ca)
        async with encrypted(HOST, self.ports.xmpps, context, SITE) as connection:
            stream = Stream(*connection)
            await stream.open(SITE)
            said = f"<username>{name}</username><password>{password}</password>"
            made = await stream.ask(f"<query xmlns='{REGISTER}'>{said}</query>", "set")
            assert made.get("type") == "result"
            await stream.close()


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """ejabberd as a provider runs it, who knows nothing of Twocan."""
    state = State(tmp_path_factory.mktemp("provider"))
    state.add_site(SITE)
    state.issue_certificate([ip_address(HOST)])
    ports = Ports.free(HOST, [])
    names = {"site": SITE, "certificate": state.certificate, "host": HOST}
    configuration = CONFIGURATION.substitute(names, xmpp=ports.xmpp, xmpps=ports.xmpps)
    with ejabberd(state.ejabberd, configuration):
        deadline = time.monotonic() + STARTS_WITHIN
        while not serves(ports.xmpps):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield Provider(ports, state.ca)


@contextmanager
def ejabberd(folder: Path, configuration: str) -> Iterator[None]:
    for inner in ("", "db", "log"):
        (folder / inner).mkdir()
    (folder / "ejabberd.yml").write_text(configuration)
    (folder / "inetrc").write_text("{lookup, [file]}.\n")
    found = installation.find(None)
    command, quiet = found.command(folder / "db"), subprocess.DEVNULL
    environment = found.environment(folder)
    with subprocess.Popen(
        command, env=environment, cwd=folder, stdin=quiet, stdout=quiet
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def serves(port: int) -> bool:
    try:
        socket.create_connection((HOST, port)).close()
    except OSError:
        return False
    return True


async def test_people_of_a_provider_call_each_other(provider: Provider) -> None:
    """By SCRAM, one through STARTTLS and one through direct TLS."""
    ways = (("caller", provider.ports.xmpp, 440.0), ("callee", provider.ports.xmpps, 660.0))
    async with AsyncExitStack() as people:
        both = []
        for name, port, pitch in ways:
            password = f"password of {name}"
            await provider.register(name, password)
            entering = person(provider.account(name, password, port), pitch)
            both.append(await people.enter_async_context(entering))
            assert mechanism(both[-1]).startswith("SCRAM-SHA-")
        caller, callee = both
        outgoing, incoming = await connect(caller, callee)
        await sound_both_ways(caller, callee)
        outgoing.hang_up()
        assert (await callee.ended(incoming)).end == "hung-up"


async def test_a_wrong_password_is_said_to_be_wrong(provider: Provider) -> None:
    await provider.register("somebody", "the right one")
    content = provider.account("somebody", "the wrong one", provider.ports.xmpp)
    with pytest.raises(SignInError, match="refused the password of somebody@") as refused:
        await sign_in(account.parse(json.dumps(content), "the test's account"))
    assert "the wrong one" not in str(refused.value)


def mechanism(who: Person) -> str:
    """The SASL mechanism by which someone signed in."""
    used = who.signalling._stream.plugin["feature_mechanisms"].mech
    assert used
    name: str = used.name
    return name
