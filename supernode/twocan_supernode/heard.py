"""The calls that people make, read out of what ejabberd's mod_logxml writes about messages (pure).

mod_logxml writes each message that somebody sends as ::

    <packet or="send" ljid="SENDER" ts="TIME"><message from='SENDER' …>…</message></packet>

and a line feed. It escapes nothing in the ``ljid``, and a resource may hold whatever a line may;
``from``, which ejabberd itself puts there, says who it was. Inside the message ejabberd escapes
every double quote and every ``<`` that is no tag. So a line that starts as above starts a packet
whatever people send, and what follows its last ``">`` is the message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_START = b'\n<packet or="send" ljid="'
_END = b"</packet>\n"
_INITIATION = "urn:xmpp:jingle-message:0"  # XEP-0353
_MAX_PACKET = 1 << 20  # a stanza has 65,536 bytes at most, before anything in it is escaped


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of XEP-0353, with nothing else in it."""

    sender: str  # full address
    to: str  # as it was sent: bare or full
    message: bytes  # XML


class Listener:
    """Takes what mod_logxml writes about one site, in whatever pieces it comes."""

    def __init__(self) -> None:
        self._kept = b"\n"

    def feed(self, data: bytes) -> Iterator[Heard]:
        """What was heard of calls; all other messages are dropped here."""
        # What comes before the first start is the rest of something that was dropped.
        before, *packets = (self._kept + data).split(_START)
        self._kept = b"\n" if packets else before[-len(_START) :]
        for number, packet in enumerate(packets, 1):
            found = _initiation(packet)
            if found is not None:
                yield found
            elif number == len(packets) and not packet.endswith(_END):
                self._kept = (_START + packet) if len(packet) < _MAX_PACKET else b"\n"


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
    element[:] = calls
    return Heard(sender, element.get("to", sender.partition("/")[0]), ET.tostring(element))
