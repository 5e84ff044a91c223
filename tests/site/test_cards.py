"""Cards: a name is shown only if our own site signed it, for this very caller, and in time."""

import base64
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.cards import KIND, name_on
from twocan.initiation import CARD, LONGEST_CARD, initiation_element, parse_initiation
from twocan.jws import new_key, public_half, sign
from twocan.messages import Fault, Propose

NOW = 1_800_000_000.0
ANN = "ann.of.the.demo@site.example"
SITE, OTHER_SITE = new_key(), new_key()
NAMES_KEY = json.dumps(public_half(SITE))


def card(header: dict[str, Any] | None = None, by: str = SITE, **claims: Any) -> str:
    """What the site says of Ann, but for what is given."""
    said = {"sub": ANN, "name": "Demo Ann", "exp": NOW + 60} | claims
    return sign({"typ": KIND} | (header or {}), said, by)


def name(text: str, key: str | None = NAMES_KEY) -> str | None:
    return name_on(text, ANN, key, NOW)


def test_what_our_site_signed_is_believed() -> None:
    assert name(card()) == "Demo Ann"
    assert name(card(picture="https://site.example/ann.png", name="安娜")) == "安娜"


@pytest.mark.parametrize(
    "wrong",
    [
        card(sub="somebody@site.example"),
        card(sub=f"{ANN}/phone"),
        card(sub=None),
        card(exp=NOW),
        card(exp=NOW - 1),
        card(exp=None),
        card(exp=True),
        card(exp="tomorrow"),
        card(exp=float("nan")),
        card({"typ": "JWT"}),
        card({"typ": "twocan-refresh+jwt"}),
        card({"alg": "none"}),
        card({"alg": "HS256"}),
        card({"crit": ["exp"]}),
        card(by=OTHER_SITE),
        card().rpartition(".")[0] + ".",
        card()[:-8],
        card() + "A",
        "",
        "..",
        "a.b.c",
        "é.é.é",
        card(name="x" * LONGEST_CARD),
    ],
)
def test_anything_wrong_is_nobodys_word(wrong: str) -> None:
    assert name(wrong) is None


@pytest.mark.parametrize("said", [None, 7, "", "  \u202e ", ["Demo Ann"]])
def test_a_card_without_a_name_says_none(said: object) -> None:
    assert name(card(name=said)) is None


def test_without_a_key_nothing_is_believed() -> None:
    assert name(card(), None) is None


@pytest.mark.parametrize(
    "key", ["", "{", "[]", "{}", NAMES_KEY.replace("P-256", "P-384"), '{"kty":"EC","crv":"P-256"}']
)
def test_a_key_that_is_none_is_no_reason_to_fail(key: str) -> None:
    assert name(card(), key) is None


def test_a_key_off_the_curve_is_no_reason_to_fail() -> None:
    jwk = json.loads(NAMES_KEY)
    off = json.dumps(jwk | {"x": base64.urlsafe_b64encode(b"\1" * 32).decode().rstrip("=")})
    assert name(card(), off) is None


def test_a_name_is_one_line_that_says_what_it_seems_to() -> None:
    assert name(card(name=" Demo\n\tAnn \u202eknab\u2066 ")) == "Demo Ann knab"
    assert name(card(name="A" * 500)) == "A" * 100


def test_what_is_not_believed_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    wrong = card(sub="somebody@site.example", name="Demo Mallory")
    assert name(wrong) is None
    assert "is of somebody else" in caplog.text
    assert "Mallory" not in caplog.text
    assert wrong.split(".")[1] not in caplog.text


# --- In a proposal ------------------------------------------------------------------------------


def proposed(*cards: str) -> ET.Element:
    element = initiation_element(Propose("a"))
    for text in cards:
        ET.SubElement(element, CARD).text = text
    return element


def test_a_card_goes_there_and_back() -> None:
    message = Propose("a", ("audio", "video"), b"c" * 32, card())
    assert parse_initiation(initiation_element(message)) == message


@pytest.mark.parametrize(
    "cards", [(), ("",), (" ",), ("a", "b"), ("x" * (LONGEST_CARD + 1),), ("ä",), ("\u0000",)]
)
def test_a_proposal_with_a_card_that_is_none_is_one_without(cards: tuple[str, ...]) -> None:
    assert parse_initiation(proposed(*cards)) == Propose("a")


def test_the_longest_card_is_taken() -> None:
    assert parse_initiation(proposed("x" * LONGEST_CARD)) == Propose("a", card="x" * LONGEST_CARD)


def test_a_card_with_elements_in_it_is_none() -> None:
    element = proposed("a.b.c")
    ET.SubElement(element[-1], "inner").text = "d"
    assert parse_initiation(element) == Propose("a")


@given(st.text(max_size=200), st.integers(0, 3), st.booleans())
def test_whatever_a_stranger_calls_a_card_nothing_fails(text: str, count: int, inner: bool) -> None:
    element = proposed(*[text] * count)
    if inner and count:
        ET.SubElement(element[-1], CARD).text = text
    try:
        said = parse_initiation(element)
    except Fault:
        pytest.fail("a card is no reason not to ring")
    assert isinstance(said, Propose)
    if said.card is not None:
        assert name(said.card) is None
