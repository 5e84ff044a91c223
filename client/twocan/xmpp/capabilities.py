"""What this phone can do, as others may ask (XEP-0030) and as presence says (XEP-0115)."""

import base64
import hashlib
from xml.etree import ElementTree as ET

from twocan.jingle import FEATURES as JINGLE_FEATURES

DISCO_INFO = "http://jabber.org/protocol/disco#info"
CAPS = "http://jabber.org/protocol/caps"
PING = "urn:xmpp:ping"

NODE = "https://twocan.example"
IDENTITY = ("client", "phone", "", "Twocan")
"""Category, type, language and name."""

FEATURES = tuple(sorted({*JINGLE_FEATURES, DISCO_INFO, CAPS, PING}))


def info(node: str | None) -> ET.Element:
    """The answer to a disco#info query."""
    query = ET.Element(f"{{{DISCO_INFO}}}query", {"node": node} if node else {})
    category, kind, _, name = IDENTITY
    ET.SubElement(
        query, f"{{{DISCO_INFO}}}identity", {"category": category, "type": kind, "name": name}
    )
    for feature in FEATURES:
        ET.SubElement(query, f"{{{DISCO_INFO}}}feature", {"var": feature})
    return query


def presence_element() -> ET.Element:
    """What goes along with presence, so that others need not ask."""
    return ET.Element(f"{{{CAPS}}}c", {"hash": "sha-1", "node": NODE, "ver": version()})


def version() -> str:
    """The verification string (XEP-0115 §5.1)."""
    said = "".join(f"{part}<" for part in ("/".join(IDENTITY), *FEATURES))
    # XEP-0115 names SHA-1 as mandatory; it guards a cache here, not a secret.
    digest = hashlib.sha1(said.encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()
