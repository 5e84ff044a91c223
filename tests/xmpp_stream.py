"""An XMPP stream and nothing more: sends what a test wrote, and shows what came."""

import asyncio
import base64
import itertools
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast
from xml.etree.ElementTree import Element, XMLPullParser

NS = {
    "c": "jabber:client",
    "stream": "http://etherx.jabber.org/streams",
    "sasl": "urn:ietf:params:xml:ns:xmpp-sasl",
    "bind": "urn:ietf:params:xml:ns:xmpp-bind",
    "error": "urn:ietf:params:xml:ns:xmpp-stanzas",
    "carbons": "urn:xmpp:carbons:2",
    "forward": "urn:xmpp:forward:0",
    "delay": "urn:xmpp:delay",
    "jmi": "urn:xmpp:jingle-message:0",
    "sm": "urn:xmpp:sm:3",
    "extdisco": "urn:xmpp:extdisco:2",
    "mam": "urn:xmpp:mam:2",
    "disco": "http://jabber.org/protocol/disco#info",
}
MESSAGE = f"{{{NS['c']}}}message"
PRESENCE = f"{{{NS['c']}}}presence"
ANSWERS_WITHIN = 30.0

Account = dict[str, Any]


class Refused(Exception):
    """The server did not let this account in; the message is the condition that it named."""


class Stream:
    """One connection, over which a test reads and writes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._parser: XMLPullParser[Element] = XMLPullParser(["start", "end"])
        self._depth = 0
        self._kept: list[Element] = []
        self._ids = itertools.count()
        self.address = ""

    # --- stanzas

    def send(self, xml: str) -> None:
        self._writer.write(xml.encode())

    async def receive(self) -> Element:
        """The next element from the wire; EOFError when the stream ended."""
        async with asyncio.timeout(ANSWERS_WITHIN):
            while True:
                if (element := self._parsed()) is not None:
                    return element
                data = await self._reader.read(65536)
                if not data:
                    raise EOFError
                self._parser.feed(data)

    def _parsed(self) -> Element | None:
        for event in self._parser.read_events():
            kind, element = cast("tuple[str, Element]", event)
            self._depth += 1 if kind == "start" else -1
            if kind == "end" and self._depth == 1:
                return element
        return None

    async def until(self, wanted: Callable[[Element], bool]) -> Element:
        """The first element that is wanted; what came before it is kept for later."""
        for known in filter(wanted, self._kept):
            self._kept.remove(known)
            return known
        while not wanted(element := await self.receive()):
            self._kept.append(element)
        return element

    async def message(self) -> Element:
        return await self.until(lambda element: element.tag == MESSAGE)

    async def ask(self, payload: str, kind: str = "get", to: str = "") -> Element:
        """The answer to a question."""
        name = f"q{next(self._ids)}"
        whom = f" to='{to}'" if to else ""
        self.send(f"<iq id='{name}' type='{kind}'{whom}>{payload}</iq>")
        return await self.until(lambda element: element.get("id") == name)

    async def messages_so_far(self) -> list[Element]:
        """The messages that came before the server answers a question that is asked now."""
        await self.ask("<ping xmlns='urn:xmpp:ping'/>")
        return [element for element in self.kept() if element.tag == MESSAGE]

    def kept(self) -> list[Element]:
        """What was read and not asked for; it is kept no longer."""
        kept, self._kept = self._kept, []
        return kept

    # --- opening and closing

    async def open(self, domain: str) -> Element:
        """Opens the stream, or opens it anew; gives its features."""
        self._parser = XMLPullParser(["start", "end"])
        self._depth = 0
        self.send(
            f"<stream:stream to='{domain}' version='1.0' xmlns='{NS['c']}' "
            f"xmlns:stream='{NS['stream']}'>"
        )
        return await self.receive()

    async def start_tls(self, context: ssl.SSLContext, domain: str) -> None:
        self.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        await self.receive()
        await self._writer.start_tls(context, server_hostname=domain)

    async def authenticate(self, address: str, token: str) -> None:
        """SASL PLAIN (RFC 4616) with the token as the password."""
        user, _, domain = address.partition("@")
        await self.open(domain)
        plain = base64.b64encode(f"\0{user}\0{token}".encode()).decode()
        self.send(f"<auth xmlns='{NS['sasl']}' mechanism='PLAIN'>{plain}</auth>")
        answer = await self.receive()
        if answer.tag != f"{{{NS['sasl']}}}success":
            raise Refused(answer[0].tag.partition("}")[2])
        await self.open(domain)

    async def bind(self, resource: str) -> None:
        """Becomes a session; Refused where this person may not have one."""
        bound = await self.ask(
            f"<bind xmlns='{NS['bind']}'><resource>{resource}</resource></bind>", "set"
        )
        if (error := bound.find("c:error", NS)) is not None:
            raise Refused(error[0].tag.partition("}")[2])
        self.address = bound.findtext("bind:bind/bind:jid", "", NS)

    async def close(self) -> None:
        """Says goodbye, and waits until the server did."""
        self.send("</stream:stream>")
        try:
            await self._reader.readuntil(b"</stream:stream>")
        finally:
            self.cut()

    def cut(self) -> None:
        """Drops the connection without a word, as a network that goes away does."""
        self._writer.transport.abort()


@asynccontextmanager
async def encrypted(
    host: str, port: int, context: ssl.SSLContext, name: str
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A TLS connection. It is cut at the end, since ejabberd never answers a TLS goodbye."""
    reader, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=name)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


@asynccontextmanager
async def connected(account: Account) -> AsyncIterator[Stream]:
    """A stream over direct TLS on which nothing was said yet."""
    site = account["address"].partition("@")[2]
    context = ssl.create_default_context(cafile=account["ca"])
    async with encrypted(account["host"], account["port"], context, site) as connection:
        yield Stream(*connection)


@asynccontextmanager
async def signed_in(account: Account, resource: str = "one") -> AsyncIterator[Stream]:
    """A stream that is signed in, has carbons on and is available."""
    async with connected(account) as stream:
        await stream.authenticate(account["address"], account["token"])
        await stream.bind(resource)
        await stream.ask(f"<enable xmlns='{NS['carbons']}'/>", "set")
        stream.send("<presence/>")
        # Its own comes back. Another's, of the same person, may come before it.
        await stream.until(lambda e: e.tag == PRESENCE and e.get("from") == stream.address)
        yield stream
        await stream.close()
