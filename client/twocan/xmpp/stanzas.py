"""What is read out of stanzas beside Jingle: carbons, delays, and the supernode's servers."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from twocan.address import bare
from twocan.jingle import JINGLE_MESSAGE
from twocan.signalling import IceServer

CLIENT = "jabber:client"
CARBONS = "urn:xmpp:carbons:2"
DELAY = "urn:xmpp:delay"
EXTDISCO = "urn:xmpp:extdisco:2"
FORWARD = "urn:xmpp:forward:0"
HINTS = "urn:xmpp:hints"

SHOW = f"{{{CLIENT}}}show"

_DEFAULT_PORTS = {"stun": 3478, "turn": 3478, "turns": 5349}


def uncarboned(message: ET.Element, me: str) -> ET.Element:
    """The message inside a carbon copy, or ``message`` itself (XEP-0280 §11).

    Anybody may write a message that looks like a carbon; only one's own account may mean it.
    """
    if message.get("from", bare(me)) != bare(me):
        return message
    for direction in ("sent", "received"):
        path = f"{{{CARBONS}}}{direction}/{{{FORWARD}}}forwarded/{{{CLIENT}}}message"
        copied = message.find(path)
        if copied is not None:
            return copied
    return message


def initiation(message: ET.Element) -> ET.Element | None:
    """The part of a message that XEP-0353 is about."""
    tag = f"{{{JINGLE_MESSAGE}}}"
    return next((child for child in message if child.tag.startswith(tag)), None)


def age(now: datetime, *messages: ET.Element) -> float | None:
    """How many seconds a message, or the copy that it came in, was kept before it was delivered
    (XEP-0203); None if it was not. At least 0: the clock that stamped it may be ahead of ours.
    """
    delays = (delay for message in messages for delay in message.findall(f"{{{DELAY}}}delay"))
    sent = (_moment(delay.get("stamp", "")) for delay in delays)
    ages = [(now - moment).total_seconds() for moment in sent if moment]
    return max([0.0, *ages]) if ages else None


def ice_servers(services: ET.Element) -> tuple[IceServer, ...]:
    """The STUN and TURN servers that XEP-0215 names, the usable ones."""
    found = (_server(element) for element in services.findall(f"{{{EXTDISCO}}}service"))
    return tuple(server for server in found if server is not None)


def expiry(services: ET.Element, now: datetime) -> float | None:
    """In how many seconds the first of their credentials ends."""
    ends = [
        (end - now).total_seconds()
        for element in services.findall(f"{{{EXTDISCO}}}service")
        if (end := _moment(element.get("expires", "")))
    ]
    return min(ends, default=None)


def _server(element: ET.Element) -> IceServer | None:
    kind, host = element.get("type", ""), element.get("host", "")
    transport = element.get("transport", "udp")
    port = element.get("port", "")
    if kind not in _DEFAULT_PORTS or not host or transport not in ("udp", "tcp"):
        return None
    if kind == "stun" and transport != "udp":
        return None
    return IceServer(
        kind=kind,
        host=host,
        port=int(port) if port.isascii() and port.isdigit() else _DEFAULT_PORTS[kind],
        transport=transport,
        username=element.get("username"),
        password=element.get("password"),
    )


def _moment(stamp: str) -> datetime | None:
    """A date and time of XEP-0082, None if it is not one."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
