"""The transport of a content: ICE-UDP (XEP-0176) with DTLS fingerprints (XEP-0320)."""

import re
from ipaddress import ip_address
from xml.etree import ElementTree as ET

from twocan.messages import Candidate, Fingerprint, Transport
from twocan.stanza import (
    BITS_8,
    BITS_16,
    build,
    build_text,
    children,
    choice,
    malformed,
    matching,
    number,
    optional,
    required,
    shown,
)

ICE_UDP = "urn:xmpp:jingle:transports:ice-udp:1"
DTLS = "urn:xmpp:jingle:apps:dtls:0"
TRANSPORT = f"{{{ICE_UDP}}}transport"

MAX_CANDIDATES = 64
"""Each is checked against every address of ours: more would make this phone send a flood to
wherever a peer likes (RFC 8445 §19.5.1), which is why a hundred pairs is the limit of §6.1.2.5."""
MAX_FINGERPRINTS = 8
"""One for each hash function of RFC 8122 §5."""

_CANDIDATE = f"{{{ICE_UDP}}}candidate"
_FINGERPRINT = f"{{{DTLS}}}fingerprint"

# RFC 8839 §5.1 and §5.4: ice-char is a letter, a digit, "+" or "/".
_FOUNDATION = re.compile("[A-Za-z0-9+/]{1,32}")
_UFRAG = re.compile("[A-Za-z0-9+/]{4,256}")
_PWD = re.compile("[A-Za-z0-9+/]{22,256}")
_MDNS = re.compile(r"[A-Za-z0-9-]{1,63}\.local", re.IGNORECASE)

# RFC 8839 §5.1: component IDs go from 1 to 256. RFC 8445 §5.1.2: a priority fits 31 bits.
_COMPONENTS = range(1, 257)
_PORTS = range(1, 2**16)
_PRIORITIES = range(1, 2**31)

# Peer reflexive ones are found by checks, not told (RFC 8445 §7.3.1.3).
_TYPES = ("host", "srflx", "relay")
_SETUPS = ("actpass", "active", "passive", "holdconn")

_HASH = re.compile("[A-Za-z0-9-]{1,32}")
_HEX_PAIRS = re.compile("[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){0,63}")
_HASH_BYTES = {"sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48, "sha-512": 64}


def parse_transport(element: ET.Element) -> Transport:
    """What a ``TRANSPORT`` element says. ``Fault`` if it is malformed."""
    ufrag, pwd = _credential(element, "ufrag", _UFRAG), _credential(element, "pwd", _PWD)
    if (ufrag is None) != (pwd is None):
        raise malformed(element, "has one of ufrag and pwd without the other")
    candidates = map(_parse_candidate, children(element, _CANDIDATE, MAX_CANDIDATES))
    fingerprints = map(_parse_fingerprint, children(element, _FINGERPRINT, MAX_FINGERPRINTS))
    return Transport(ufrag, pwd, tuple(known for known in candidates if known), tuple(fingerprints))


def transport_element(transport: Transport) -> ET.Element:
    """The element that says so."""
    return build(
        TRANSPORT,
        {"ufrag": transport.ufrag, "pwd": transport.pwd},
        *map(_fingerprint_element, transport.fingerprints),
        *map(_candidate_element, transport.candidates),
    )


def _credential(element: ET.Element, name: str, pattern: re.Pattern[str]) -> str | None:
    return None if element.get(name) is None else matching(element, name, pattern)


def _parse_candidate(element: ET.Element) -> Candidate | None:
    kind, ip = required(element, "type"), required(element, "ip")
    protocol = required(element, "protocol").lower()
    # "Future specifications might define other values such as 'tcp'" (XEP-0176 §5.3): what
    # cannot be used says nothing against the candidates beside it.
    if kind not in _TYPES or protocol != "udp" or not (_MDNS.fullmatch(ip) or _is_ip(ip)):
        return None
    related_ip = optional(element, "rel-addr")
    return Candidate(
        component=number(element, "component", _COMPONENTS),
        foundation=matching(element, "foundation", _FOUNDATION),
        ip=ip,
        port=number(element, "port", _PORTS),
        priority=number(element, "priority", _PRIORITIES),
        protocol=protocol,
        type=kind,
        id=required(element, "id"),
        # Conversations leaves out the network, and the generation where libwebrtc has none.
        generation=number(element, "generation", BITS_8, 0),
        network=number(element, "network", BITS_8, 0),
        related_ip=related_ip if related_ip and _is_ip(related_ip) else None,
        # Browsers hide the related address as 0.0.0.0, port 0 (RFC 8828).
        related_port=_optional_port(element, "rel-port"),
    )


def _optional_port(element: ET.Element, name: str) -> int | None:
    return None if element.get(name) is None else number(element, name, BITS_16)


def _is_ip(text: str) -> bool:
    # A zone ("%eth0") names a network card of the machine that wrote it (RFC 4007 §6).
    try:
        return bool(ip_address(text)) and "%" not in text
    except ValueError:
        return False


def _candidate_element(candidate: Candidate) -> ET.Element:
    return build(
        _CANDIDATE,
        {
            "component": candidate.component,
            "foundation": candidate.foundation,
            "generation": candidate.generation,
            "id": candidate.id,
            "ip": candidate.ip,
            "network": candidate.network,
            "port": candidate.port,
            "priority": candidate.priority,
            "protocol": candidate.protocol,
            "rel-addr": candidate.related_ip,
            "rel-port": candidate.related_port,
            "type": candidate.type,
        },
    )


def _parse_fingerprint(element: ET.Element) -> Fingerprint:
    hash_name = matching(element, "hash", _HASH).lower()
    # XEP-0320's own examples wrap the text in white space that "would not appear".
    value = "".join((element.text or "").split())
    if not _HEX_PAIRS.fullmatch(value):
        raise malformed(element, f"is {shown(value)}, not pairs of hex digits joined by colons")
    pairs = value.count(":") + 1
    if pairs != _HASH_BYTES.get(hash_name, pairs):
        raise malformed(element, f"has {pairs} bytes, too many or too few for {hash_name}")
    setup = None if element.get("setup") is None else choice(element, "setup", _SETUPS)
    return Fingerprint(hash_name, value.upper(), setup)


def _fingerprint_element(fingerprint: Fingerprint) -> ET.Element:
    attributes = {"hash": fingerprint.hash, "setup": fingerprint.setup}
    return build_text(_FINGERPRINT, attributes, fingerprint.value)
