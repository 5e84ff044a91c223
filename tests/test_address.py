"""What is an address and what is not: one clear line says why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan.address import bare, check


@pytest.mark.parametrize(
    "address",
    [
        "person@site.example",
        "person@site.example/desk",
        "person@localhost",
        "person@site.example.",
        "p@127.0.0.1",
        "first.last+tag@site.example",
        "mañana@bücher.example",
        "person@site.example/a resource/with@anything",
        "x" * 1023 + "@site.example",
    ],
)
def test_addresses(address: str) -> None:
    assert check(address) == address


def test_the_bare_address_is_what_comes_before_the_first_slash() -> None:
    assert bare("person@site.example/desk/two@x") == "person@site.example"
    assert bare("person@site.example") == "person@site.example"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "it has to look like person@site.example"),
        ("person", "it has to look like person@site.example"),
        ("site.example", "it has to look like person@site.example"),
        ("@site.example", "it has to look like person@site.example"),
        ("/desk", "it has to look like person@site.example"),
        ("site.example/person@desk", "it has to look like person@site.example"),
        ("a person@site.example", "has a character it may not have"),
        ("<person>@site.example", "has a character it may not have"),
        ('per"son@site.example', "has a character it may not have"),
        ("per\x00son@site.example", "has a character it may not have"),
        ("per\nson@site.example", "has a character it may not have"),
        ("xmpp:person@site.example", "has a character it may not have"),
        ("per\udcffson@site.example", "has a character it may not have"),
        ("person@", "is not the name of a site"),
        ("person@.", "is not the name of a site"),
        ("person@site..example", "is not the name of a site"),
        ("person@-site.example", "is not the name of a site"),
        ("person@site-.example", "is not the name of a site"),
        ("person@site example", "is not the name of a site"),
        ("person@site.example:5222", "is not the name of a site"),
        ("person@other@site.example", "is not the name of a site"),
        ("person@" + "x" * 64 + ".example", "is not the name of a site"),
        ("person@site\udcff.example", "is not the name of a site"),
        ("person@site.example/", "ends in a slash"),
        ("person@site.example/de\x00sk", "has a character it may not have"),
        ("person@site.example/de\nsk", "has a character it may not have"),
        ("person@site.example/\udcff", "has a character it may not have"),
        ("x" * 1024 + "@site.example", "is too long"),
        ("person@" + "site." * 205 + "x", "is too long"),
        ("person@site.example/" + "x" * 1024, "is too long"),
        pytest.param("x" * 5000, "is too long", id="long"),
        pytest.param("x " * 5000 + "@site.example", "is too long", id="long and odd"),
    ],
)
def test_what_is_no_address_is_told_in_one_short_line(address: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        check(address)

    assert type(caught.value) is ValueError
    line = str(caught.value)
    assert line.isprintable()
    assert len(line) < 3 * 1024
    line.encode()


@given(st.text() | st.from_regex(r"[^@]{0,5}@[^@]{0,9}(/.{0,5})?", fullmatch=True))
def test_any_text_is_an_address_or_one_line(text: str) -> None:
    try:
        checked = check(text)
    except ValueError as error:
        said = str(error)
    else:
        said = ""
        assert checked == text
        assert check(bare(text)) == bare(text)
    assert said.isprintable()
