"""Launch links: where a call button leads.

A site's button opens ``twocan:launch?redeem=<URL>&code=<CODE>``: where to ask what the link is for,
percent-encoded, and a one-time code to ask with. Never a password or a token. Anyone can write such
a link anywhere, so there is one way to write each, and whatever else is refused with a reason.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

LONGEST = 2048
"""Characters of a link."""

_BEGINS = "twocan:launch?"
_SHOWN = 80

_CODE = re.compile(r"[A-Za-z0-9_-]{16,128}")

# What encodeURIComponent leaves as it is, and ":" and "/", which some programs that hand links on
# decode although nobody asked them to.
_ENCODED = re.compile(r"(?:[A-Za-z0-9._~!*'():/-]|%[0-9A-Fa-f]{2})*")

# RFC 3986 §3, but for "%": what is decoded once is not decoded again.
_URL = re.compile(
    r"""(?P<scheme>https?)://
        (?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:/?]*)
        (?P<port>:[^/?]*)?
        (?:/[A-Za-z0-9._~!$&'()*+,;=:@/-]*)?
        (?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?-]*)?""",
    re.VERBOSE,
)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORT = re.compile(r":[1-9][0-9]{0,4}")
_LONGEST_HOST = 253
_THIS_MACHINE = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))


class LinkError(ValueError):
    """It is no launch link, or not one to follow: one line, what is wrong with it."""


@dataclass(frozen=True, slots=True)
class LaunchLink:
    """``redeem``: the URL to ask, in ASCII. ``code``: what it wants to hear, and that once.

    Raises ``LinkError``.
    """

    redeem: str
    code: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise LinkError("the code of this link is not 16 to 128 letters, digits, - and _")
        _check(self.redeem)

    @property
    def site(self) -> str:
        """The host that is asked, as people are shown it, and its port if that is not 443.

        An international name stays in its ASCII form (RFC 5890 §2.3.2.1): letters of one script
        can be made to look like another's.
        """
        host = _in_brackets(str(self._split.hostname))
        return host if self.port == 443 and self.secure else f"{host}:{self.port}"

    @property
    def host(self) -> str:
        """A name or an IP address, without brackets."""
        return str(self._split.hostname)

    @property
    def port(self) -> int:
        return self._split.port or (443 if self.secure else 80)

    @property
    def secure(self) -> bool:
        """Whether it is asked over TLS. Only this very machine is not."""
        return self._split.scheme == "https"

    @property
    def target(self) -> str:
        """What is asked of the host: the path, and a query (RFC 9112 §3.2.1)."""
        query = f"?{self._split.query}" if "?" in self.redeem else ""
        return (self._split.path or "/") + query

    @property
    def _split(self) -> SplitResult:
        return urlsplit(self.redeem)


def parse(text: str) -> LaunchLink:
    """The link that ``text`` is. Raises ``LinkError``."""
    if len(text) > LONGEST:
        raise LinkError(f"this link is too long: it has more than {LONGEST} characters")
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise LinkError("this link has a character that no link may have")
    if not text.startswith(_BEGINS):
        raise LinkError(f"this is no link of a call button: it does not begin with {_BEGINS}")
    given = _parameters(text.removeprefix(_BEGINS))
    return LaunchLink(_decoded(given["redeem"]), given["code"])


def _parameters(query: str) -> dict[str, str]:
    given: dict[str, str] = {}
    # What a parameter is called is not repeated in an error: it may be a code in its place.
    for parameter in query.split("&"):
        name, is_one, value = parameter.partition("=")
        if not is_one or name not in ("redeem", "code"):
            raise LinkError("this link has a part that is neither redeem= nor code=")
        if name in given:
            raise LinkError(f"this link says {name}= twice")
        given[name] = value
    for name in ("redeem", "code"):
        if name not in given:
            raise LinkError(f"this link does not say {name}=")
    return given


def _decoded(value: str) -> str:
    if not _ENCODED.fullmatch(value):
        raise LinkError("the address in this link is not percent-encoded")
    decoded = unquote_to_bytes(value)
    if b"%" in decoded:
        raise LinkError("the address in this link is percent-encoded twice")
    try:
        return decoded.decode("ascii")
    except UnicodeDecodeError:
        raise LinkError(
            "the address in this link has letters that are not ASCII: it needs them as xn--"
        ) from None


def _check(url: str) -> None:
    if not url.isprintable() or " " in url or "\\" in url:
        raise LinkError("the address in this link has a character that it may not have")
    if "#" in url:
        raise LinkError("the address in this link has a fragment (#)")
    if "@" in re.split("[/?]", url.partition("://")[2])[0]:
        raise LinkError("the address in this link names a user (@)")
    if not (found := _URL.fullmatch(url)):
        raise LinkError("the address in this link is no https:// address")
    _check_port(found["port"])
    host = _check_host(found["host"])
    if found["scheme"] != "https" and not _is_this_machine(host):
        raise LinkError(f"the address in this link is not secure: {host} needs https://")


def _check_port(port: str | None) -> None:
    if port is not None and (not _PORT.fullmatch(port) or int(port[1:]) > 0xFFFF):
        raise LinkError("the address in this link has no port from 1 to 65535 after its colon")


def _check_host(host: str) -> str:
    name = host.lower()
    labels = name.split(".")
    try:
        if name.startswith("["):
            return str(ipaddress.IPv6Address(name[1:-1]))
        if _NUMBER.fullmatch(labels[-1]):
            # It is an IPv4 address, and those have one spelling here (WHATWG URL §3.5 has many).
            return str(ipaddress.IPv4Address(name))
        is_name = len(name) <= _LONGEST_HOST and all(map(_LABEL.fullmatch, labels))
    except ValueError:
        is_name = False
    if not is_name:
        raise LinkError(f"the address in this link names no host: {host[:_SHOWN]!r}")
    return name


def _is_this_machine(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return any(address in network for network in _THIS_MACHINE)


def _in_brackets(host: str) -> str:
    return f"[{ipaddress.ip_address(host)}]" if ":" in host else host
