"""Where a session description says that its media are, and saying that they are elsewhere."""

import re

_CANDIDATE = re.compile(
    r"^a=candidate:(?P<before>\S+ 1 udp \d+) (?P<host>\S+) (?P<port>\d+) typ host\b.*\r\n",
    re.MULTILINE | re.IGNORECASE,
)
_ANY_CANDIDATE = re.compile(r"^a=(candidate:.*|end-of-candidates)\r\n", re.MULTILINE)
_MEDIUM = re.compile(r"^(?=m=)", re.MULTILINE)


def address_of(sdp: str) -> tuple[str, int]:
    """The first IPv4 address of a host over UDP. ValueError where there is none."""
    for found in _CANDIDATE.finditer(sdp):
        if "." in found["host"]:
            return found["host"], int(found["port"])
    raise ValueError("the description has no IPv4 address: this machine needs one to be measured")


def moved(sdp: str, address: tuple[str, int]) -> str:
    """The same with one candidate only for each of its media, ``address``."""
    host, port = address
    lines = f"a=candidate:1 1 udp 2130706431 {host} {port} typ host\r\na=end-of-candidates\r\n"
    session, *media = _MEDIUM.split(_ANY_CANDIDATE.sub("", sdp))
    return session + "".join(medium + lines for medium in media)
