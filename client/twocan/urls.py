"""Addresses of the web that may be asked, wherever somebody wrote them.

There is one way to write each, and whatever else is refused with a reason. They are asked over
TLS; only this very machine need not be.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

_SHOWN = 80

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


class UrlError(ValueError):
    """It may not be asked: what is wrong with it, as the end of a sentence about it."""


@dataclass(frozen=True, slots=True)
class Url:
    """``text``: the whole of it, in ASCII. Raises ``UrlError``."""

    text: str

    def __post_init__(self) -> None:
        _check(self.text)

    @property
    def site(self) -> str:
        """The host that is asked, as people are shown it, and its port if that is not 443.

        An international name stays in its ASCII form (RFC 5890 §2.3.2.1): letters of one script
        can be made to look like another's.
        """
        host = _in_brackets(self.host)
        return host if self.port == 443 and self.secure else f"{host}:{self.port}"

    @property
    def host(self) -> str:
        """A name or an IP address, without brackets."""
        return str(self._split.hostname)

    @property
    def port(self) -> int:
        return self._split.port or self._usual_port

    @property
    def authority(self) -> str:
        """Host and port as the host wants to hear them (RFC 9110 §7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == self._usual_port else f"{host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether it is asked over TLS. Only this very machine is not."""
        return self._split.scheme == "https"

    @property
    def target(self) -> str:
        """What is asked of the host: the path, and a query (RFC 9112 §3.2.1)."""
        query = f"?{self._split.query}" if "?" in self.text else ""
        return (self._split.path or "/") + query

    @property
    def _usual_port(self) -> int:
        return 443 if self.secure else 80

    @property
    def _split(self) -> SplitResult:
        return urlsplit(self.text)


def _check(url: str) -> None:
    if not url.isprintable() or " " in url or "\\" in url:
        raise UrlError("has a character that it may not have")
    if "#" in url:
        raise UrlError("has a fragment (#)")
    if "@" in re.split("[/?]", url.partition("://")[2])[0]:
        raise UrlError("names a user (@)")
    if not (found := _URL.fullmatch(url)):
        raise UrlError("is no https:// address")
    _check_port(found["port"])
    host = _check_host(found["host"])
    if found["scheme"] != "https" and not _is_this_machine(host):
        raise UrlError(f"is not secure: {host} needs https://")


def _check_port(port: str | None) -> None:
    if port is not None and (not _PORT.fullmatch(port) or int(port[1:]) > 0xFFFF):
        raise UrlError("has no port from 1 to 65535 after its colon")


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
        raise UrlError(f"names no host: {host[:_SHOWN]!a}")
    return name


def _is_this_machine(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return any(address in network for network in _THIS_MACHINE)


def _in_brackets(host: str) -> str:
    return f"[{ipaddress.ip_address(host)}]" if ":" in host else host
