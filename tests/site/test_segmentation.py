"""A site reaches its own people, and no other's: every way in that there is, tried by another."""

import shutil
from collections.abc import Awaitable, Callable

import httpx
import pytest

from site_api import OTHER, SITE, Phone, SiteApi, new_key, problem
from twocan_supernode import accounts
from twocan_supernode.sessions import Device
from twocan_supernode.store import Entry

ANN = {"person": "ann", "name": "Ann"}


async def test_the_same_ids_are_other_people(api: SiteApi) -> None:
    """Whatever a site says of "ann", it is its own ann."""
    ann = api.address_of("ann")
    api.people.devices[ann] = (Device("phone", "free", 0),)

    for answer in (
        await api.post("/v1/shadow-accounts", ANN, api.other_key),
        await api.ask("GET", "/v1/shadow-accounts/ann", api.other_key),
        await api.ask("GET", "/v1/presence?person=ann", api.other_key),
        await api.post("/v1/launches", {"caller": "ann", "callee": "ben"}, api.other_key),
        await api.ask("DELETE", "/v1/shadow-accounts/ann", api.other_key),
    ):
        assert answer.is_success
        assert SITE not in answer.text.replace("calls.site.example", "")
        assert '"free"' not in answer.text

    assert api.people.ended == [api.address_of("ann", OTHER)]
    assert api.people.devices[ann]
    assert (await api.post("/v1/shadow-accounts", ANN)).json()["address"] == ann


async def test_an_address_is_no_id(api: SiteApi) -> None:
    """Who knows the address of another site's person, or names it, gets one of their own."""
    ann = api.address_of("ann")
    api.people.devices[ann] = (Device("phone", "free", 0),)

    for person in (ann, f"ann@{SITE}", ann.partition("@")[0], f"{SITE}/ann", f"../{SITE}/ann"):
        said = await api.post("/v1/shadow-accounts", ANN | {"person": person}, api.other_key)
        assert said.json()["address"].endswith(f"@{OTHER}")
        seen = await api.ask("GET", "/v1/presence", api.other_key, params={"person": person})
        assert seen.json() == {"presence": {person: "unreachable"}}
        path = "/v1/shadow-accounts/" + httpx.URL("", params={"p": person}).query.decode()[2:]
        await api.ask("DELETE", path, api.other_key)

    assert ann not in api.people.ended


async def test_the_same_idempotency_key_is_another(api: SiteApi) -> None:
    named = {"Idempotency-Key": "click 17"}
    asked = {"caller": "ann", "callee": "ben"}

    ours = await api.post("/v1/launches", asked, headers=named)
    theirs = await api.post("/v1/launches", asked, api.other_key, headers=named)

    assert ours.status_code == theirs.status_code == 201
    assert ours.json()["link"] != theirs.json()["link"]


async def test_a_code_leads_to_its_own_site(api: SiteApi, phone: Phone) -> None:
    """Whoever redeems it, with whatever key in the header, is told of SITE's people alone."""
    code = await api.launch()

    answer = await api.post("/v1/launches/redeem", {"code": code, "key": phone.jwk}, api.other_key)

    assert answer.json()["account"]["address"] == api.address_of("ann")
    assert OTHER not in answer.text


async def test_a_refresh_token_is_its_own_sites(api: SiteApi, phone: Phone) -> None:
    """Claims of SITE under OTHER's key, and the reverse, are nobody's word."""
    code = await api.launch()
    token = (await api.redeem(code, phone.jwk)).json()["account"]["refresh"]["token"]
    answer = await api.refresh(token, phone.proof(api.refresh_url, api.clock.now))
    assert answer.json()["names_key"] == _names_key(api, SITE)

    from twocan_supernode.site import tokens
    from twocan_supernode.site.proofs import phone_key

    thumbprint = phone_key(phone.jwk).thumbprint
    for signer, named in ((OTHER, SITE), (SITE, OTHER)):
        person = tokens.Person(api.address_of("ann", named))
        forged = tokens.refresh_token(
            api.state.site(signer).key(), person, thumbprint, api.clock.now
        )
        refused = await api.refresh(forged, phone.proof(api.refresh_url, api.clock.now))
        assert problem(refused) == (401, "refresh-token-refused")


async def test_a_nonce_of_another_site_is_none(api: SiteApi, phone: Phone) -> None:
    from twocan_supernode.site.proofs import Nonces

    code = await api.launch()
    token = (await api.redeem(code, phone.jwk)).json()["account"]["refresh"]["token"]
    nonce = Nonces(api.state.site(OTHER).secret()).fresh(api.clock.now)

    shown = phone.proof(api.refresh_url, api.clock.now, nonce=nonce)

    assert problem(await api.refresh(token, shown)) == (401, "use-dpop-nonce")


async def test_cards_and_tokens_are_signed_by_their_own_site(api: SiteApi) -> None:
    ours = await api.post("/v1/shadow-accounts", ANN)
    theirs = await api.post("/v1/shadow-accounts", ANN, api.other_key)

    assert ours.json()["names_key"] == _names_key(api, SITE)
    assert theirs.json()["names_key"] == _names_key(api, OTHER)


def _names_key(api: SiteApi, site: str) -> object:
    from twocan_supernode.site import tokens

    return tokens.names_key(api.state.site(site).key())


async def test_one_sites_deletions_and_launches_are_in_its_own_audit(
    api: SiteApi, phone: Phone
) -> None:
    await api.redeem(await api.launch(), phone.jwk)
    await api.ask("DELETE", "/v1/shadow-accounts/ann")

    theirs = await api.store.entries(OTHER, 0, 100)

    assert [entry.action for entry in theirs] == ["key.made"]


# --- keys that are none

Break = Callable[[SiteApi], Awaitable[str | None]]


async def _retired(api: SiteApi) -> str:
    entry = Entry(api.clock.now, SITE, "test", "key.retired", "", "ok")
    await api.store.retire_key(api.key.split("_")[1], api.clock.now, entry)
    return api.key


async def _of_a_site_that_is_gone(api: SiteApi) -> str:
    shutil.rmtree(api.state.site(SITE).folder)
    return api.key


async def _of_a_site_that_never_was(api: SiteApi) -> str:
    return await new_key(api.store, "never.example")


async def _with_another_secret(api: SiteApi) -> str:
    return api.key[:-43] + api.other_key[-43:]


async def _with_another_id(api: SiteApi) -> str:
    return api.other_key[:13] + api.key[13:]


async def _nobodys(api: SiteApi) -> str:
    return f"tck_{'x' * 8}_{'x' * 43}"


async def _one_letter_off(api: SiteApi) -> str:
    return api.key[:-1] + ("A" if api.key[-1] != "A" else "B")


async def _its_digest(api: SiteApi) -> str:
    key = await api.store.key(api.key.split("_")[1])
    assert key
    return f"tck_{key.id}_{key.digest.hex()[:43]}"


@pytest.mark.parametrize(
    "broken",
    [
        _retired,
        _of_a_site_that_is_gone,
        _of_a_site_that_never_was,
        _with_another_secret,
        _with_another_id,
        _nobodys,
        _one_letter_off,
        _its_digest,
    ],
)
async def test_a_key_that_is_not_good_opens_nothing(api: SiteApi, broken: Break) -> None:
    assert (await api.ask("GET", "/v1/presence?person=ann")).status_code == 200
    key = await broken(api)
    api.clock.advance(seconds=5)

    answers = [
        await api.post("/v1/shadow-accounts", ANN, key),
        await api.ask("GET", "/v1/shadow-accounts/ann", key),
        await api.ask("GET", "/v1/presence?person=ann", key),
        await api.post("/v1/launches", {"caller": "ann", "callee": "ben"}, key),
        await api.ask("DELETE", "/v1/shadow-accounts/ann", key),
    ]

    assert {problem(answer) for answer in answers} == {(401, "site-key-refused")}
    # Nothing tells the one case from the other.
    assert len({answer.text for answer in answers}) == 1
    assert {answer.headers["www-authenticate"] for answer in answers} == {'Bearer realm="twocan"'}
    assert api.people.ended == []


async def test_what_is_no_key_at_all(api: SiteApi) -> None:
    given = ["", "Bearer", "Bearer ", f"Basic {api.key}", api.key, f"Bearer {api.key} {api.key}"]
    for authorization in given:
        headers = {"Authorization": authorization}
        answer = await api.http.get("/v1/presence?person=ann", headers=headers)
        assert problem(answer) == (401, "site-key-refused")
    in_query = await api.http.get(f"/v1/presence?person=ann&key={api.key}")
    assert problem(in_query) == (401, "site-key-refused")


async def test_whoever_has_no_key_is_not_read(api: SiteApi) -> None:
    """What is wrong with a body is told to those alone who may send one."""
    answer = await api.ask("POST", "/v1/launches", "", content=b"{", headers={"Content-Type": "x"})

    assert problem(answer) == (401, "site-key-refused")


async def test_two_keys_of_a_site_do_the_same(api: SiteApi) -> None:
    second = await new_key(api.store, SITE)

    said = [(await api.post("/v1/shadow-accounts", ANN, key)).json() for key in (api.key, second)]

    assert said[0]["address"] == said[1]["address"] == api.address_of("ann")


async def test_addresses_cannot_be_told_from_ids() -> None:
    """Two sites, one ID: nothing of the one is in the other."""
    secrets = accounts.new_secret(), accounts.new_secret()
    one, other = (accounts.address_of(each, "ann", SITE).partition("@")[0] for each in secrets)

    assert one != other
