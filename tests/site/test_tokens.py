"""What a site signs for its people: who may do what with it, for how long, and nothing else."""

import json
from datetime import UTC, datetime

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forged
from twocan.cards import name_on
from twocan_supernode import accounts
from twocan_supernode.site import tokens
from twocan_supernode.site.tokens import Person, Refresh, TokenError

NOW = 1_800_000_000_000
MINUTE, DAY = 60_000, 24 * 3600_000
SITE = "site.example"
KEY, OTHER_KEY = accounts.new_key(), accounts.new_key()
ADDRESS = accounts.address_of(bytes(32), "person-1", SITE)
ANN = Person(ADDRESS, "Demo Ann", "https://site.example/ann.png")
THUMBPRINT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
CLAIMS: dict[str, object] = {
    "sub": ADDRESS,
    "cnf": {"jkt": THUMBPRINT},
    "iat": NOW // 1000,
    "exp": NOW // 1000 + 3600,
}
HEADER: dict[str, object] = {"alg": "ES256", "typ": tokens.REFRESH_TYPE}


def made(**changes: object) -> str:
    """A refresh token with some claims changed, and those left out that are None."""
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return forged.token(KEY, HEADER, claims)


def read(token: str, now: int = NOW) -> Refresh:
    return tokens.read_refresh_token(token, KEY.public_key(), SITE, now)


def refusal(token: str, now: int = NOW) -> str:
    with pytest.raises(TokenError) as refused:
        read(token, now)
    return str(refused.value)


def said_by(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


# --- access tokens


def test_a_phone_signs_in_for_ten_minutes_and_a_page_for_five() -> None:
    phone, page = (make(KEY, ADDRESS, NOW) for make in (tokens.phone_account, tokens.page_account))
    assert phone.expires == datetime.fromtimestamp(NOW / 1000 + 600, UTC)
    assert page.expires == datetime.fromtimestamp(NOW / 1000 + 300, UTC)
    assert said_by(page.token) == {
        "jid": ADDRESS,
        "iat": NOW // 1000,
        "exp": NOW // 1000 + 300,
    }


# --- refresh tokens


def test_a_refresh_token_says_who_and_by_which_key() -> None:
    token = tokens.refresh_token(KEY, ANN, THUMBPRINT, NOW)
    assert read(token) == Refresh(ANN, THUMBPRINT, NOW, NOW + 30 * DAY)
    assert tokens.site_claimed(token) == SITE


def test_who_has_no_name_and_no_picture_gets_one_too() -> None:
    person = Person(ADDRESS)
    assert read(tokens.refresh_token(KEY, person, THUMBPRINT, NOW)).person == person


def test_it_is_good_for_thirty_days() -> None:
    token = tokens.refresh_token(KEY, ANN, THUMBPRINT, NOW)
    assert read(token, NOW + 30 * DAY - 1).person == ANN
    assert "expired" in refusal(token, NOW + 30 * DAY)


def test_each_use_gives_thirty_days_more() -> None:
    token = tokens.refresh_token(KEY, ANN, THUMBPRINT, NOW)
    for later in range(NOW, NOW + 365 * DAY, 29 * DAY):
        refresh = read(token, later)
        token = tokens.refresh_token(KEY, refresh.person, refresh.thumbprint, later)


def test_the_longest_name_and_picture_fit_in() -> None:
    person = Person(ADDRESS, "\U0001f9f5" * 100, "https://site.example/".ljust(2048, "a"))
    token = tokens.refresh_token(KEY, person, THUMBPRINT, NOW)
    assert len(token) <= tokens.MAX_TOKEN
    assert read(token).person == person


# --- nothing passes for anything else


@pytest.mark.parametrize(
    "token",
    [tokens.refresh_token(KEY, ANN, THUMBPRINT, NOW), tokens.card(KEY, ANN, NOW)],
    ids=["refresh token", "card"],
)
def test_nothing_but_an_access_token_is_a_password(token: str) -> None:
    """ejabberd refuses what has no claim jid; tests/supernode asks a real one."""
    assert "jid" not in said_by(token)


@pytest.mark.parametrize(
    "token",
    [
        tokens.phone_account(KEY, ADDRESS, NOW).token,
        tokens.page_account(KEY, ADDRESS, NOW).token,
        tokens.card(KEY, ANN, NOW),
        forged.token(KEY, {"alg": "ES256", "typ": "dpop+jwt"}, CLAIMS),
        forged.token(KEY, {"alg": "ES256"}, CLAIMS),
    ],
    ids=["phone", "page", "card", "proof", "nothing said"],
)
def test_nothing_else_is_a_refresh_token(token: str) -> None:
    assert "is no twocan-refresh+jwt" in refusal(token)


def test_a_site_takes_only_its_own() -> None:
    others = tokens.refresh_token(OTHER_KEY, ANN, THUMBPRINT, NOW)
    assert "not signed" in refusal(others)


def test_not_even_with_one_key_for_two_sites() -> None:
    elsewhere = Person(accounts.address_of(bytes(32), "person-1", "other.example"))
    token = tokens.refresh_token(KEY, elsewhere, THUMBPRINT, NOW)
    assert tokens.site_claimed(token) == "other.example"
    assert "another site" in refusal(token)


BROKEN: dict[str, tuple[str, str]] = {
    "no sub": (made(sub=None), "sub"),
    "sub without a person": (made(sub=f"@{SITE}"), "sub"),
    "sub that is a site": (made(sub=SITE), "sub"),
    "sub of a site that cannot be": (made(sub="a@Site Example"), "sub"),
    "sub with a phone": (made(sub=f"{ADDRESS}/desk"), "sub"),
    "sub that is no text": (made(sub=7), "sub"),
    "sub of 10,000 letters": (made(sub="a" * 5_000 + "@" + SITE), "sub"),
    "no cnf": (made(cnf=None), "cnf"),
    "cnf that is no object": (made(cnf=THUMBPRINT), "cnf"),
    "cnf without jkt": (made(cnf={}), "jkt"),
    "jkt that is too long": (made(cnf={"jkt": "a" * 44}), "jkt"),
    "no iat": (made(iat=None), "iat"),
    "no exp": (made(exp=None), "exp"),
    "exp as text": (made(exp="2050"), "exp"),
    "exp that is true": (made(exp=True), "exp"),
    "exp before iat": (made(iat=NOW // 1000, exp=NOW // 1000 - 1), "before it begins"),
    "of tomorrow": (made(iat=NOW // 1000 + 86_400, exp=NOW // 1000 + 90_000), "time to come"),
    "over": (made(iat=NOW // 1000 - 10, exp=NOW // 1000), "expired"),
    "a password as well": (made(jid=ADDRESS), "jid"),
    "name that is no text": (made(name=["Ann"]), "name"),
    "name of 101 letters": (made(name="a" * 101), "name"),
    "picture that is no text": (made(picture=1), "picture"),
    "too long": (made(more="a" * tokens.MAX_TOKEN), "8192"),
    "alg none": (f"{forged.part({**HEADER, 'alg': 'none'})}.{forged.part(CLAIMS)}.", "no JWT"),
    "alg none, signed": (forged.token(KEY, {**HEADER, "alg": "none"}, CLAIMS), "is no twocan"),
    "sub twice": (forged.token(KEY, HEADER, json.dumps(CLAIMS)[:-1] + ', "sub": "a"}'), "twice"),
    "time without end": (
        forged.token(KEY, HEADER, json.dumps(CLAIMS).replace(str(NOW // 1000 + 3600), "1e999")),
        "exp",
    ),
    "nothing": ("", "no JWT"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_not_whole_is_refused_without_a_word_of_it(what: str) -> None:
    token, why = BROKEN[what]
    said = refusal(token)
    assert why in said
    assert ADDRESS not in said
    assert not any(part and part in said for part in token.split("."))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_whatever_comes_is_refused_and_no_more(text: str) -> None:
    refusal(text)
    with pytest.raises(TokenError):
        tokens.site_claimed(text)


TOKEN = tokens.refresh_token(KEY, ANN, THUMBPRINT, NOW)


@settings(deadline=None)
@given(st.integers(0, len(TOKEN) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_no_letter_of_it_can_be_changed(where: int, letter: str) -> None:
    changed = TOKEN[:where] + letter + TOKEN[where + 1 :]
    if changed != TOKEN:
        refusal(changed)


# --- cards


def test_a_phone_believes_a_card_of_its_own_site() -> None:
    names_key = json.dumps(tokens.names_key(KEY))
    card = tokens.card(KEY, ANN, NOW)
    assert name_on(card, ADDRESS, names_key, NOW / 1000) == "Demo Ann"
    assert name_on(card, ADDRESS, names_key, NOW / 1000 + 30 * 86_400) is None


def test_a_phone_believes_no_refresh_token_to_be_a_card() -> None:
    names_key = json.dumps(tokens.names_key(KEY))
    assert name_on(TOKEN, ADDRESS, names_key, NOW / 1000) is None


def test_a_card_says_who_it_is_about() -> None:
    assert said_by(tokens.card(KEY, ANN, NOW)) == {
        "sub": ADDRESS,
        "name": "Demo Ann",
        "picture": "https://site.example/ann.png",
        "iat": NOW // 1000,
        "exp": NOW // 1000 + 30 * 86_400,
    }


def test_a_card_fits_into_a_proposal_whatever_is_on_it() -> None:
    person = Person(ADDRESS, "\U0001f9f5" * 100, "https://site.example/".ljust(2048, "a"))
    card = tokens.card(KEY, person, NOW)
    assert len(card) <= tokens.MAX_CARD
    assert said_by(card)["name"] == person.name
    assert "picture" not in said_by(card)


def test_names_are_checked_with_the_public_half_alone() -> None:
    assert set(tokens.names_key(KEY)) == {"kty", "crv", "x", "y", "alg", "use"}
