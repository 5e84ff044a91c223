"""Addresses, names and what ejabberd asks about them: the pure parts."""

import io
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan_supernode import accounts, isuser

SECRET = bytes(32)
people = st.text(min_size=1)


def asked(question: bytes) -> bytes:
    """What the answering program says to one question of ejabberd."""
    answers = io.BytesIO()
    isuser.answer(io.BytesIO(struct.pack(">H", len(question)) + question), answers)
    return answers.getvalue()


@given(people)
def test_every_address_exists_to_ejabberd(person: str) -> None:
    user, _, site = accounts.address_of(SECRET, person, "site.example").partition("@")
    assert asked(f"isuser:{user}:{site}".encode()) == b"\0\2\0\1"


@given(people, people)
def test_two_people_have_two_addresses(one: str, two: str) -> None:
    addresses = {accounts.address_of(SECRET, person, "site.example") for person in (one, two)}
    assert len(addresses) == len({one, two})


@given(people, st.binary(min_size=32, max_size=32).filter(lambda secret: secret != SECRET))
def test_the_address_hangs_on_the_secret(person: str, secret: bytes) -> None:
    mine, theirs = (accounts.address_of(each, person, "site.example") for each in (SECRET, secret))
    assert mine != theirs


def test_an_address_stays_what_it_was() -> None:
    """Else all people of all sites would lose theirs."""
    address = accounts.address_of(SECRET, "person-1", "site.example")
    assert address == "x6ro3vz3gszn47djnftgpvie5hnqvsv7@site.example"


@pytest.mark.parametrize(
    "question",
    [
        b"isuser:admin:site.example",
        b"isuser::site.example",
        b"isuser",
        b"",
        b"isuser:" + b"a" * 31 + b":site.example",
        b"isuser:" + b"a" * 33 + b":site.example",
        b"isuser:" + b"1" * 32 + b":site.example",
        b"isuser:" + b"a" * 32 + b"\n:site.example",
        b"auth:" + b"a" * 32 + b":site.example:password",
        b"setpass:" + b"a" * 32 + b":site.example:password",
        b"tryregister:" + b"a" * 32 + b":site.example:password",
        b"removeuser:" + b"a" * 32 + b":site.example",
    ],
)
def test_nothing_else_exists_and_nothing_else_is_done(question: bytes) -> None:
    assert asked(question) == b"\0\2\0\0"


def test_the_public_key_is_all_that_ejabberd_is_given() -> None:
    jwk = json.loads(accounts.public_jwk(accounts.new_key()))
    assert set(jwk) == {"kty", "crv", "x", "y", "alg", "use"}


@pytest.mark.parametrize("name", ["site.localhost", "localhost", "a-b.example", "1st.example"])
def test_a_domain_names_a_site(name: str) -> None:
    assert accounts.is_site_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "a..b", ".a", "a.", "-a", "a-", "a b", "a\n", "A.example", "é.example"),
        *("a/b", "a@b", "a:b", "*.a", "${x}", "192.0.2.1", "a" * 64, ".".join(["a" * 63] * 4)),
    ],
)
def test_nothing_else_names_a_site(name: str) -> None:
    assert not accounts.is_site_name(name)
