"""Launch links: where a call button leads.

A site's button opens ``twocan:launch?redeem=<URL>&code=<CODE>``: where to ask what the link is for,
percent-encoded, and a one-time code to ask with. Never a password or a token. Anyone can write such
a link anywhere, so there is one way to write each, and whatever else is refused with a reason. The
code is never in that.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from twocan.urls import Url, UrlError

LONGEST = 2048
"""Characters of a link."""

_BEGINS = "twocan:launch?"

_CODE = re.compile(r"[A-Za-z0-9_-]{16,128}")

# What encodeURIComponent leaves as it is, and ":" and "/", which some programs that hand links on
# decode although nobody asked them to.
_ENCODED = re.compile(r"(?:[A-Za-z0-9._~!*'():/-]|%[0-9A-Fa-f]{2})*")


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
        # Addresses are written down in many places, and hosts are said in errors, in small letters.
        if self.code.lower() in self.redeem.lower():
            raise LinkError("the address in this link has the code in it, which belongs beside it")
        try:
            Url(self.redeem)
        except UrlError as error:
            raise LinkError(f"the address in this link {error}") from None

    @property
    def url(self) -> Url:
        """Where to ask."""
        return Url(self.redeem)

    @property
    def site(self) -> str:
        """The host that is asked, as people are shown it: see ``Url.site``."""
        return self.url.site

    @property
    def host(self) -> str:
        """A name or an IP address, without brackets."""
        return self.url.host

    @property
    def port(self) -> int:
        return self.url.port

    @property
    def secure(self) -> bool:
        """Whether it is asked over TLS. Only this very machine is not."""
        return self.url.secure

    @property
    def target(self) -> str:
        """What is asked of the host: see ``Url.target``."""
        return self.url.target


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
