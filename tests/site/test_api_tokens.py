"""The next token, for the phone that redeemed the code and nobody else (RFC 9449)."""

import asyncio
from typing import Any

import jwt

from site_api import OF_ANOTHER_DAY, OTHER, SITE, Phone, SiteApi, problem
from twocan_supernode.site.limits import TOKENS


async def signed_in(api: SiteApi, phone: Phone) -> str:
    """A refresh token of Ann's on that phone."""
    code = await api.launch({"person": "ann", "name": "Ann"}, "ben")
    token: str = (await api.redeem(code, phone.jwk)).json()["account"]["refresh"]["token"]
    return token


def proof(api: SiteApi, phone: Phone, **more: Any) -> str:
    return phone.proof(api.refresh_url, api.clock.now, **more)


async def test_a_phone_gets_new_tokens_for_months(either: SiteApi, phone: Phone) -> None:
    token = await signed_in(either, phone)

    for _ in range(3):
        either.clock.advance(days=29)
        answer = await either.refresh(token, proof(either, phone))
        assert answer.status_code == 200, answer.text
        token = answer.json()["refresh_token"]

    said = answer.json()
    assert set(said) == {"token", "expires", "refresh_token", "servers", "card", "names_key"}
    key = jwt.PyJWK(said["names_key"])
    access = jwt.decode(said["token"], key, algorithms=["ES256"], options=OF_ANOTHER_DAY)
    assert access["jid"] == either.address_of("ann")
    assert access["exp"] == either.clock.now // 1000 + 600
    assert (
        jwt.decode(said["card"], key, algorithms=["ES256"], options=OF_ANOTHER_DAY)["name"] == "Ann"
    )


async def test_after_thirty_days_without_it_is_over(api: SiteApi, phone: Phone) -> None:
    token = await signed_in(api, phone)
    api.clock.advance(days=30)

    assert problem(await api.refresh(token, proof(api, phone))) == (401, "refresh-token-refused")


async def test_a_stolen_token_is_nothing_without_the_phone(api: SiteApi, phone: Phone) -> None:
    token, thief = await signed_in(api, phone), Phone()

    answer = await api.refresh(token, proof(api, thief))

    assert problem(answer) == (401, "proof-refused")
    assert answer.headers["www-authenticate"] == 'DPoP error="invalid_dpop_proof", algs="ES256"'


async def test_a_thief_does_not_use_up_what_the_phone_may_ask_for(
    api: SiteApi, phone: Phone
) -> None:
    token, thief = await signed_in(api, phone), Phone()

    for _ in range(TOKENS.burst):
        answer = await api.refresh(token, proof(api, thief))
        assert problem(answer) == (401, "proof-refused")

    assert (await api.refresh(token, proof(api, phone))).status_code == 200


async def test_a_proof_counts_once_even_at_once(either: SiteApi, phone: Phone) -> None:
    token = await signed_in(either, phone)
    shown = proof(either, phone)

    answers = await asyncio.gather(*(either.refresh(token, shown) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]


async def test_there_is_one_proof(api: SiteApi, phone: Phone) -> None:
    token = await signed_in(api, phone)

    for count in (0, 2):
        answer = await api.refresh(token, *(proof(api, phone) for _ in range(count)))
        assert problem(answer) == (401, "proof-refused")


async def test_a_phone_whose_clock_is_wrong_is_given_a_nonce(api: SiteApi, phone: Phone) -> None:
    token = await signed_in(api, phone)
    years_ago = api.clock.now - 10**11

    refused = await api.refresh(token, phone.proof(api.refresh_url, years_ago))

    assert problem(refused) == (401, "use-dpop-nonce")
    assert 'error="use_dpop_nonce"' in refused.headers["www-authenticate"]
    nonce = refused.headers["dpop-nonce"]
    again = await api.refresh(token, phone.proof(api.refresh_url, years_ago, nonce=nonce))
    assert again.status_code == 200
    api.clock.advance(minutes=6)
    late = await api.refresh(token, phone.proof(api.refresh_url, years_ago, nonce=nonce))
    assert problem(late) == (401, "use-dpop-nonce")


async def test_a_proof_is_for_this_request(api: SiteApi, phone: Phone) -> None:
    token = await signed_in(api, phone)
    wrong = (
        proof(api, phone, method="GET"),
        phone.proof("https://other.example/v1/tokens/refresh", api.clock.now),
        phone.proof(f"{api.url}/v1/launches/redeem", api.clock.now),
    )

    for each in wrong:
        assert problem(await api.refresh(token, each)) == (401, "proof-refused")


async def test_no_other_token_passes_for_one(api: SiteApi, phone: Phone) -> None:
    code = await api.launch()
    account = (await api.redeem(code, phone.jwk)).json()["account"]

    for token in (account["token"], account["card"], "x", "a.b.c", api.key):
        answer = await api.refresh(token, proof(api, phone))
        assert problem(answer) == (401, "refresh-token-refused")
        assert token not in answer.text or token == "x"


async def test_who_was_deleted_gets_none(either: SiteApi, phone: Phone) -> None:
    token = await signed_in(either, phone)
    either.clock.advance(seconds=1)
    await either.ask("DELETE", "/v1/shadow-accounts/ann")

    for minutes in (0, 11, 60 * 24 * 20):
        either.clock.advance(minutes=minutes)
        await either.store.purge(either.clock.now)
        answer = await either.refresh(token, proof(either, phone))
        assert problem(answer) == (401, "refresh-token-refused")
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]

    # Whoever signs in to the site again is somebody new.
    anew = await signed_in(either, phone)
    assert (await either.refresh(anew, proof(either, phone))).status_code == 200


async def test_it_is_noted(api: SiteApi, phone: Phone) -> None:
    token = await signed_in(api, phone)
    await api.refresh(token, proof(api, phone))

    last = (await api.store.entries(SITE, 0, 20))[-1]

    assert (last.action, last.subject) == ("token.refreshed", api.address_of("ann"))
    assert len(await api.store.entries(OTHER, 0, 20)) == 1
