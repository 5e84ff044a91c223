"""Attacks through links that have hit phones and other programs with a scheme of their own.

What each of them comes to here: a link is a stranger's text, followed whole or refused in words.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twocan.__main__ import is_window
from twocan.links import LONGEST, LaunchLink, LinkError, parse

CODE = "a-one-time-code_0123456789"
GOOD = f"twocan:launch?redeem=https%3A%2F%2Fsite.example%2Fredeem&code={CODE}"

NO_BUTTON = "this is no link of a call button: it does not begin with twocan:launch?"
CHARACTER = "this link has a character that no link may have"
TOO_LONG = "this link is too long: it has more than 2048 characters"
STRANGER = "this link has a part that is neither redeem= nor code="
NO_CODE = "this link does not say code="
CODE_WRONG = "the code of this link is not 16 to 128 letters, digits, - and _"
CODE_SHOWN = "the address in this link has the code in it, which belongs beside it"
ENCODING = "the address in this link is not percent-encoded"
TWICE = "the address in this link is percent-encoded twice"
ASCII = "the address in this link has letters that are not ASCII: it needs them as xn--"
INNER_CHARACTER = "the address in this link has a character that it may not have"
FRAGMENT = "the address in this link has a fragment (#)"
USER = "the address in this link names a user (@)"
NO_HTTPS = "the address in this link is no https:// address"
PORT = "the address in this link has no port from 1 to 65535 after its colon"
NOT_SECURE = "the address in this link is not secure"
NO_HOST = "the address in this link names no host"


def leading_to(address: str) -> str:
    """A link whose address is this, encoded as a site does it."""
    return f"twocan:launch?redeem={quote(address, safe='')}&code={CODE}"


def raw(address: str) -> str:
    """A link whose address is this as it stands."""
    return f"twocan:launch?redeem={address}&code={CODE}"


# Each row: which attack it is, the link, and how what is said of it begins.
REFUSED = [
    # Words that become options of the program which is started (argument injection).
    ("Electron on Windows, CVE-2018-1000006", "twocan:x --gpu-launcher=calc.exe", CHARACTER),
    ("the same, at the end of a whole link", f"{GOOD} --account=/tmp/evil", CHARACTER),
    ("Teams and Skype: a quote ends the argument", f'{GOOD}" --account \\\\evil\\share', CHARACTER),
    ("the same without blanks", f'{GOOD}"--account=\\\\evil\\share', CODE_WRONG),
    ("a quote that is encoded", f"{GOOD}%22%20--account%20evil", CODE_WRONG),
    ("Skype: a call without a question", "skype:echo123?call&autoanswer=true", NO_BUTTON),
    ("Skype's words in our scheme", "twocan:victim@site.example?call", NO_BUTTON),
    ("Zoom: meeting parameters", f"twocan:launch?action=join&confno=1&code={CODE}", STRANGER),
    ("Steam: commands behind the scheme", "twocan:-applaunch 440 -dev", CHARACTER),
    ("Steam: +commands", "twocan:run/440/+bind", NO_BUTTON),
    ("VLC: options of an input behind a colon", "twocan:launch:demux=x", NO_BUTTON),
    ("mail programs: a file that goes with it", f"{GOOD}&attach=/etc/passwd", STRANGER),
    ("the same with a dash", f"{GOOD}&-attach=/etc/passwd", STRANGER),
    ("ssh and git: an option for a host", leading_to("https://-oProxyCommand=calc/"), NO_HOST),
    ("git: another program as transport", leading_to("ext::sh -c calc"), INNER_CHARACTER),
    ("a link that is an option", "--account=twocan:launch", NO_BUTTON),
    ("an option of Qt", "-platformpluginpath=twocan:launch?", NO_BUTTON),
    ("another link behind a line", f"{GOOD}\n{GOOD}", CHARACTER),
    # What a shell, a template or a printf would make something of.
    ("xdg-open: a command in backquotes", f"{GOOD}`calc`", CODE_WRONG),
    ("xdg-open: $( )", f"{GOOD}$(calc)", CODE_WRONG),
    ("a semicolon, as in CVE-2017-18266", f"{GOOD};calc", CODE_WRONG),
    ("a pipe", f"{GOOD}|calc", CODE_WRONG),
    ("an ampersand", f"{GOOD}&calc", STRANGER),
    ("cmd.exe: a caret", f"{GOOD}^&calc", STRANGER),
    ("cmd.exe: a variable", f"{GOOD}%PATH%", CODE_WRONG),
    ("desktop entries: a field of Exec", f"{GOOD}%f", CODE_WRONG),
    ("C: a format that writes", f"{GOOD}%n%n%s", CODE_WRONG),
    ("Python: a format that reads", f"{GOOD}{{0.__class__}}", CODE_WRONG),
    ("the same in the address", leading_to("https://site.example/{0.__class__}"), NO_HTTPS),
    ("the same in the host", leading_to("https://{x.__class__}.example/"), NO_HOST),
    ("Java: a lookup, CVE-2021-44228", leading_to("https://site.example/${jndi:x}"), NO_HTTPS),
    ("a template", leading_to("https://site.example/{{7*7}}"), NO_HTTPS),
    ("markup", leading_to("https://site.example/<img src=x>"), INNER_CHARACTER),
    ("markup without a blank", leading_to("https://site.example/<b>"), NO_HTTPS),
    ("a path out of its folder", "twocan:../../../etc/passwd", NO_BUTTON),
    ("the same, as Windows writes it", "twocan:..\\..\\evil", NO_BUTTON),
    ("a path for a code", f"twocan:launch?redeem=https://site.example&code=../{CODE}", CODE_WRONG),
    # Characters that are not seen, or end what is read.
    ("NUL ends a string of C's", f"{GOOD}\0.evil", CHARACTER),
    ("NUL, encoded", raw("https%3A%2F%2Fsite.example%00.evil.example"), INNER_CHARACTER),
    ("a new line ends a header of HTTP", f"{GOOD}\r\nHost: evil", CHARACTER),
    ("the same, encoded", raw("https%3A%2F%2Fsite.example%0D%0AHost%3A"), INNER_CHARACTER),
    ("the same, encoded twice", raw("https%3A%2F%2Fsite.example%250D%250A"), TWICE),
    ("a tab, which browsers take away", f"{GOOD[:9]}\t{GOOD[9:]}", CHARACTER),
    ("a tab in the address", raw("https%3A%2F%2Fsite%09.example"), INNER_CHARACTER),
    ("a blank at the beginning", f" {GOOD}", CHARACTER),
    ("escape: a terminal's commands", f"{GOOD}\x1b[2J", CHARACTER),
    ("the same in eight bits", f"{GOOD}\x9b2J", CHARACTER),
    ("backspace", f"{GOOD}\b", CHARACTER),
    ("text that runs backwards", f"{GOOD}\u202egpj.exe", CHARACTER),
    ("a byte order mark", f"\ufeff{GOOD}", CHARACTER),
    ("half of a surrogate pair", f"{GOOD}\ud800", CHARACTER),
    ("a byte that is no UTF-8, as Python reads arguments", f"{GOOD}\udcff", CHARACTER),
    # Ways to write the same in other words, which a first look passes over.
    ("the scheme in capitals", GOOD.replace("twocan", "TWOCAN"), NO_BUTTON),
    ("the scheme with an authority", GOOD.replace("twocan:", "twocan://"), NO_BUTTON),
    ("the same with one slash", GOOD.replace("twocan:", "twocan:/"), NO_BUTTON),
    ("a blank behind the scheme", GOOD.replace("twocan:", "twocan :"), CHARACTER),
    ("the scheme, encoded", GOOD.replace("twocan:", "twocan%3A"), NO_BUTTON),
    ("what to do, encoded", GOOD.replace("launch", "l%61unch"), NO_BUTTON),
    ("what to do, in capitals", GOOD.replace("launch", "Launch"), NO_BUTTON),
    ("a parameter's name, encoded", GOOD.replace("code=", "c%6Fde="), STRANGER),
    ("a parameter's name, in capitals", GOOD.replace("code=", "Code="), STRANGER),
    ("semicolons between parameters", GOOD.replace("&code", ";code"), NO_CODE),
    ("an ampersand as in HTML", GOOD.replace("&code", "&amp;code"), STRANGER),
    ("a second code", f"{GOOD}&code={CODE}", "this link says code= twice"),
    ("a second address", f"{GOOD}&redeem=https%3A%2F%2Fevil.example", "this link says redeem= twi"),
    ("a parameter nobody knows", f"{GOOD}&video=1", STRANGER),
    ("an array, as PHP has them", GOOD.replace("code=", "code[]="), STRANGER),
    ("the code where others read it", leading_to(f"https://site.example/{CODE}"), CODE_SHOWN),
    ("the code as a host, in capitals", leading_to(f"https://{CODE.upper()}/"), CODE_SHOWN),
    ("a fragment", f"{GOOD}#evil", CODE_WRONG),
    ("a fragment in the address", leading_to("https://evil.example#@site.example"), FRAGMENT),
    ("encoded twice", raw("https%253A%252F%252Fsite.example"), TWICE),
    ("a slash, encoded twice", raw("https%3A%2F%2Fsite.example%252F..%252Fx"), TWICE),
    ("a percent sign alone", raw("https%3A%2F%2Fsite.example%"), ENCODING),
    ("over-long UTF-8 of a slash", raw("https%3A%2F%2Fsite.example%C0%AF..%C0%AF"), ASCII),
    ("over-long UTF-8 of NUL", raw("https%3A%2F%2Fsite.example%C0%80"), ASCII),
    ("%u, as old servers read", raw("https%3A%2F%2Fsite.example%u002f"), ENCODING),
    ("a link without end", GOOD + "a" * LONGEST, TOO_LONG),
    ("the same, all of it blanks", " " * 1_000_000, TOO_LONG),
    # Addresses that are no site's.
    ("a script", leading_to("javascript:alert(1)//https://site.example"), NO_HTTPS),
    ("a script, in capitals", leading_to("JaVaScRiPt:alert(1)"), NO_HTTPS),
    ("a file", leading_to("file:///etc/passwd"), NO_HTTPS),
    ("a folder of somebody else's computer", leading_to("file://evil.example/share"), NO_HTTPS),
    ("the same, as Windows writes it", leading_to("\\\\evil.example\\share"), INNER_CHARACTER),
    ("a page in the link itself", leading_to("data:text/html,hello"), NO_HTTPS),
    ("a link of ours in a link", leading_to(GOOD), TWICE),
    ("another handler: Office", leading_to("ms-word:ofe|u|https://evil.example"), NO_HTTPS),
    ("another handler: Windows' search", leading_to("search-ms:query=x"), NO_HTTPS),
    ("an address without a scheme", leading_to("//evil.example/"), NO_HTTPS),
    ("ftp", leading_to("ftp://site.example/"), NO_HTTPS),
    ("a WebSocket", leading_to("wss://site.example/"), NO_HTTPS),
    # Hosts that look like another, or are another than they look.
    ("a user who looks like the site", leading_to("https://site.example@evil.example/"), USER),
    ("the same with a word", leading_to("https://site.example:x@evil.example/"), USER),
    ("the same, encoded once more", raw("https%3A%2F%2Fsite.example%2540evil.example"), TWICE),
    (
        "a backslash for a slash",
        leading_to("https://evil.example\\@site.example/"),
        INNER_CHARACTER,
    ),
    ("backslashes for slashes", leading_to("https:\\\\evil.example"), INNER_CHARACTER),
    ("Cyrillic letters as they are", raw("https://p\u0430ypal.example/"), CHARACTER),
    ("Cyrillic letters", leading_to("https://p\u0430ypal.example/"), ASCII),
    ("all of it Cyrillic", leading_to("https://\u0430\u0440\u0440\u04cf\u0435.example/"), ASCII),
    ("letters of full width", leading_to("https://\uff53ite.example/"), ASCII),
    ("a dot of full width", leading_to("https://evil\uff0eexample/"), ASCII),
    ("an ideographic dot", leading_to("https://evil\u3002example/"), ASCII),
    ("a soft hyphen, which nobody sees", leading_to("https://si\u00adte.example/"), ASCII),
    ("a joiner of no width", leading_to("https://si\u200dte.example/"), ASCII),
    ("a slash that is none", leading_to("https://site.example\u2215.evil.example/"), ASCII),
    ("a question mark that is none", leading_to("https://site.example\uff1f.evil.example"), ASCII),
    ("sharp s, once ss", leading_to("https://stra\u00dfe.example/"), ASCII),
    ("a dotless i", leading_to("https://s\u0131te.example/"), ASCII),
    ("an encoded host", raw("https%3A%2F%2Fsite%252eexample"), TWICE),
    ("a dot at the end, another origin", leading_to("https://site.example./"), NO_HOST),
    ("dots alone", leading_to("https://../"), NO_HOST),
    ("an underscore", leading_to("https://my_site.example/"), NO_HOST),
    ("a name that is too long", leading_to(f"https://{'a.' * 127}example/"), NO_HOST),
    # This machine and its neighbours in disguise.
    ("127.0.0.1 in octal", leading_to("http://0177.0.0.1/"), NO_HOST),
    ("in hexadecimal", leading_to("http://0x7f.0.0.1/"), NO_HOST),
    ("all of it in hexadecimal", leading_to("http://0x7f000001/"), NO_HOST),
    ("as one number", leading_to("http://2130706433/"), NO_HOST),
    ("cut short", leading_to("http://127.1/"), NO_HOST),
    ("with zeros before it", leading_to("http://127.000.000.001/"), NO_HOST),
    ("within IPv6", leading_to("http://[::ffff:127.0.0.1]/"), NOT_SECURE),
    ("the same in hexadecimal", leading_to("http://[::ffff:7f00:1]/"), NOT_SECURE),
    ("an address that is all of this machine's", leading_to("http://0.0.0.0/"), NOT_SECURE),
    ("the same in IPv6", leading_to("http://[::]/"), NOT_SECURE),
    ("a name that begins like it", leading_to("http://localhost.evil.example/"), NOT_SECURE),
    ("a name below it", leading_to("http://evil.localhost/"), NOT_SECURE),
    ("an address that begins like it", leading_to("http://127.0.0.1.evil.example/"), NOT_SECURE),
    ("a router at home", leading_to("http://192.168.0.1/"), NOT_SECURE),
    ("the cloud's keys", leading_to("http://169.254.169.254/latest/meta-data"), NOT_SECURE),
    ("a zone of IPv6", leading_to("https://[fe80::1%eth0]/"), TWICE),
    ("the same as RFC 6874 has it", leading_to("https://[fe80::1%25eth0]/"), TWICE),
    ("a bracket that stays open", leading_to("https://[::1/"), NO_HTTPS),
    ("a name in brackets", leading_to("https://[site.example]/"), NO_HTTPS),
    ("an address of the future", leading_to("https://[v1.fe80::a]/"), NO_HTTPS),
    ("port 0", leading_to("https://site.example:0/"), PORT),
    ("a port that is too great", leading_to("https://site.example:65536/"), PORT),
    ("a port that comes round again", leading_to("https://site.example:4294967739/"), PORT),
    ("a port with a sign", leading_to("https://site.example:+443/"), PORT),
    ("a port below none", leading_to("https://site.example:-1/"), PORT),
    ("a port in other digits", leading_to("https://site.example:\u0664\u0664\u0663/"), ASCII),
    ("a colon and no port", leading_to("https://site.example:/"), PORT),
    ("two ports", leading_to("https://site.example:443:80/"), PORT),
]


@pytest.mark.parametrize(
    ("link", "said"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_it_is_refused_in_words(link: str, said: str) -> None:
    with pytest.raises(LinkError) as refused:
        parse(link)
    words = str(refused.value)
    assert words.startswith(said)
    assert fit_to_be_shown(words)
    assert CODE not in words.lower()


# Each row: what it looks like, the address, and the host that people are shown.
FOLLOWED = [
    ("a name in Cyrillic", "https://xn--80ak6aa92e.example/", "xn--80ak6aa92e.example"),
    ("a name in German", "https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
    ("one in capitals", "https://XN--80AK6AA92E.Example/", "xn--80ak6aa92e.example"),
    ("letters that look alike in ASCII", "https://SlTE.example/", "slte.example"),
    ("a site's name before another's", "https://site.example.evil.test/", "site.example.evil.test"),
    ("an at sign in the path", "https://evil.test/@site.example", "evil.test"),
    ("the same in the query", "https://evil.test?@site.example", "evil.test"),
    ("an address in the path", "https://evil.test/https://site.example", "evil.test"),
    ("a path that climbs", "https://evil.test/../../site.example", "evil.test"),
    ("another port", "https://site.example:8443/", "site.example:8443"),
    ("IPv6 in many letters", "https://[0:0:0:0:0:0:0:1]/", "[::1]"),
    ("this machine, in development", "http://localhost:8080/redeem", "localhost:8080"),
]


@pytest.mark.parametrize(
    ("address", "shown"), [r[1:] for r in FOLLOWED], ids=[r[0] for r in FOLLOWED]
)
def test_it_is_followed_and_shows_whom_it_asks(address: str, shown: str) -> None:
    link = parse(leading_to(address))
    assert link.site == shown
    assert link.site.isascii()
    assert not link.target.startswith("//evil")


# --- Whatever comes ------------------------------------------------------------------------------

SEEDS = st.sampled_from([row[1] for row in REFUSED[:70]] + [leading_to(row[1]) for row in FOLLOWED])


def fit_to_be_shown(words: str) -> bool:
    return bool(words) and words.isprintable() and len(words) < 250


@st.composite
def crossed(draw: st.DrawFn) -> str:
    """The beginning of one attack and the end of another."""
    one, other = draw(SEEDS), draw(SEEDS)
    return one[: draw(st.integers(0, len(one)))] + other[draw(st.integers(0, len(other))) :]


def read(text: str) -> LaunchLink | str:
    """The link that it is, or what is said of it."""
    try:
        return parse(text)
    except LinkError as error:
        return str(error)


@given(st.text() | crossed() | st.text().map(raw) | st.text().map(leading_to))
@example(GOOD)
@example(leading_to(f"https://{CODE}/"))
@example(leading_to(f"http://x{CODE.replace('_', '')}.example/".lower()))
def test_any_text_is_a_whole_link_or_one_printable_line_without_the_code(text: str) -> None:
    link = read(text)
    if isinstance(link, str):
        assert fit_to_be_shown(link)
        assert CODE not in link
    else:
        assert re.fullmatch(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]+)?", link.site)
        again = f"twocan:launch?redeem={quote(link.redeem, safe='')}&code={link.code}"
        assert len(again) > LONGEST or parse(again) == link


@given(st.text(), st.text())
def test_no_link_is_made_of_unchecked_parts_either(redeem: str, code: str) -> None:
    for given_code in (code, CODE):
        with pytest.raises(LinkError) as refused:
            LaunchLink(redeem, given_code)
        assert fit_to_be_shown(str(refused.value))


# --- The program: nothing of a link is ever an option --------------------------------------------

TAMPERED = [
    ["twocan:x", "--account", "f"],
    [GOOD, "--account", "f"],
    [GOOD, "call", "evil@site.example"],
    [GOOD, "--version"],
    [GOOD, "uninstall", "--quiet", "--history"],
    [GOOD, "--"],
    [GOOD, ""],
    ["--window=twocan:x"],
    ["TWOCAN:launch?redeem=x"],
    ["-twocan:"],
    ["call twocan:launch"],
    ["\x1b[2Jtwocan:"],
]
"""What a handler's command line becomes where quoting failed, and what was never a link."""


@pytest.mark.parametrize("arguments", TAMPERED, ids=repr)
def test_words_beside_a_link_do_nothing(arguments: list[str], tmp_path: Path) -> None:
    ended = run_twocan(arguments, tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "twocan: " in ended.stderr
    assert CODE not in ended.stderr
    assert "\x1b" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    ["twocan:x --account f", 'twocan:x" --account f', "twocan:--hidden", "twocan:\n--hidden"],
)
def test_what_is_one_argument_stays_a_link_to_be_refused(text: str) -> None:
    assert is_window([text])
    with pytest.raises(LinkError):
        parse(text)


def run_twocan(arguments: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    """The program itself, with nothing but this for a home and no display."""
    places = {name: str(home) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    return subprocess.run(
        [sys.executable, "-m", "twocan", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **places},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
