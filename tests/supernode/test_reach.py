"""Who reaches whom, against the running server: people of one site each other, nobody else."""

from xml.etree.ElementTree import Element

import pytest

from running import Supernode
from xmpp_stream import NS, Stream, signed_in


def condition(stanza: Element) -> str:
    """What an error says went wrong (RFC 6120 8.3.3)."""
    assert stanza.get("type") == "error"
    found = stanza.find("c:error", NS)
    assert found is not None
    return found[0].tag.partition("}")[2]


def body(stanza: Element) -> str | None:
    return stanza.findtext("c:body", None, NS)


# --- those who are offline


async def test_an_offline_person_gets_a_message_at_sign_in(supernode: Supernode) -> None:
    """Also one who never signed in, and of whom the server holds nothing."""
    callee = supernode.mint("never-here-before")
    async with signed_in(supernode.mint("person-1")) as caller:
        caller.send(f"<message to='{callee['address']}' type='chat'><body>one</body></message>")
        assert await caller.messages_so_far() == []
    async with signed_in(callee) as stream:
        message = await stream.message()
        assert body(message) == "one"
        assert message.find("delay:delay", NS) is not None


async def test_an_offline_person_gets_a_call_message_at_sign_in(supernode: Supernode) -> None:
    callee = supernode.mint("missed-a-call")
    async with signed_in(supernode.mint("person-1")) as caller:
        caller.send(
            f"<message to='{callee['address']}' type='chat'><propose xmlns='{NS['jmi']}' id='c1'/>"
            "<store xmlns='urn:xmpp:hints'/></message>"
        )
        assert await caller.messages_so_far() == []
    async with signed_in(callee) as stream:
        message = await stream.message()
        assert message.find("jmi:propose[@id='c1']", NS) is not None
        assert message.find("delay:delay", NS) is not None


async def test_what_no_site_made_up_does_not_exist(supernode: Supernode, near: str) -> None:
    async with signed_in(supernode.mint("person-1")) as caller:
        caller.send(f"<message to='admin@{near}' type='chat'><body>one</body></message>")
        assert condition(await caller.message()) == "service-unavailable"


# --- those of another site


async def nothing_came(stream: Stream) -> bool:
    return await stream.messages_so_far() == []


async def test_a_person_reaches_nobody_of_another_site(supernode: Supernode, other: str) -> None:
    async with (
        signed_in(supernode.mint("person-1")) as inside,
        signed_in(supernode.mint("person-1", other)) as outside,
    ):
        bare = outside.address.partition("/")[0]
        for whom in (bare, outside.address):
            inside.send(f"<message to='{whom}' type='chat'><body>one</body></message>")
            assert condition(await inside.message()) == "forbidden"
        assert condition(await inside.ask("<ping xmlns='urn:xmpp:ping'/>", to=outside.address)) == (
            "forbidden"
        )
        inside.send(f"<presence to='{outside.address}'/><presence to='{bare}' type='subscribe'/>")
        assert await nothing_came(inside)
        await outside.ask("<ping xmlns='urn:xmpp:ping'/>")
        assert outside.kept() == []


@pytest.mark.parametrize("namespace", [NS["disco"], NS["extdisco"]])
async def test_a_person_learns_nothing_about_another_site(
    supernode: Supernode, other: str, namespace: str
) -> None:
    name = "services" if namespace == NS["extdisco"] else "query"
    async with signed_in(supernode.mint("person-1")) as inside:
        answer = await inside.ask(f"<{name} xmlns='{namespace}'/>", to=other)
        assert condition(answer) == "forbidden"


# --- those elsewhere


async def test_a_person_reaches_no_other_server(supernode: Supernode) -> None:
    async with signed_in(supernode.mint("person-1")) as inside:
        inside.send("<message to='person@elsewhere.example' type='chat'><body>one</body></message>")
        assert condition(await inside.message()) == "forbidden"


async def test_nobody_registers(supernode: Supernode, near: str) -> None:
    async with signed_in(supernode.mint("person-1")) as inside:
        answer = await inside.ask("<query xmlns='jabber:iq:register'/>", to=near)
        assert condition(answer) == "service-unavailable"


async def test_nobody_sends_in_the_name_of_another(supernode: Supernode) -> None:
    other = supernode.mint("person-2")["address"]
    async with signed_in(supernode.mint("person-1")) as inside:
        inside.send(f"<message from='{other}' to='{other}' type='chat'><body>one</body></message>")
        error = await inside.receive()
        assert error.find("{urn:ietf:params:xml:ns:xmpp-streams}invalid-from") is not None
