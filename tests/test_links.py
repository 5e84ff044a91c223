"""Launch links: one way to write each, and words for whatever else comes."""

import re
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twocan.links import LONGEST, LaunchLink, LinkError, parse

CODE = "a-one-time-code_0123456789"


def link(redeem: str = "https://site.example/redeem", code: str = CODE) -> str:
    return f"twocan:launch?redeem={quote(redeem, safe='')}&code={code}"


def refusal(text: str) -> str:
    with pytest.raises(LinkError) as refused:
        parse(text)
    words = str(refused.value)
    assert words
    assert words.isprintable()
    assert CODE not in words
    return words


# --- What is followed ---------------------------------------------------------------------------


def test_a_link() -> None:
    assert parse(link()) == LaunchLink("https://site.example/redeem", CODE)


def test_the_order_does_not_matter() -> None:
    text = f"twocan:launch?code={CODE}&redeem=https%3A%2F%2Fsite.example%2Fredeem"
    assert parse(text) == parse(link())


def test_who_hands_a_link_on_may_have_decoded_what_needs_no_encoding() -> None:
    assert parse(f"twocan:launch?redeem=https://site.example/redeem&code={CODE}") == parse(link())


@pytest.mark.parametrize(
    ("redeem", "site"),
    [
        ("https://site.example", "site.example"),
        ("https://Site.EXAMPLE:443/redeem", "site.example"),
        ("https://site.example:8443/redeem", "site.example:8443"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://192.0.2.1/", "192.0.2.1"),
        ("https://[2001:DB8::0:1]/", "[2001:db8::1]"),
        ("https://intranet/", "intranet"),
        ("http://localhost:8080/redeem", "localhost:8080"),
        ("http://localhost/redeem", "localhost:80"),
        ("http://localhost:443/redeem", "localhost:443"),
        ("http://127.0.0.1:5000/", "127.0.0.1:5000"),
        ("http://127.1.2.3:5000/", "127.1.2.3:5000"),
        ("http://[::1]:5000/", "[::1]:5000"),
    ],
)
def test_the_site_as_people_are_shown_it(redeem: str, site: str) -> None:
    assert parse(link(redeem)).site == site


def test_where_to_ask() -> None:
    asked = parse(link("https://site.example:8443?to=redeem&v=1"))
    assert (asked.host, asked.port, asked.secure, asked.target) == (
        "site.example",
        8443,
        True,
        "/?to=redeem&v=1",
    )
    asked = parse(link("http://[::1]/calls/redeem?"))
    assert (asked.host, asked.port, asked.secure, asked.target) == (
        "::1",
        80,
        False,
        "/calls/redeem?",
    )


def test_the_code_is_never_shown() -> None:
    assert CODE not in repr(parse(link()))


@pytest.mark.parametrize("length", [16, 128])
def test_the_shortest_and_the_longest_code(length: int) -> None:
    assert parse(link(code="c" * length)).code == "c" * length


def test_the_longest_link() -> None:
    room = 2048 - len(link("https://site.example/"))
    assert len(link("https://site.example/" + "a" * room)) == LONGEST == 2048
    parse(link("https://site.example/" + "a" * room))
    assert "too long" in refusal(link("https://site.example/" + "a" * (room + 1)))


# --- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "twocan:",
        "twocan:launch",
        "twocan:call?redeem=x&code=y",
        "https://site.example/redeem",
        link().replace("twocan:", "TWOCAN:"),
        link().replace("twocan:", "twocan://"),
        link().replace("launch?", "launch/?"),
        link().replace("launch?", "launch#"),
        "javascript:" + link(),
        "'" + link(),
        "--account=/etc/passwd",
    ],
)
def test_what_is_no_link_of_a_button(text: str) -> None:
    assert (
        refusal(text) == "this is no link of a call button: it does not begin with twocan:launch?"
    )


@pytest.mark.parametrize("wrong", ["\n", "\r\n", "\t", " ", "\0", "\x7f", "é", "\u202e", "\ufeff"])
def test_characters_that_no_link_has(wrong: str) -> None:
    for text in (link() + wrong, wrong + link(), link().replace("&", wrong + "&")):
        assert refusal(text) == "this link has a character that no link may have"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (link() + "&", "neither redeem= nor code="),
        (link() + "&x=1", "neither redeem= nor code="),
        (link() + "&CODE=1", "neither redeem= nor code="),
        (link() + "&%63ode=1", "neither redeem= nor code="),
        (link() + "&token=eyJhbGciOi", "neither redeem= nor code="),
        (link().replace("&", ";"), "does not say code="),
        (f"twocan:launch?{CODE}", "neither redeem= nor code="),
        ("twocan:launch?", "neither redeem= nor code="),
        (link() + f"&code={CODE}", "says code= twice"),
        (link() + "&redeem=https%3A%2F%2Fevil.example", "says redeem= twice"),
        (f"twocan:launch?code={CODE}", "does not say redeem="),
        ("twocan:launch?redeem=https%3A%2F%2Fsite.example", "does not say code="),
        (link() + "#" + CODE, "the code of this link"),
    ],
)
def test_parameters_that_are_not_exactly_the_two(text: str, why: str) -> None:
    assert why in refusal(text)


@pytest.mark.parametrize(
    "code",
    ["", "c" * 15, "c" * 129, "c" * 15 + "%41", "c" * 16 + "+", "c" * 16 + "/", "c" * 16 + "="],
)
def test_codes_that_are_none(code: str) -> None:
    assert "16 to 128 letters" in refusal(link(code=code))


@pytest.mark.parametrize(
    ("encoded", "why"),
    [
        ("https%253A%252F%252Fsite.example", "encoded twice"),
        ("https%3A%2F%2Fsite.example%2F%2541", "encoded twice"),
        ("https%3A%2F%2Fsite.example%252f@evil.example", "not percent-encoded"),
        ("https%3A%2F%2Fsite.example%2", "not percent-encoded"),
        ("https%3A%2F%2Fsite.example%zz", "not percent-encoded"),
        ("https://site.example?a=b", "not percent-encoded"),
        ("https%3A%2F%2Fsite.example%00", "may not have"),
        ("https%3A%2F%2Fsite.example%0d%0aHost:%20evil.example", "may not have"),
        ("https%3A%2F%2Fsite.example%2F%20", "may not have"),
        ("https%3A%2F%2Fsite.example%7F", "may not have"),
        ("https%3A%2F%2Fb%C3%BCcher.example", "xn--"),
        ("https%3A%2F%2Fsit%D0%B5.example", "xn--"),
        ("https%3A%2F%2Fsite.example%FF", "xn--"),
        ("https%3A%2F%2Fsite%E3%80%82example", "xn--"),
    ],
)
def test_addresses_that_are_not_encoded_exactly_once(encoded: str, why: str) -> None:
    assert why in refusal(f"twocan:launch?redeem={encoded}&code={CODE}")


@pytest.mark.parametrize(
    ("redeem", "why"),
    [
        ("", "no https:// address"),
        ("site.example/redeem", "no https:// address"),
        ("//site.example/redeem", "no https:// address"),
        ("https:site.example/redeem", "no https:// address"),
        ("https:/site.example/redeem", "no https:// address"),
        ("HTTPS://site.example/redeem", "no https:// address"),
        ("ftp://site.example/redeem", "no https:// address"),
        ("file:///etc/passwd", "no https:// address"),
        ("javascript:alert(1)", "no https:// address"),
        ("data:text/html,hello", "no https:// address"),
        ("https://site.example/<script>", "no https:// address"),
        ('https://site.example/"', "no https:// address"),
        ("https://site.example/[", "no https:// address"),
        ("https:\\\\site.example", "may not have"),
        ("https://site.example\\@evil.example/", "may not have"),
        ("https://site.example/\\evil", "may not have"),
        ("https://evil.example#@site.example/", "fragment"),
        ("https://site.example/#", "fragment"),
        ("https://somebody@site.example/", "names a user"),
        ("https://site.example:443@evil.example/", "names a user"),
        ("https://@site.example/", "names a user"),
        ("http://localhost@evil.example/", "names a user"),
        ("http://site.example/redeem", "not secure"),
        ("http://localhost.site.example/", "not secure"),
        ("http://127.0.0.1.site.example/", "not secure"),
        ("http://10.0.0.1/", "not secure"),
        ("http://0.0.0.0/", "not secure"),
        ("http://128.0.0.1/", "not secure"),
        ("http://[::]/", "not secure"),
        ("http://[::ffff:127.0.0.1]/", "not secure"),
        ("http://[fe80::1]/", "not secure"),
        ("https://site.example:/", "no port"),
        ("https://site.example:0/", "no port"),
        ("https://site.example:65536/", "no port"),
        ("https://site.example:0443/", "no port"),
        ("https://site.example:+443/", "no port"),
        ("https://site.example:443:443/", "no port"),
        ("https://[::1]:x/", "no port"),
        ("https:///redeem", "no host"),
        ("https://?x", "no host"),
        ("https://.example/", "no host"),
        ("https://site..example/", "no host"),
        ("https://site.example./", "no host"),
        ("https://./", "no host"),
        ("https://-site.example/", "no host"),
        ("https://site-.example/", "no host"),
        ("https://my_site.example/", "no host"),
        ("https://site!.example/", "no host"),
        (f"https://{'a' * 64}.example/", "no host"),
        (f"https://{'.'.join(['a' * 60] * 5)}/", "no host"),
        ("https://127.1/", "no host"),
        ("https://2130706433/", "no host"),
        ("https://0x7f000001/", "no host"),
        ("https://0177.0.0.1/", "no host"),
        ("https://127.0.0.0x1/", "no host"),
        ("https://256.1.1.1/", "no host"),
        ("https://1.2.3.4.5/", "no host"),
        ("http://[::1/", "no https:// address"),
        ("http://::1/", "no port"),
        ("https://[]/", "no https:// address"),
        ("https://[127.0.0.1]/", "no host"),
        ("https://[:::1]/", "no host"),
        ("https://[::1]evil.example/", "no https:// address"),
        ("https://[::1%25eth0]/", "no https:// address"),
    ],
)
def test_attacks_and_mistakes(redeem: str, why: str) -> None:
    with pytest.raises(LinkError) as refused:
        LaunchLink(redeem, CODE)
    assert why in str(refused.value)
    refusal(link(redeem))


# --- Whatever comes -----------------------------------------------------------------------------

LABELS = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?", fullmatch=True)
HOSTS = (
    st.lists(LABELS, min_size=1, max_size=4).map(".".join)
    | st.ip_addresses(v=4).map(str)
    | st.ip_addresses(v=6).map(lambda address: f"[{address}]")
)
TARGETS = st.from_regex(
    r"(/[a-z0-9._~!$&'()*+,;=:@-]{0,9}){0,3}(\?[a-z0-9=&/?-]{0,9})?", fullmatch=True
)
CODES = st.from_regex(r"[A-Za-z0-9_-]{16,128}", fullmatch=True)


@given(HOSTS, st.none() | st.integers(1, 65535), TARGETS, CODES)
def test_what_a_site_writes_is_what_is_asked(
    host: str, port: int | None, target: str, code: str
) -> None:
    authority = host if port is None else f"{host}:{port}"

    read = parse(link(f"https://{authority}{target}", code))

    assert (read.redeem, read.code) == (f"https://{authority}{target}", code)
    assert (read.port, read.secure) == (port or 443, True)
    assert read.site.removesuffix(f":{port}") == host
    assert read.target == (target if target.startswith("/") else "/" + target)


PIECES = st.sampled_from(
    [
        *("twocan:", "launch", "?", "&", "=", "redeem", "code", CODE, "https://", "http://", "#"),
        *(
            "site.example",
            "localhost",
            "127.0.0.1",
            "[::1]",
            ":",
            "8080",
            "/",
            "@",
            "\\",
            "%",
            "%2",
        ),
        *("%25", "%40", "%23", "%3A%2F%2F", "%00", "%0a", ".", "é", " ", "\n", "xn--"),
    ]
)
TEXTS = st.text() | st.lists(PIECES, max_size=14).map("".join)
SAFE_HOST = re.compile(r"[a-z0-9.-]+(:\d+)?|\[[0-9a-f:.]+\](:\d+)?")


def mangled(text: str, at: int, piece: str, cut: int) -> str:
    at %= len(text) + 1
    return text[:at] + piece + text[at + cut :]


@given(TEXTS | st.builds(mangled, st.just(link()), st.integers(0), PIECES, st.integers(0, 3)))
@example(link())
def test_whatever_comes_is_a_whole_link_or_refused_with_words(text: str) -> None:
    try:
        read = parse(text)
    except LinkError:
        refusal(text)
        return
    assert SAFE_HOST.fullmatch(read.site)
    assert read.secure or read.host in ("localhost", "::1") or read.host.startswith("127.")
    assert read.target.startswith("/")
    assert not set(read.target) & set("%#\\ \r\n")
    assert re.fullmatch("[A-Za-z0-9_-]{16,128}", read.code)
