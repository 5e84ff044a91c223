"""Jingle and XEP-0353: what other phones say, what Twocan says, and what is taken as meant."""

import copy
from xml.etree import ElementTree as ET

import pytest

from stanzas import OURS, payload, recorded
from twocan import jingle, stanza
from twocan.initiation import initiation_element, parse_initiation
from twocan.jingle import fault_elements, fault_type, jingle_element, parse_jingle
from twocan.messages import (
    Action,
    Candidate,
    Content,
    Description,
    Fault,
    Feedback,
    Fingerprint,
    Finish,
    HeaderExtension,
    Info,
    Initiation,
    Jingle,
    PayloadType,
    Proceed,
    Propose,
    Reason,
    Reject,
    Retract,
    Senders,
    Source,
    SourceGroup,
)

DINO_SID = "4c1b8f10-6a0e-4f0f-9a59-0c7d8a1b2e33"
CONVERSATIONS_SID = "hQ8cX1bVY2mT0aLrPz5n9w"


def canonical(element: ET.Element) -> str:
    text = ET.tostring(element, encoding="unicode")
    return ET.canonicalize(text, strip_text=True, rewrite_prefixes=True)


# What other phones say


def test_dino_calls() -> None:
    message = parse_initiation(recorded("dino-propose"))
    assert message == Propose(DINO_SID, ("audio", "video"))


def test_dino_declines_without_a_reason() -> None:
    assert parse_initiation(recorded("dino-reject")) == Reject(DINO_SID)


def test_dino_offers_a_voice() -> None:
    hash_value = (
        "1B:EA:BF:33:B8:11:26:6D:91:AD:1B:A0:16:FD:5D:60:"
        "59:33:F7:46:A3:BA:99:2A:1D:04:99:A6:F2:C6:2D:43"
    )
    wide_cc = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
    message = parse_jingle(recorded("dino-session-initiate"))
    (content,) = message.contents
    assert (message.action, message.sid) == (Action.SESSION_INITIATE, DINO_SID)
    assert message.initiator == "caller@site.example/dino.1f3a"
    assert content.name == "audio"
    assert content.description == Description(
        "audio",
        (
            PayloadType(
                111, "opus", 48000, 2, (("useinbandfec", "1"),), (Feedback("transport-cc"),)
            ),
            PayloadType(101, "speex", 16000),
            PayloadType(0, "PCMU", 8000),
        ),
        extensions=(HeaderExtension(1, wide_cc),),
        rtcp_mux=True,
    )
    assert content.transport is not None
    assert content.transport.ufrag == "Zt4w"
    assert content.transport.fingerprints == (Fingerprint("sha-256", hash_value, "actpass"),)
    assert [c.component for c in content.transport.candidates] == [1, 2, 1]
    assert content.transport.candidates[2] == Candidate(
        component=1,
        foundation="5",
        ip="203.0.113.9",
        port=61002,
        priority=1679819007,
        protocol="udp",
        type="srflx",
        id="c3f0b6de-3e75-4a4f-86a9-7d1e5f2b8c66",
        related_ip="192.0.2.17",
        related_port=44812,
    )


def test_a_real_dino_offers_sound_alone() -> None:
    message = parse_jingle(recorded("recorded-dino-session-initiate"))
    (content,) = message.contents
    assert message.action is Action.SESSION_INITIATE
    assert content.description is not None
    assert content.transport is not None
    opus = next(codec for codec in content.description.payload_types if codec.name == "opus")
    assert (opus.clockrate, opus.channels) == (48000, 2)
    assert [f.setup for f in content.transport.fingerprints] == ["actpass"]
    assert {c.component for c in content.transport.candidates} == {1, 2}


def test_a_real_dino_offers_pictures_on_a_transport_of_their_own() -> None:
    message = parse_jingle(recorded("recorded-dino-session-initiate-with-video"))
    described = [content.description for content in message.contents]
    ufrags = {content.transport.ufrag for content in message.contents if content.transport}
    assert [d.media for d in described if d] == ["audio", "video"]
    assert message.bundle == ()
    assert len(ufrags) == 2


def test_a_real_dino_takes_twocans_offer() -> None:
    message = parse_jingle(recorded("recorded-dino-session-accept"))
    (content,) = message.contents
    assert message.action is Action.SESSION_ACCEPT
    assert content.description is not None
    assert content.transport is not None
    assert content.description.payload_types == (
        PayloadType(111, "opus", 48000, 2, (("minptime", "10"), ("useinbandfec", "1"))),
    )
    assert [f.setup for f in content.transport.fingerprints] == ["active"]


def test_a_real_dino_takes_pictures_on_a_transport_of_their_own() -> None:
    message = parse_jingle(recorded("recorded-dino-session-accept-with-video"))
    _, pictures = message.contents
    assert pictures.description is not None
    assert pictures.description.payload_types == (
        PayloadType(
            96,
            "VP8",
            90000,
            feedback=(
                Feedback("nack"),
                Feedback("nack", "pli"),
                Feedback("ccm", "fir"),
                Feedback("goog-remb"),
            ),
        ),
    )
    assert (pictures.senders, message.bundle) == (Senders.BOTH, ())


def test_a_real_dino_adds_pictures_as_the_initiator_that_it_is() -> None:
    message = parse_jingle(recorded("recorded-dino-content-add"))
    (content,) = message.contents
    assert message.action is Action.CONTENT_ADD
    assert (content.name, content.creator) == ("video", "initiator")
    assert content.senders is Senders.INITIATOR
    assert content.description is not None
    assert content.description.extensions == (HeaderExtension(1, "urn:3gpp:video-orientation"),)
    assert content.transport is not None
    assert [f.setup for f in content.transport.fingerprints] == ["actpass"]


def test_a_real_dino_takes_added_pictures_without_showing_its_own() -> None:
    accept = parse_jingle(recorded("recorded-dino-content-accept"))
    modify = parse_jingle(recorded("recorded-dino-content-modify"))
    assert (accept.action, modify.action) == (Action.CONTENT_ACCEPT, Action.CONTENT_MODIFY)
    for message in (accept, modify):
        (content,) = message.contents
        assert (content.name, content.senders) == ("video", Senders.INITIATOR)


@pytest.mark.parametrize(("name", "info"), [("mute", Info.MUTE), ("unmute", Info.UNMUTE)])
def test_a_real_dino_tells_that_its_camera_is_off_or_on(name: str, info: Info) -> None:
    message = parse_jingle(recorded(f"recorded-dino-{name}-video"))
    assert (message.action, message.info) == (Action.SESSION_INFO, info)
    assert (message.info_content, message.info_creator) == ("video", "initiator")


def test_a_real_dino_says_proceed_with_more_than_we_know() -> None:
    message = parse_initiation(recorded("recorded-dino-proceed"))
    assert message == Proceed("f18e24f4-3dd6-4ee3-8862-eb236097852d")


def test_dino_trickles() -> None:
    (content,) = parse_jingle(recorded("dino-transport-info")).contents
    assert content.description is None
    assert content.transport is not None
    assert [c.ip for c in content.transport.candidates] == ["2001:db8::17"]


def test_dino_mutes() -> None:
    assert parse_jingle(recorded("dino-mute")) == Jingle(
        Action.SESSION_INFO,
        DINO_SID,
        info=Info.MUTE,
        info_content="audio",
        initiator="caller@site.example/twocan",
    )


def test_dino_hangs_up() -> None:
    assert parse_jingle(recorded("dino-session-terminate")) == Jingle(
        Action.SESSION_TERMINATE, DINO_SID, reason=Reason("success", "hang up")
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("propose", Propose(CONVERSATIONS_SID, ("audio",))),
        ("proceed", Proceed(CONVERSATIONS_SID)),
        ("retract", Retract(CONVERSATIONS_SID)),
        ("finish", Finish(CONVERSATIONS_SID, Reason("connectivity-error"))),
    ],
)
def test_conversations_before_and_after_a_session(name: str, message: Initiation) -> None:
    assert parse_initiation(recorded(f"conversations-{name}")) == message


def test_conversations_accepts_voice_and_face() -> None:
    message = parse_jingle(recorded("conversations-session-accept"))
    voice, face = message.contents
    assert message.bundle == ("0", "1")
    assert voice.description is not None
    assert face.description is not None
    assert voice.description.payload_types[1].parameters == (("", "111/111"),)
    assert voice.description.sources == (
        Source(
            1656081975,
            (("cname", "Yv/wvbCdsDW2Prgd"), ("msid", "my-media-stream my-audio-track")),
        ),
    )
    assert face.description.payload_types == (
        PayloadType(
            96,
            "VP8",
            90000,
            feedback=(Feedback("ccm", "fir"), Feedback("nack"), Feedback("nack", "pli")),
        ),
        PayloadType(97, "rtx", 90000, parameters=(("apt", "96"),)),
    )
    assert face.description.source_groups == (SourceGroup("FID", (2301230316, 386328120)),)
    assert face.transport == voice.transport


def test_conversations_trickles_what_no_udp_phone_can_use_along_with_what_it_can() -> None:
    (content,) = parse_jingle(recorded("conversations-transport-info")).contents
    assert content.transport is not None
    host, reflexive, hidden = content.transport.candidates
    assert (host.ip, host.generation, host.network) == ("192.0.2.80", 0, 0)
    assert (reflexive.related_ip, reflexive.related_port) == ("0.0.0.0", 0)  # noqa: S104
    assert (hidden.ip, hidden.protocol) == ("0f9d2c6e-31ab-4f6e-9d5c-7e1b2a3c4d5e.local", "udp")


def test_gajim_leaves_out_what_it_may_and_offers_a_file_as_well() -> None:
    voice, file = parse_jingle(recorded("gajim-session-initiate")).contents
    assert voice.senders is Senders.BOTH
    assert voice.description == Description(
        "audio",
        (
            PayloadType(96, "OPUS", 48000, 2),
            PayloadType(8, "PCMA", 8000),
            PayloadType(99, "telephone-event", 8000, parameters=(("events", "0-15"),)),
        ),
    )
    assert file == Content("file")


def test_fingerprints_wrapped_in_white_space_in_lower_case_and_without_setup() -> None:
    (content,) = parse_jingle(recorded("xep-0320-wrapped-fingerprint")).contents
    assert content.creator == "initiator"
    assert content.transport is not None
    sha256, sha1 = content.transport.fingerprints
    assert sha256.setup is None
    assert sha256.value == (
        "BD:E8:2C:D3:BD:B6:98:50:45:7D:5B:36:89:53:31:15:"
        "52:25:88:82:06:95:88:A3:3D:A5:43:8D:5C:21:21:66"
    )
    assert (sha1.hash, sha1.setup) == ("sha-1", "passive")


def test_tie_break_and_migration_of_the_xep() -> None:
    tie_break = Reject(
        "fecbea35-08d3-404f-9ec7-2b57c566fa74", Reason("expired", "Tie-Break"), tie_break=True
    )
    migrated = Finish(
        "ca3cf894-5325-482f-a412-a6e9f832298d",
        Reason("expired", "Session migrated"),
        "989a46a6-f202-4910-a7c3-83c6ba3f3947",
    )
    assert parse_initiation(recorded("xep-0353-tie-break")) == tie_break
    assert parse_initiation(recorded("xep-0353-migrated")) == migrated


# What Twocan says


def test_every_element_is_written_as_the_xeps_write_it() -> None:
    ours = payload(OURS)
    assert canonical(jingle_element(parse_jingle(ours))) == canonical(ours)


@pytest.mark.parametrize("name", ["xep-0353-tie-break", "xep-0353-migrated"])
def test_initiation_is_written_as_the_xep_writes_it(name: str) -> None:
    element = recorded(name)
    message = parse_initiation(element)
    assert message is not None
    assert canonical(initiation_element(message)) == canonical(element)


def test_mute_says_which_content_and_hold_does_not() -> None:
    mute = Jingle(
        Action.SESSION_INFO, "s", info=Info.MUTE, info_content="voice", info_creator="responder"
    )
    info = "urn:xmpp:jingle:apps:rtp:info:1"
    (muted,) = jingle_element(mute)
    (held,) = jingle_element(Jingle(Action.SESSION_INFO, "s", info=Info.HOLD))
    assert (muted.tag, muted.attrib) == (
        f"{{{info}}}mute",
        {"creator": "responder", "name": "voice"},
    )
    assert (held.tag, held.attrib) == (f"{{{info}}}hold", {})


def test_content_modify_says_senders_even_where_it_is_the_default() -> None:
    content = Content("voice", senders=Senders.BOTH)
    (modified,) = jingle_element(Jingle(Action.CONTENT_MODIFY, "s", (content,)))
    (removed,) = jingle_element(Jingle(Action.CONTENT_REMOVE, "s", (content,)))
    assert modified.get("senders") == "both"
    assert removed.get("senders") is None


def test_commitments_travel_with_propose_and_proceed() -> None:
    for message in (Propose("s", ("audio",), b"\x00\xff"), Proceed("s", b"\x00\xff")):
        element = initiation_element(message)
        assert element[-1].tag == "{urn:twocan:verification:1}verification"
        assert element[-1].attrib == {"commitment": "AP8="}
        assert parse_initiation(element) == message


def test_a_fault_becomes_a_stanza_error() -> None:
    fault = Fault("feature-not-implemented", "what?", jingle="unsupported-info")
    condition, text, jingle_condition = fault_elements(fault)
    stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas"
    assert condition.tag == f"{{{stanzas}}}feature-not-implemented"
    assert (text.tag, text.text) == (f"{{{stanzas}}}text", "what?")
    assert jingle_condition.tag == "{urn:xmpp:jingle:errors:1}unsupported-info"
    assert [e.tag for e in fault_elements(Fault("conflict", "no"))] == [
        f"{{{stanzas}}}conflict",
        f"{{{stanzas}}}text",
    ]


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("bad-request", "modify"),
        ("conflict", "cancel"),
        ("feature-not-implemented", "cancel"),
        ("forbidden", "auth"),
        ("item-not-found", "cancel"),
        ("not-acceptable", "modify"),
        ("resource-constraint", "wait"),
        ("service-unavailable", "cancel"),
        ("unexpected-request", "wait"),
    ],
)
def test_errors_have_the_type_of_rfc_6120(condition: str, kind: str) -> None:
    assert fault_type(condition) == kind


def test_features_are_what_the_xeps_ask_to_announce() -> None:
    assert set(jingle.FEATURES) == {
        "urn:ietf:rfc:5576",
        "urn:ietf:rfc:5888",
        "urn:xmpp:jingle-message:0",
        "urn:xmpp:jingle:1",
        "urn:xmpp:jingle:apps:dtls:0",
        "urn:xmpp:jingle:apps:grouping:0",
        "urn:xmpp:jingle:apps:rtp:1",
        "urn:xmpp:jingle:apps:rtp:audio",
        "urn:xmpp:jingle:apps:rtp:rtcp-fb:0",
        "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0",
        "urn:xmpp:jingle:apps:rtp:ssma:0",
        "urn:xmpp:jingle:apps:rtp:video",
        "urn:xmpp:jingle:transports:ice-udp:1",
    }


# What is taken as it is meant


def session_info(content: str) -> ET.Element:
    return ET.fromstring(  # noqa: S314 - written here
        f"<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s'>{content}</jingle>"
    )


def test_an_empty_session_info_is_a_ping() -> None:
    assert parse_jingle(session_info("")) == Jingle(Action.SESSION_INFO, "s")


def test_an_unknown_session_info_is_not_supported() -> None:
    with pytest.raises(Fault) as raised:
        parse_jingle(session_info("<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5'/>"))
    assert raised.value.condition == "feature-not-implemented"
    assert raised.value.jingle == "unsupported-info"


def test_an_end_stays_an_end_however_odd_its_reason() -> None:
    long = "x" * (stanza.MAX_TEXT + 1)
    head = "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid='s'><reason>"
    for reason, meant in [
        ("", None),
        ("<text>no condition</text>", None),
        ("<of-a-later-version/>", None),
        ("<more xmlns='urn:example:more'/><busy/>", Reason("busy")),
        (f"<busy/><text>{long}</text>", Reason("busy", long[:-1])),
    ]:
        element = ET.fromstring(f"{head}{reason}</reason></jingle>")  # noqa: S314 - written here
        assert parse_jingle(element).reason == meant


def test_contents_of_other_dispositions_are_passed_over() -> None:
    element = payload(OURS)
    early = copy.deepcopy(element[0])
    early.set("name", "early")
    early.set("disposition", "early-session")
    element.append(early)
    assert [content.name for content in parse_jingle(element).contents] == ["voice"]


def test_unknown_elements_and_attributes_are_passed_over() -> None:
    element = payload(OURS)
    plain = parse_jingle(element)
    for part in list(element.iter()):
        part.set("{urn:example:more}more", "1")
        part.append(ET.Element("{urn:example:more}more"))
        part.append(ET.Comment("more"))
    assert parse_jingle(element) == plain


@pytest.mark.parametrize("tag", ["{urn:xmpp:jingle-message:0}later", "{urn:example:x}propose"])
def test_initiation_that_is_unknown_is_none(tag: str) -> None:
    assert parse_initiation(ET.Element(tag, {"id": "s"})) is None
