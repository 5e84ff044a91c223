"""The letters that stand for a person, and their colour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.gui.parts.initials import colour_of, initials
from twocan.gui.tokens import PEOPLE

ADDRESS = "k3f9zq7d2mx4@site.example"
"""As a site makes it up: it says nothing about who it is."""


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Demo Person", "DP"),
        ("demo", "D"),
        ("Demo Of Some Person", "DP"),
        ("Élan Östlich", "ÉÖ"),
        ("демо лицо", "ДЛ"),
        ("王小明", "王"),
        ("Demo 王", "D"),
        ("田中 太郎", "田"),
        ("محمد علي", "م"),
        ("हिन्दी नाम", "हि"),
        ("🦊 Mia", "M"),
        ("🦊", "🦊"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("(Demo) [Person]", "DP"),
        ("  Demo   ", "D"),
        ("7 Dwarfs", "7"),
        ("ﬁne Print", "FIP"),
    ],
)
def test_initials_are_those_of_the_script(name: str, letters: str) -> None:
    assert initials(ADDRESS, name) == letters


@pytest.mark.parametrize("name", [None, "", "  ", ADDRESS, "k3f9zq7d2mx4"])
def test_made_up_addresses_have_no_initials(name: str | None) -> None:
    assert initials(ADDRESS, name) is None


@pytest.mark.parametrize(
    ("address", "letters"),
    [
        ("anna@site.example", "A"),
        ("anna.bee@site.example", "AB"),
        ("anna_bee@site.example", "AB"),
        ("bcdfgh@site.example", None),
        ("abcdefabcdefabcdef@site.example", None),
        ("a1b2@site.example", None),
        ("王@site.example", "王"),
        ("@site.example", None),
    ],
)
def test_an_address_that_is_a_name_gives_initials(address: str, letters: str | None) -> None:
    assert initials(address, None) == letters


@given(name=st.text(), address=st.text())
def test_no_name_is_too_odd_to_be_drawn(name: str, address: str) -> None:
    letters = initials(address, name)
    assert letters is None or letters.strip()
    assert colour_of(address) in PEOPLE


def test_the_colour_goes_by_the_address_alone() -> None:
    people = [f"person{number}@site.example" for number in range(200)]
    for person in people:
        assert colour_of(person) == colour_of(f"{person.title()}/phone")
    assert {colour_of(person) for person in people} == set(PEOPLE)
