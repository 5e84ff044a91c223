"""What is read out of mod_logxml's writing, whatever people send and in whatever pieces."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twocan_supernode.heard import Heard, Listener

JMI = "urn:xmpp:jingle-message:0"
CALLER, CALLEE = "caller@site.example/desk", "callee@site.example"
TIME = "2026-11-21T17:47:59.429496Z"


def message(content: str, sender: str = CALLER, more: str = " type='chat'") -> str:
    """As ejabberd writes one: single quotes, and every other quote escaped."""
    return (
        f"<message xml:lang='en' to='{CALLEE}' from='{sender}'{more} xmlns='jabber:client'>"
        f"{content}</message>"
    )


def packet(message: str, ljid: str = CALLER) -> bytes:
    return f'<packet or="send" ljid="{ljid}" ts="{TIME}">{message}</packet>\n'.encode()


def said(kind: str, sid: str = "c1") -> str:
    return f"<{kind} xmlns='{JMI}' id='{sid}'/>"


def heard(*written: bytes) -> list[Heard]:
    listener = Listener()
    return [each for data in written for each in listener.feed(data)]


def sid(heard: Heard) -> str | None:
    """The call that it is about; there is nothing else in it."""
    (about,) = ET.fromstring(heard.message)  # noqa: S314 - our own
    return about.get("id")


def test_a_proposal_is_heard_at_once() -> None:
    (found,) = heard(packet(message(said("propose"))))
    assert (found.sender, found.to) == (CALLER, CALLEE)
    assert JMI.encode() in found.message
    assert b"propose" in found.message


def test_what_else_was_in_the_message_is_not_handed_on() -> None:
    (found,) = heard(packet(message(f"<body>dear</body>{said('reject')}<store xmlns='h'/>")))
    assert b"dear" not in found.message
    assert b"store" not in found.message


@pytest.mark.parametrize(
    "written",
    [
        message("<body>hello</body>"),
        message("<body>urn:xmpp:jingle-message:0</body>"),
        message(f"<x xmlns='x'>{said('propose')}</x>"),
        message(said("propose"), more=" type='error'"),
        message(f"<forwarded xmlns='urn:xmpp:forward:0'>{message(said('propose'))}</forwarded>"),
        "",
        "<",
    ],
)
def test_what_is_no_message_about_a_call_is_dropped(written: str) -> None:
    assert (
        heard(packet(written), packet(message(said("retract"))))[0].message.count(b"retract") == 1
    )
    assert len(heard(packet(written), packet(message(said("retract"))))) == 1


def test_a_message_to_nobody_is_to_oneself() -> None:
    written = message(said("proceed")).replace(f" to='{CALLEE}'", "")
    (found,) = heard(packet(written))
    assert found.to == "caller@site.example"


@pytest.mark.parametrize(
    "resource",
    [
        "a b",
        '" ts="x">',
        "\"><message from='victim@site.example/x'><propose xmlns='urn:xmpp:jingle-message:0' "
        "id='forged'/></message></packet>",
        '<packet or="send" ljid="victim@site.example/x',
        "</packet>",
        "ä€😀",
    ],
)
def test_a_resource_forges_nothing(resource: str) -> None:
    """mod_logxml escapes nothing in it, ejabberd everything inside the message."""
    escaped = resource.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    sender = f"caller@site.example/{escaped.replace(chr(39), '&apos;')}"
    ljid = f"caller@site.example/{resource}"
    first = packet(message(said("propose"), sender), ljid)
    found = heard(first, packet(message(said("ringing"))), first)
    assert [each.sender for each in found] == [ljid, CALLER, ljid]
    assert [sid(each) for each in found] == ["c1"] * 3


def test_a_message_forges_no_packet() -> None:
    """With lines in it that look like one, as ejabberd would write them."""
    inside = (
        f"\n<packet or='send' ljid='v@site.example/x' ts='t'>{message(said('propose', 'forged'))}"
        f"</packet>\n&lt;packet or=&quot;send&quot; ljid=&quot;\n"
    )
    (found,) = heard(packet(message(f"<x xmlns='x'>{inside}</x>{said('finish', 'real')}")))
    assert sid(found) == "real"


WRITTEN = [
    packet(message(said("propose", "c0"))),
    packet(message("<body>dear\n&lt;packet or=&quot;send</body>")),
    packet(message(said("ringing", "c1"), "caller@site.example/&quot;>"), 'caller@site.example/">'),
    packet(message(f"<x xmlns='x'>\n<packet or='send'>{message('')}</packet>\n</x>")),
    packet(message("<x xmlns='urn:xmpp:jingle-message:0'>ä€😀</x>")),
    packet(message(said("finish", "c2"))),
]


@given(cuts=st.lists(st.integers(0, len(b"".join(WRITTEN)))))
def test_it_comes_in_whatever_pieces(cuts: list[int]) -> None:
    text = b"".join(WRITTEN)
    edges = [0, *sorted(cuts), len(text)]
    pieces = [text[a:b] for a, b in pairwise(edges)]
    assert heard(*pieces) == heard(text)
    assert len(heard(text)) == 4


@given(junk=st.binary(max_size=200))
def test_what_is_not_understood_does_no_harm_to_what_follows(junk: bytes) -> None:
    found = heard(junk, b"\n", *WRITTEN)
    assert found[-1] == heard(*WRITTEN)[-1]


def test_what_has_no_end_is_let_go() -> None:
    listener = Listener()
    endless = packet(message(said("propose"))).partition(b"</message>")[0]
    assert not list(listener.feed(endless))
    for _ in range(40):
        assert not list(listener.feed(b"x" * 65536))
    assert len(listener._kept) < 1 << 20
    assert len(list(listener.feed(b"\n" + packet(message(said("retract")))))) == 1


# --- how much


def sent(*written: bytes) -> dict[str, int]:
    counts: dict[str, int] = {}

    def note(sender: str, size: int) -> None:
        counts[sender] = counts.get(sender, 0) + size

    listener = Listener(note)
    for data in written:
        list(listener.feed(data))
    return counts


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
def test_everybody_is_counted_for_what_they_send_in_whatever_pieces(size: int) -> None:
    mine = packet(message("<body>hello</body>")) + packet(message(said("propose")))
    theirs = packet(message(said("proceed"), sender=f"{CALLEE}/a/b"), ljid=f"{CALLEE}/a/b")
    written = mine + theirs + mine
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    counts = sent(*pieces)
    assert set(counts) == {"caller@site.example", CALLEE}
    overhead = 30 * 4
    assert abs(counts["caller@site.example"] - 2 * len(mine)) < overhead
    assert abs(counts[CALLEE] - len(theirs)) < overhead


def test_what_is_too_long_to_be_looked_at_is_counted_to_its_end() -> None:
    piece = b"x" * 65536
    start = packet(message("<body>"))[: -len(b"</message></packet>\n")]
    counts = sent(start, *[piece] * 40, b"</body></message></packet>\n", packet(message("")))
    assert counts["caller@site.example"] == pytest.approx(40 * 65536, abs=2000)


def test_who_names_another_in_their_resource_is_counted_themselves() -> None:
    assert set(sent(packet(message(""), ljid=f'{CALLER}"><packet ljid="{CALLEE}/x'))) == {
        "caller@site.example"
    }


def test_what_is_said_to_another_site_is_counted_and_not_heard() -> None:
    written = packet(message(said("propose")).replace("site.example", "other.example", 1))
    assert heard(written) == []
    assert sent(written)["caller@site.example"] > 100
    capitals = packet(message(said("propose")).replace("site.example", "Site.Example", 1))
    assert len(heard(capitals)) == 1
