"""Malformed and oversized Jingle: each is answered with the error that a specification names."""

from xml.etree import ElementTree as ET

import pytest

from stanzas import OURS, payload
from twocan import jingle, jingle_ice, jingle_rtp, stanza
from twocan.initiation import parse_initiation
from twocan.jingle import parse_jingle
from twocan.messages import Fault

GROUP = 'semantics="BUNDLE">\n      <content name="voice"/>'
SECOND_TRANSPORT = '<transport xmlns="urn:xmpp:jingle:transports:ice-udp:1"/>'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('action="session-accept"', ""),
        ('action="session-accept"', 'action="session-answer"'),
        ('sid="f81d4fae-7dec-41d0-a765-00a0c91e6bf6"', ""),
        ('sid="f81d4fae-7dec-41d0-a765-00a0c91e6bf6"', 'sid=""'),
        ('creator="initiator"', 'creator="somebody"'),
        ('creator="initiator" name="voice"', 'creator="initiator"'),
        ('senders="responder"', 'senders="everybody"'),
        ('senders="responder"', 'disposition="early-session"'),
        ('media="audio"', ""),
        ('id="96"', ""),
        ('id="96"', 'id="128"'),
        ('id="96"', 'id="-1"'),
        ('id="96"', 'id="٩٦"'),
        ('id="96"', 'id=" 96"'),
        ('id="96" name="opus"', 'id="96"'),
        ('clockrate="48000"', 'clockrate="0"'),
        ('clockrate="48000"', 'clockrate="4294967296"'),
        ('channels="2"', 'channels="256"'),
        ('channels="2"', 'channels="two"'),
        ('type="nack"', ""),
        ('id="1" uri', 'id="0" uri'),
        ('id="1" uri', 'id="300" uri'),
        ('uri="urn:ietf:params:rtp-hdrext:sdes:mid"', ""),
        ('senders="initiator"', 'senders="nobody"'),
        ('semantics="FID"', ""),
        ('ssrc="4294967295"', 'ssrc="4294967296"'),
        ('ssrc="4294967295"', ""),
        ('name="cname"', ""),
        ('ufrag="8hhy"', ""),
        ('ufrag="8hhy"', 'ufrag="8hh"'),
        ('ufrag="8hhy"', 'ufrag="8hh y"'),
        ('pwd="asd88fgpdd777uzjYhagZg"', ""),
        ('pwd="asd88fgpdd777uzjYhagZg"', 'pwd="asd88fgpdd777uzjYhagZ"'),
        ('pwd="asd88fgpdd777uzjYhagZg"', 'pwd="asd88fgpdd777uzjYhagZg\n"'),
        ('hash="sha-1"', ""),
        ('hash="sha-1"', 'hash="sha-256"'),
        ('setup="active"', 'setup="both"'),
        ("4A:AD:B9", "4A:AD:G9"),
        ("4A:AD:B9", "4AAD:B9"),
        ("4A:AD:B9", "4A:AD:ﬀ"),
        ('component="1" foundation="f1"', 'component="0" foundation="f1"'),
        ('component="1" foundation="f1"', 'foundation="f1"'),
        ('foundation="f1"', 'foundation="f-1"'),
        ('foundation="f1"', ""),
        ('id="one"', ""),
        ('ip="192.0.2.1"', ""),
        ('port="40000"', 'port="0"'),
        ('port="40000"', 'port="65536"'),
        ('port="40000"', 'port="4e4"'),
        ('port="40000"', f'port="{"9" * 5000}"'),
        ('priority="2130706431"', 'priority="2147483648"'),
        ('priority="2130706431"', ""),
        ('generation="0" id="one"', 'generation="x" id="one"'),
        ('type="host"', ""),
        ('protocol="udp" type', "type"),
        ('rel-port="40000"', 'rel-port="65536"'),
        (GROUP, 'semantics="BUNDLE"><content/>'),
        ('nonce="AAECAwQFBgcICQoLDA0ODw=="', 'nonce="AAECAwQFBgcICQoLDA0ODw"'),
        ('nonce="AAECAwQFBgcICQoLDA0ODw=="', 'nonce="AAEC AwQF"'),
        ('nonce="AAECAwQFBgcICQoLDA0ODw=="', 'nonce=""'),
        ("<success/>", "</reason><reason>"),
        ("</description>", f"</description>{SECOND_TRANSPORT}"),
        ("urn:xmpp:jingle:1", "urn:xmpp:jingle:2"),
    ],
)  # fmt: skip
def test_malformed_jingle_is_a_bad_request(old: str, new: str) -> None:
    assert old in OURS
    with pytest.raises(Fault) as raised:
        parse_jingle(payload(OURS.replace(old, new)))
    assert raised.value.condition == "bad-request"
    assert len(raised.value.text) < 200


def test_content_modify_without_senders_modifies_nothing() -> None:
    text = OURS.replace("session-accept", "content-modify")
    parse_jingle(payload(text))
    with pytest.raises(Fault, match="senders"):
        parse_jingle(payload(text.replace('senders="responder"', "")))


@pytest.mark.parametrize(
    "action",
    [
        "content-accept", "content-add", "content-modify", "content-reject", "content-remove",
        "description-info", "session-accept", "session-initiate", "transport-accept",
        "transport-info", "transport-reject", "transport-replace",
    ],
)  # fmt: skip
def test_actions_about_contents_need_one(action: str) -> None:
    empty = ET.Element("{urn:xmpp:jingle:1}jingle", {"action": action, "sid": "s"})
    with pytest.raises(Fault) as raised:
        parse_jingle(empty)
    assert raised.value.condition == "bad-request"


@pytest.mark.parametrize("missing", ["description", "transport"])
@pytest.mark.parametrize("action", ["session-initiate", "session-accept", "content-add"])
def test_an_offer_needs_both_halves_of_a_content(action: str, missing: str) -> None:
    element = payload(OURS)
    element.set("action", action)
    (content,) = element.findall("{*}content")
    content.remove(*content.findall(f"{{*}}{missing}"))
    with pytest.raises(Fault, match=missing) as raised:
        parse_jingle(element)
    assert raised.value.condition == "bad-request"


@pytest.mark.parametrize(
    ("parent", "child", "most"),
    [
        (".", "content", jingle.MAX_CONTENTS),
        (".//{*}description", "payload-type", jingle_rtp.MAX_PAYLOAD_TYPES),
        (".//{*}description", "rtp-hdrext", stanza.MAX_ELEMENTS),
        (".//{*}description", "rtcp-fb", stanza.MAX_ELEMENTS),
        (".//{*}description", "ssrc-group", stanza.MAX_ELEMENTS),
        (".//{*}description", "source", stanza.MAX_ELEMENTS),
        (".//{*}payload-type", "parameter", stanza.MAX_ELEMENTS),
        (".//{*}transport", "candidate", jingle_ice.MAX_CANDIDATES),
        (".//{*}transport", "fingerprint", jingle_ice.MAX_FINGERPRINTS),
        ("{*}group", "content", jingle.MAX_CONTENTS),
    ],
)
def test_as_many_elements_as_a_call_needs_and_no_more(parent: str, child: str, most: int) -> None:
    element = payload(OURS)
    holder = element.find(parent)
    assert holder is not None
    found = holder.findall(f"{{*}}{child}")
    holder.extend([found[0]] * (most - len(found)))
    parse_jingle(element)
    holder.append(found[0])
    with pytest.raises(Fault) as raised:
        parse_jingle(element)
    assert raised.value.condition == "not-acceptable"


@pytest.mark.parametrize(
    ("name", "value", "most"),
    [
        ("sid", "f81d4fae-7dec-41d0-a765-00a0c91e6bf6", stanza.MAX_WORD),
        ("responder", "callee@site.example/twocan", stanza.MAX_TEXT),
        ("name", "opus", stanza.MAX_WORD),
        ("name", "cname", stanza.MAX_WORD),
        ("value", "voice", stanza.MAX_TEXT),
        ("uri", "urn:ietf:params:rtp-hdrext:sdes:mid", stanza.MAX_TEXT),
        ("id", "one", stanza.MAX_WORD),
    ],
)
def test_no_value_is_longer_than_it_need_be(name: str, value: str, most: int) -> None:
    told = f'{name}="{value}"'
    assert told in OURS
    parse_jingle(payload(OURS.replace(told, f'{name}="{"x" * most}"')))
    with pytest.raises(Fault) as raised:
        parse_jingle(payload(OURS.replace(told, f'{name}="{"x" * (most + 1)}"')))
    assert raised.value.condition == "not-acceptable"


@pytest.mark.parametrize(
    ("content", "condition"),
    [
        ("<propose><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>",
         "bad-request"),
        ("<propose id='s'/>", "feature-not-implemented"),
        ("<propose id='s'><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/></propose>",
         "feature-not-implemented"),
        ("<propose id='s'><description xmlns='urn:xmpp:jingle:apps:rtp:1'/></propose>",
         "bad-request"),
        ("<proceed id=''/>", "bad-request"),
        ("<proceed id='s'><verification xmlns='urn:twocan:verification:1' commitment='*'/>"
         "</proceed>", "bad-request"),
        ("<finish id='s'><migrated to='a'/><migrated to='b'/></finish>", "bad-request"),
    ],
)  # fmt: skip
def test_malformed_initiation(content: str, condition: str) -> None:
    text = f"<message><m xmlns='urn:xmpp:jingle-message:0'>{content}</m></message>"
    with pytest.raises(Fault) as raised:
        parse_initiation(payload(text)[0])
    assert raised.value.condition == condition
