"""The calls that people make, read out of what ejabberd's mod_logxml writes about messages (pure).

mod_logxml writes each message that somebody sends as ::

    <packet or="send" ljid="SENDER" ts="TIME"><message from='SENDER' …>…</message></packet>

and a line feed. It escapes nothing in the ``ljid``, and a resource may hold whatever a line may;
``from``, which ejabberd itself puts there, says who it was. Inside the message ejabberd escapes
every double quote and every ``<`` that is no tag. So a line that starts as above starts a packet
whatever people send, and what follows its last ``">`` is the message.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_START = b'\n<packet or="send" ljid="'
_END = b"</packet>\n"
_INITIATION = "urn:xmpp:jingle-message:0"  # XEP-0353
_MAX_PACKET = 1 << 20  # of a stream of TCP it is 32,768 at most, before anything in it is escaped
_MAX_ADDRESS = 32 + 1 + 253 + 1  # a bare one, and the slash behind it


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of XEP-0353, with nothing else in it."""

    sender: str  # full address
    to: str  # as it was sent: bare or full
    message: bytes  # XML


def not_counted(_sender: str, _size: int) -> None:
    """Where nobody wants to know how much people send."""


class Listener:
    """Takes what mod_logxml writes about one site, in whatever pieces it comes.

    ``sent`` is told of everything that somebody sends, once: their bare address, and its bytes.
    """

    def __init__(self, sent: Callable[[str, int], None] = not_counted) -> None:
        self._sent = sent
        self._kept = b"\n"
        self._whose = b""
        """Start of what is so long that the rest of it is dropped as it comes."""

    def feed(self, data: bytes) -> Iterator[Heard]:
        """What was heard of calls; all other messages are dropped here."""
        # What comes before the first start is the rest of something that was dropped.
        before, *packets = (self._kept + data).split(_START)
        if self._whose:
            self._count(self._whose, min(len(before), len(data)))
        self._whose = b"" if packets else self._whose
        self._kept = b"\n" if packets else before[-len(_START) :]
        for number, packet in enumerate(packets, 1):
            found = _initiation(packet)
            if found is None and number == len(packets) and not packet.endswith(_END):
                if len(packet) < _MAX_PACKET:
                    self._kept = _START + packet
                    return
                self._whose = packet[:_MAX_ADDRESS]
            self._count(packet, len(packet))
            if found is not None:
                yield found

    def _count(self, packet: bytes, size: int) -> None:
        sender, full, _ = packet[:_MAX_ADDRESS].partition(b"/")
        if full:
            self._sent(sender.decode(errors="replace"), size)


def _initiation(packet: bytes) -> Heard | None:
    """None for another message, and for one that is not whole."""
    if _INITIATION.encode() not in packet:
        return None
    _, _, message = packet.rpartition(b'">')
    try:
        element = ET.fromstring(message.rstrip(b"\n").removesuffix(_END.strip()))  # noqa: S314
    except ET.ParseError:
        return None
    calls = [child for child in element if child.tag.startswith(f"{{{_INITIATION}}}")]
    if not calls or element.get("type") == "error":
        return None
    sender = element.get("from", "")
    to = element.get("to", sender.partition("/")[0])
    if _site_of(to) != _site_of(sender):  # nobody there hears it
        return None
    element[:] = calls
    return Heard(sender, to, ET.tostring(element))


def _site_of(address: str) -> str:
    """As it was sent: capitals and small letters are the same (RFC 7622 3.2)."""
    return address.partition("/")[0].rpartition("@")[2].lower()
