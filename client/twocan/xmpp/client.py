"""A signed-in account as a phone needs it (``signalling.Signalling``)."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Generator
from datetime import UTC, datetime
from typing import Any, Literal
from xml.etree import ElementTree as ET

from slixmpp import Iq, Message
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath
from slixmpp.xmlstream.matcher.base import MatcherBase

from twocan.account import Account
from twocan.initiation import initiation_element, parse_initiation
from twocan.jingle import (
    JINGLE,
    fault_elements,
    fault_type,
    jingle_element,
    parse_jingle,
)
from twocan.messages import Fault, Initiation, Jingle, Proceed, Propose
from twocan.signalling import IceServer, Listener, Reach, Refusal
from twocan.states import Liveness
from twocan.xmpp import capabilities, stanzas
from twocan.xmpp.catching_up import CatchingUp
from twocan.xmpp.kept import KeptProposals
from twocan.xmpp.returning import Renew
from twocan.xmpp.stanzas import CARBONS, CLIENT, EXTDISCO, HINTS
from twocan.xmpp.stream import ANSWERS_WITHIN, SIGNS_IN_WITHIN, Stream, trust

log = logging.getLogger(__name__)

PINGED_WITHIN = 4.0
SERVERS_WITHIN = 0.5
"""Seconds that a call waits for the list of STUN and TURN servers."""
SERVERS_KEPT = 3600.0
SERVERS_MARGIN = 300.0
"""Seconds before their credentials end at which the servers are asked for anew."""

_GONE = (
    "service-unavailable",
    "item-not-found",
    "recipient-unavailable",
    "gone",
    "remote-server-not-found",
)


async def sign_in(account: Account, within: float = SIGNS_IN_WITHIN) -> "XmppSignalling":
    """Sign in, within so many seconds. Raises ``SignInError``."""
    signalling = XmppSignalling(account)
    await signalling.enter(within)
    return signalling


class XmppSignalling:
    """An account on its supernode."""

    def __init__(self, account: Account) -> None:
        self._stream = Stream(account, trust(account), self._begin_session, self._reach_changed)
        self._listener: Listener | None = None
        self._reach = Reach.OFFLINE
        self._servers: asyncio.Task[tuple[IceServer, ...]] | None = None
        self._servers_good_until = 0.0
        self._kept = KeptProposals(self._heard, self._missed)
        self._engaged = False
        self._catching_up = CatchingUp(self._stream, self._heard, self._missed)
        handlers: list[tuple[str, MatcherBase, Callable[[Any], None]]] = [
            ("Jingle", MatchXPath(f"{{{CLIENT}}}iq/{{{JINGLE}}}jingle"), self._take_jingle),
            (
                "Disco",
                MatchXPath(f"{{{CLIENT}}}iq/{{{capabilities.DISCO_INFO}}}query"),
                self._tell_info,
            ),
            ("Ping", MatchXPath(f"{{{CLIENT}}}iq/{{{capabilities.PING}}}ping"), self._answer_ping),
            ("Initiation", _MatchMessages(None), self._take_message),
        ]
        for name, matcher, handle in handlers:
            self._stream.register_handler(Callback(name, matcher, handle))

    async def enter(self, within: float = SIGNS_IN_WITHIN) -> None:
        """Sign in, within so many seconds. Raises ``SignInError``."""
        await self._stream.enter(within)

    def renew_by(self, renew: Renew) -> None:
        """Ask it for the account before coming back after the network was away."""
        self._stream.renew_by(renew)

    async def close(self) -> None:
        """Sign out."""
        if self._servers is not None:
            self._servers.cancel()
        self._catching_up.close()
        self._kept.close()
        await self._stream.leave()

    # signalling.Signalling

    @property
    def address(self) -> str:
        return self._stream.boundjid.full

    def attach(self, listener: Listener) -> None:
        self._listener = listener

    def tell(self, to: str, message: Initiation) -> None:
        # XEP-0353 §4.1 and §4.4: they need not be in our roster, but have to know what we can
        # do: whom we answer before they ask for the session, whom we call once it rings.
        if isinstance(message, Proceed):
            self._send_presence(to)
        stanza = self._stream.make_message(mto=to, mtype="chat")
        stanza.xml.append(initiation_element(message))
        stanza.xml.append(ET.Element(f"{{{HINTS}}}store"))
        stanza.send()
        if isinstance(message, Propose):
            self._send_presence(to)

    def ask(self, to: str, jingle: Jingle) -> Awaitable[None]:
        return _Answer(self._ask("set", to, jingle_element(jingle), ANSWERS_WITHIN))

    def engage(self, on: bool) -> None:
        self._engaged = on
        self._send_presence(None)

    def catch_up(self, seconds: float | None, peer: str | None = None) -> Awaitable[bool]:
        return self._catching_up.begin(seconds, peer)

    async def ping(self, to: str) -> Liveness:
        try:
            ping = ET.Element(f"{{{capabilities.PING}}}ping")
            await _answer_of(self._ask("get", to, ping, PINGED_WITHIN))
        except Refusal as refusal:
            if self._reach is not Reach.ONLINE:
                return Liveness.UNKNOWN
            if refusal.condition == "remote-server-timeout":
                return Liveness.SILENT
            return Liveness.GONE if refusal.condition in _GONE else Liveness.ALIVE
        return Liveness.ALIVE

    async def ice_servers(self) -> tuple[IceServer, ...]:
        if self._servers is None or time.monotonic() > self._servers_good_until:
            self._fetch_servers()
        assert self._servers is not None
        try:
            async with asyncio.timeout(SERVERS_WITHIN):
                return await asyncio.shield(self._servers)
        except TimeoutError:
            raise Refusal("remote-server-timeout") from None

    # What comes in

    def _take_jingle(self, iq: Iq) -> None:
        if iq["type"] != "set":
            return
        try:
            jingle = parse_jingle(_child(iq.xml, JINGLE))
            if self._listener is None:
                raise Fault("service-unavailable", "this phone takes no calls")
            self._listener.asked(iq["from"].full, jingle)
        except Fault as fault:
            self._refuse(iq, fault)
        else:
            iq.reply(clear=True).send()

    def _refuse(self, iq: Iq, fault: Fault) -> None:
        log.info("%s: refused a request: %s", iq["from"].bare, fault)
        reply = iq.reply(clear=True)
        reply.xml.set("type", "error")
        error = ET.SubElement(
            reply.xml, f"{{{CLIENT}}}error", {"type": fault_type(fault.condition)}
        )
        error.extend(fault_elements(fault))
        reply.send()

    def _take_message(self, stanza: Message) -> None:
        message = stanzas.uncarboned(stanza.xml, self.address)
        element = stanzas.initiation(message)
        if element is None or self._listener is None:
            return
        sender = message.get("from", self.address)
        try:
            said = parse_initiation(element)
        except Fault as fault:
            log.info("%s: dropped a message: %s", sender, fault)
            return
        if said is None:
            return
        if message.get("type") == "error":
            self._listener.undelivered(sender, said.sid, _condition(message))
        elif message.get("type") in (None, "chat", "normal", "headline"):
            now = datetime.now(UTC)
            self._kept.take(sender, said, stanzas.age(now, stanza.xml, message))

    def _heard(self, sender: str, said: Initiation, age: float) -> None:
        if self._listener is not None:
            self._listener.heard(sender, said, age)

    def _missed(self, sender: str, said: Propose, age: float) -> None:
        if self._listener is not None:
            self._listener.missed(sender, said, age)

    def _tell_info(self, iq: Iq) -> None:
        if iq["type"] == "get":
            query = _child(iq.xml, capabilities.DISCO_INFO)
            reply = iq.reply(clear=True)
            reply.xml.append(capabilities.info(query.get("node")))
            reply.send()

    def _answer_ping(self, iq: Iq) -> None:
        if iq["type"] == "get":
            iq.reply(clear=True).send()

    # The session

    def _begin_session(self) -> None:
        self._send_presence(None)
        carbons = self._stream.make_iq_set()
        carbons.xml.append(ET.Element(f"{{{CARBONS}}}enable"))
        carbons.send(callback=lambda _answer: None).add_done_callback(_forget)
        self._fetch_servers()
        self._catching_up.back(anew=True)

    def _reach_changed(self, reach: Reach) -> None:
        if reach is Reach.ONLINE:
            self._catching_up.back(anew=False)
        else:
            self._catching_up.away()
        changed, self._reach = reach is not self._reach, reach
        if changed and self._listener is not None:
            self._listener.reach_changed(reach)

    def _send_presence(self, to: str | None) -> None:
        presence = self._stream.make_presence(pto=to)
        if self._engaged and to is None:
            # RFC 6121 §4.7.2.1. For those who may know; a stranger learns what we can do, no more.
            ET.SubElement(presence.xml, stanzas.SHOW).text = "dnd"
        presence.xml.append(capabilities.presence_element())
        presence.send()

    def _fetch_servers(self) -> None:
        self._servers_good_until = time.monotonic() + SERVERS_KEPT
        self._servers = asyncio.create_task(self._list_servers())
        self._servers.add_done_callback(_forget)

    async def _list_servers(self) -> tuple[IceServer, ...]:
        domain = self._stream.boundjid.domain
        query = ET.Element(f"{{{EXTDISCO}}}services")
        answer = await _answer_of(self._ask("get", domain, query, ANSWERS_WITHIN))
        services = answer.xml.find(f"{{{EXTDISCO}}}services")
        if services is None:
            return ()
        left = stanzas.expiry(services, datetime.now(UTC))
        if left is not None:
            self._servers_good_until = time.monotonic() + min(left - SERVERS_MARGIN, SERVERS_KEPT)
        return stanzas.ice_servers(services)

    def _ask(
        self, kind: Literal["get", "set"], to: str, element: ET.Element, within: float
    ) -> "asyncio.Future[Iq]":
        """Send a request; what comes back are slixmpp's answers and errors."""
        iq = self._stream.make_iq(ito=to, itype=kind)
        iq.xml.append(element)
        answer: asyncio.Future[Iq] = iq.send(timeout=within)
        return answer


class _Answer:
    """The answer to a request, which nobody needs to wait for: a call may end before it comes."""

    def __init__(self, answer: "asyncio.Future[Iq]") -> None:
        self._answer = answer
        answer.add_done_callback(_forget)

    def __await__(self) -> Generator[Any, None, None]:
        yield from _answer_of(self._answer).__await__()


async def _answer_of(answer: "asyncio.Future[Iq]") -> Iq:
    try:
        return await answer
    except IqError as error:
        raise Refusal(error.iq["error"]["condition"] or "undefined-condition") from None
    except IqTimeout:
        raise Refusal("remote-server-timeout") from None


class _MatchMessages(MatcherBase):
    """Messages of XEP-0353, and carbon copies of them."""

    def match(self, xml: Any) -> bool:
        message: ET.Element = xml.xml
        if message.tag != f"{{{CLIENT}}}message":
            return False
        return stanzas.initiation(message) is not None or any(
            child.tag.startswith(f"{{{CARBONS}}}") for child in message
        )


def _child(stanza: ET.Element, namespace: str) -> ET.Element:
    return next(child for child in stanza if child.tag.startswith(f"{{{namespace}}}"))


def _condition(message: ET.Element) -> str:
    error = message.find(f"{{{CLIENT}}}error")
    tags = [child.tag.rpartition("}")[2] for child in error] if error is not None else []
    return next((tag for tag in tags if tag != "text"), "undefined-condition")


def _forget(answer: "asyncio.Future[Any]") -> None:
    """Take note that it failed, which is of no consequence."""
    if not answer.cancelled():
        answer.exception()
