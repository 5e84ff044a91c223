"""Who is not let in by a real supernode, and what they are told; and that no token is shown."""

import base64
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from commanding import run, twocan
from running import Supernode
from twocan import account
from twocan.xmpp import SignInError, sign_in
from twocan_supernode.state import State
from whole.conftest import SITES

Content = dict[str, Any]


def forged(node: Supernode, tmp_path: Path) -> Content:
    """Says the right things, signed by the wrong key."""
    content = node.mint("person", SITES[0])
    claims = {"jid": content["address"], "exp": int(time.time()) + 3600}
    token = jwt.encode(claims, generate_private_key(SECP256R1()), algorithm="ES256")
    return {**content, "token": token}


def of_another_site(node: Supernode, tmp_path: Path) -> Content:
    """Signed by a site for its own person, and tried at another one."""
    content = node.mint("person", SITES[0])
    return {**content, "token": node.mint("person", SITES[1])["token"]}


def of_another_person(node: Supernode, tmp_path: Path) -> Content:
    content = node.mint("person", SITES[0])
    return {**content, "token": node.mint("another person", SITES[0])["token"]}


def no_token_at_all(node: Supernode, tmp_path: Path) -> Content:
    return {**node.mint("person", SITES[0]), "token": "tea"}


def with_a_password(node: Supernode, tmp_path: Path) -> Content:
    """Shadow accounts have none; PLAIN is all that the supernode offers."""
    content = node.mint("person", SITES[0])
    del content["token"]
    return {**content, "password": "guessed"}


def by_another_authority(node: Supernode, tmp_path: Path) -> Content:
    state = State(tmp_path)
    state.issue_certificate([])
    return {**node.mint("person", SITES[0]), "ca": str(state.ca)}


def without_authority(node: Supernode, tmp_path: Path) -> Content:
    """The system's authorities do not know the supernode's."""
    content = node.mint("person", SITES[0])
    del content["ca"]
    return content


def at_a_host_of_another_name(node: Supernode, tmp_path: Path) -> Content:
    return {**node.mint("person", SITES[0]), "address": "person@not-served.localhost"}


def at_a_site_that_is_not_served(node: Supernode, tmp_path: Path) -> Content:
    """The certificate is good for it, since it is the machine's own name."""
    return {**node.mint("person", SITES[0]), "address": "person@localhost"}


REFUSED = r"^the supernode refused the (token|password) of \S+; .+ account file$"
NOT_TRUSTED = r"has no certificate that can be trusted \(.+\); check the host and the ca$"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (forged, REFUSED),
        (of_another_site, REFUSED),
        (of_another_person, REFUSED),
        (no_token_at_all, REFUSED),
        (with_a_password, REFUSED),
        (by_another_authority, NOT_TRUSTED),
        (without_authority, NOT_TRUSTED),
        (at_a_host_of_another_name, NOT_TRUSTED),
        (at_a_site_that_is_not_served, r"does not serve localhost; check the address and the host"),
    ],
)
async def test_who_is_not_let_in_is_told_why(
    supernode: Supernode,
    tmp_path: Path,
    made: Callable[[Supernode, Path], Content],
    told: str,
) -> None:
    content = made(supernode, tmp_path)
    with pytest.raises(SignInError, match=told) as refused:
        await sign_in(account.parse(json.dumps(content), "the test's account"))
    assert "\n" not in str(refused.value)
    assert (content.get("token") or content["password"]) not in str(refused.value)


async def test_a_certificate_file_without_certificates_is_told(
    supernode: Supernode, tmp_path: Path
) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text("tea")
    content = {**supernode.mint("person", SITES[0]), "ca": str(ca)}
    with pytest.raises(SignInError, match=r"'.*ca\.pem' holds no certificate that can be read"):
        await sign_in(account.parse(json.dumps(content), "the test's account"))


@pytest.mark.parametrize("made", [forged, by_another_authority])
async def test_the_command_ends_with_code_3_and_says_why(
    supernode: Supernode, tmp_path: Path, made: Callable[[Supernode, Path], Content]
) -> None:
    file = tmp_path / "account.json"
    file.write_text(json.dumps(made(supernode, tmp_path)))
    code, said, command = await run("call", f"nobody@{SITES[0]}", "--account", file)
    assert code == 3
    assert said.startswith("twocan: ")
    assert said.count("\n") == 1
    assert [event["event"] for event in command.events] == ["report"]
    assert command.report["outcome"] == "failed"
    assert command.report["reason"] == "not-signed-in"


# --- secrets


def secrets(content: Content) -> list[str]:
    """The token, and what it looks like in the authentication that is sent (RFC 4616)."""
    user, token = content["address"].partition("@")[0], content["token"]
    plain = base64.b64encode(f"\0{user}\0{token}".encode()).decode()
    return [token, token.rpartition(".")[2], plain, plain[-40:]]


async def test_no_log_shows_a_token_that_is_refused(supernode: Supernode, tmp_path: Path) -> None:
    content = forged(supernode, tmp_path)
    file = tmp_path / "account.json"
    file.write_text(json.dumps(content))
    code, said, _ = await run("answer", "--account", file, "-v", "-v")
    assert code == 3
    assert "DEBUG" in said
    assert [secret for secret in secrets(content) if secret in said] == []


@pytest.mark.parametrize("verbosity", [["-v"], ["-v", "-v"]])
async def test_neither_log_nor_process_list_shows_a_token(
    supernode: Supernode, tmp_path: Path, verbosity: list[str]
) -> None:
    callee, caller = (supernode.mint(f"{who} of secrets", SITES[0]) for who in ("callee", "caller"))
    file = tmp_path / "account.json"
    file.write_text(json.dumps(callee))
    inline = {"TWOCAN_ACCOUNT": json.dumps(caller)}
    answer = ("--account", file, "--calls", "1", "--microphone", "tone:440")
    async with twocan("answer", *answer, *verbosity) as answering:
        await answering.event("ready")
        call = ("call", callee["address"], *verbosity)
        async with twocan(*call, environment=inline) as calling:
            await calling.event("first-audio")
            shown = [each.command_line() for each in (calling, answering)]
            calling.signal(signal.SIGINT)
            code, said = await calling.ended()
        assert code == 0
        shown.append(said)
        shown.append((await answering.ended())[1])
        shown.append(json.dumps([calling.events, answering.events]))
    assert "INFO" in said
    for text in shown:
        known = [secret for who in (caller, callee) for secret in secrets(who)]
        assert [secret for secret in known if secret in text] == []
