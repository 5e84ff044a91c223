"""A site gets a new signing key: who is signed in stays so, unless somebody has the key before."""

import json
import time
from pathlib import Path

import jwt
import pytest
from jwt.algorithms import ECAlgorithm

from site_api import OF_ANOTHER_DAY, SITE, Phone, SiteApi, problem
from twocan_supernode import accounts
from twocan_supernode.__main__ import main
from twocan_supernode.certificates import key_pem
from twocan_supernode.errors import SupernodeError
from twocan_supernode.signing_keys import FILE, former, renew
from twocan_supernode.site.sites import Sites
from twocan_supernode.state import Site, State

MONTH = 30 * 86_400_000


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(tmp_path / "keys")
    state.folder.mkdir(mode=0o700)
    state.add_site(SITE)
    return state


def public(site: Site) -> object:
    """What ejabberd checks with."""
    return json.loads(site.public_jwk.read_text())


def test_the_key_before_is_known_until_what_it_signed_has_ended(state: State) -> None:
    site = state.site(SITE)
    keys = [site.key()]
    for now in (0, 1000):
        renew(site, now, now + MONTH, compromised=False)
        keys.append(site.key())
        assert public(site) == json.loads(accounts.public_jwk(keys[-1]))
    first, second, third = (key.public_key() for key in keys)
    assert [each.key for each in former(site, 2000)] == [second, first]
    assert third not in (first, second)
    assert [each.key for each in former(site, MONTH)] == [second]
    assert former(site, MONTH + 1000) == ()
    assert (site.folder / FILE).stat().st_mode & 0o777 == 0o600


def test_those_that_ended_are_not_kept(state: State) -> None:
    site = state.site(SITE)
    for now in (0, MONTH, 2 * MONTH):
        renew(site, now, now + MONTH, compromised=False)
    assert len(json.loads((site.folder / FILE).read_text())["keys"]) == 1


def test_one_that_somebody_has_counts_for_nothing_nor_do_those_before(state: State) -> None:
    site = state.site(SITE)
    renew(site, 0, MONTH, compromised=False)
    renew(site, 0, MONTH, compromised=True)
    assert former(site, 0) == ()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"keys": 1}', '{"keys": [{"jwk": {}, "until": 1}]}', '{"keys": [1]}'],
)
def test_a_file_that_is_broken_is_told_of(state: State, text: str) -> None:
    site = state.site(SITE)
    (site.folder / FILE).write_text(text)
    with pytest.raises(SupernodeError, match=r"former-keys\.json is no list of keys: delete it"):
        former(site, 0)
    with pytest.raises(SupernodeError, match="no list of keys"):
        Sites(state).check()


def test_a_private_key_is_no_former_one(state: State) -> None:
    site = state.site(SITE)
    jwk = ECAlgorithm.to_jwk(site.key(), as_dict=True)
    (site.folder / FILE).write_text(json.dumps({"keys": [{"jwk": jwk, "until": 1}]}))
    with pytest.raises(SupernodeError, match="no list of keys") as refused:
        former(site, 0)
    assert jwk["d"] not in str(refused.value)


@pytest.mark.parametrize(
    ("words", "action", "kept"),
    [([], "signing-key.made", 1), (["--compromised"], "signing-key.compromised", 0)],
)
def test_the_command(
    state: State, words: list[str], action: str, kept: int, capsys: pytest.CaptureFixture[str]
) -> None:
    site = state.site(SITE)
    before, where = key_pem(site.key()), ["--state", str(state.folder), "--site", SITE]
    assert main(["signing-key", "new", *where, *words]) == 0
    assert capsys.readouterr().out == ""
    assert key_pem(site.key()) != before
    now = time.time_ns() // 1_000_000
    assert len(former(site, now + MONTH - 60_000)) == kept
    assert former(site, now + MONTH) == ()
    assert main(["audit", *where]) == 0
    assert [json.loads(line)["action"] for line in capsys.readouterr().out.splitlines()] == [action]


def test_no_such_site(state: State, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--state", str(state.folder), "--site", "none.example"]
    assert main(["signing-key", "new", *where]) == 2
    assert "no site none.example" in capsys.readouterr().err


# --- phones


async def token_of(api: SiteApi, phone: Phone) -> str:
    code = await api.launch({"person": "ann", "name": "Ann"}, "ben")
    token: str = (await api.redeem(code, phone.jwk)).json()["account"]["refresh"]["token"]
    return token


async def test_a_phone_goes_on_and_what_it_gets_is_by_the_new_key(
    api: SiteApi, phone: Phone
) -> None:
    token, site = await token_of(api, phone), api.state.site(SITE)
    renew(site, api.clock.now, api.clock.now + MONTH, compromised=False)
    api.clock.advance(days=29)
    answer = await api.refresh(token, phone.proof(api.refresh_url, api.clock.now))
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["names_key"] == public(site)
    for text in (said["token"], said["card"], said["refresh_token"]):
        jwt.decode(text, site.key().public_key(), algorithms=["ES256"], options=OF_ANOTHER_DAY)
    api.clock.advance(days=2)
    again = await api.refresh(said["refresh_token"], phone.proof(api.refresh_url, api.clock.now))
    assert again.status_code == 200


async def test_a_key_that_somebody_has_signs_nobody_in(api: SiteApi, phone: Phone) -> None:
    token = await token_of(api, phone)
    renew(api.state.site(SITE), api.clock.now, api.clock.now + MONTH, compromised=True)
    api.clock.advance(seconds=5)
    answer = await api.refresh(token, phone.proof(api.refresh_url, api.clock.now))
    assert problem(answer) == (401, "refresh-token-refused")
    assert "not signed by the key" in answer.json()["detail"]


async def test_nor_does_one_whose_time_is_over(api: SiteApi, phone: Phone) -> None:
    token = await token_of(api, phone)
    renew(api.state.site(SITE), api.clock.now, api.clock.now + 10_000, compromised=False)
    api.clock.advance(seconds=9)
    assert (
        await api.refresh(token, phone.proof(api.refresh_url, api.clock.now))
    ).status_code == 200
    api.clock.advance(seconds=6)
    answer = await api.refresh(token, phone.proof(api.refresh_url, api.clock.now))
    assert problem(answer) == (401, "refresh-token-refused")
