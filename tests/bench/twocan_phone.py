"""Twocan's own media, over any ends of sound, with pictures or without.

No supernode: the far side is told by hand."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

from end import Described
from twocan import events
from twocan.events import Event
from twocan.jingle import jingle_element, parse_jingle
from twocan.media.pictures.picture import Sights
from twocan.media.session import CallMedia
from twocan.media.sound import Ends
from twocan.messages import Action, Candidate, Content, Jingle

_SID = "measured"


class TwocanPhone:
    """``end.Phone`` of Twocan."""

    def __init__(self, open_ends: Callable[[], Ends], sights: Sights | None = None) -> None:
        self._media = CallMedia(self._happened, open_ends, sights)
        self._pictures = sights is not None
        self._connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def offer(self) -> Described:
        await self._media.prepare([])
        ours = await self._media.offer(pictures=self._pictures)
        return self._described(Action.SESSION_INITIATE, ours)

    async def answer(self, theirs: Described) -> Described:
        await self._media.prepare([])
        offer = _moved(theirs)
        ours = await self._media.answer(offer.contents, offer.bundle, showing=self._pictures)
        self._media.connect(offer.contents, offer.bundle, controlling=False)
        return self._described(Action.SESSION_ACCEPT, ours)

    async def connect(self, theirs: Described | None) -> None:
        if theirs is not None:
            answer = _moved(theirs)
            self._media.connect(answer.contents, answer.bundle, controlling=True)
        await self._connected
        self._media.flow(
            sending=True,
            muted=False,
            playing=True,
            showing=self._pictures,
            watching=self._pictures,
        )

    async def close(self) -> None:
        await self._media.close()

    def _happened(self, event: Event) -> None:
        if self._connected.done():
            return
        if isinstance(event, events.Connected):
            self._connected.set_result(None)
        elif isinstance(event, events.MediaLost | events.MediaParted):
            self._connected.set_exception(RuntimeError(f"the media ended: {event}"))

    def _described(self, action: Action, contents: tuple[Content, ...]) -> Described:
        element = jingle_element(Jingle(action, _SID, contents, bundle=self._media.bundle))
        found = _candidates(contents[0])
        first = next((c for c in found if "." in c.ip and c.protocol == "udp"), None)
        if first is None:
            raise RuntimeError("there is no IPv4 address: this machine needs one to be measured")
        return {"address": [first.ip, first.port], "jingle": ET.tostring(element, "unicode")}


def _moved(theirs: Described) -> Jingle:
    """What the far end described, its media at ``address`` alone."""
    host, port = theirs["address"]
    told = parse_jingle(ET.fromstring(theirs["jingle"]))  # noqa: S314 - our own
    return replace(told, contents=tuple(_at(content, host, port) for content in told.contents))


def _at(content: Content, host: str, port: int) -> Content:
    assert content.transport is not None
    first = next((c for c in _candidates(content) if "." in c.ip), None)
    if first is None:
        # It shares another's transport.
        return content
    only = (replace(first, ip=host, port=port),)
    return replace(content, transport=replace(content.transport, candidates=only))


def _candidates(content: Content) -> tuple[Candidate, ...]:
    return content.transport.candidates if content.transport else ()
