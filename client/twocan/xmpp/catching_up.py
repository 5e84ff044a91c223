"""Catching up with the calls of the time before a session began; nobody waits for it."""

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from slixmpp import Iq
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath
from slixmpp.xmlstream.stanzabase import StanzaBase

from twocan.messages import Initiation, Propose
from twocan.xmpp import archive
from twocan.xmpp.archive import MAM, MOST, Kept, Missed, Rings, Settled
from twocan.xmpp.stanzas import CLIENT
from twocan.xmpp.stream import ANSWERS_WITHIN, LOOKS_EVERY, Stream

log = logging.getLogger(__name__)

FARTHEST = 24 * 3600.0
"""Seconds back of which the archive is asked."""
MARGIN = LOOKS_EVERY + ANSWERS_WITHIN
"""Seconds that a connection may have been gone before anybody knew it. What is heard twice is one
call."""


class CatchingUp:
    """``heard`` and ``missed``: as of a ``Listener``."""

    def __init__(
        self,
        stream: Stream,
        heard: Callable[[str, Initiation, float], None],
        missed: Callable[[str, Propose, float], None],
    ) -> None:
        self._stream, self._heard, self._missed = stream, heard, missed
        self._asking: asyncio.Future[bool] | None = None
        self._name = ""
        self._told: list[Kept] = []
        self._wanted = False
        self._left_at: float | None = None
        results = MatchXPath(f"{{{CLIENT}}}message/{{{MAM}}}result")
        stream.register_handler(Callback("Archive", results, self._take))

    def begin(self, seconds: float | None, peer: str | None = None) -> Awaitable[bool]:
        """Ask about the last so many seconds, None for as far back as it makes sense, and about
        ``peer`` alone, a bare address, if there is one. Whether the supernode knew, for whoever
        waits."""
        self._wanted = True
        self.close()
        back = FARTHEST if seconds is None else min(seconds + MARGIN, FARTHEST)
        self._name = str(uuid.uuid4())
        iq = self._stream.make_iq_set()
        since = datetime.now(UTC) - timedelta(seconds=back)
        iq.xml.append(archive.query(self._name, since, peer))
        self._asking = asyncio.create_task(self._answered(iq.send(timeout=ANSWERS_WITHIN)))
        return self._asking

    def away(self) -> None:
        """The supernode went: what happens from now on is not heard."""
        if self._left_at is None:
            # Not a monotonic clock: it may stand still while a computer sleeps.
            self._left_at = time.time()

    def back(self, *, anew: bool) -> None:
        """It is there again. ``anew``: in a new session, to which nothing of the time between is
        sent (XEP-0198)."""
        left, self._left_at = self._left_at, None
        if anew and left is not None and self._wanted:
            self.begin(max(time.time() - left, 0.0))

    def close(self) -> None:
        """Wait for no answer any longer."""
        if self._asking is not None:
            self._asking.cancel()
        self._told = []

    async def _answered(self, answer: "asyncio.Future[Iq]") -> bool:
        try:
            await answer
        except (IqError, IqTimeout):
            # Not every supernode has an archive, and a call of long ago is not worth another try.
            log.info("the supernode does not tell which calls came meanwhile")
            return False
        self._tell()
        return True

    def _take(self, stanza: StanzaBase) -> None:
        me = self._stream.boundjid.full
        told = archive.kept(stanza.xml, me, self._name, datetime.now(UTC))
        if told is not None and len(self._told) < MOST:
            self._told.append(told)

    def _tell(self) -> None:
        told, self._told, self._name = self._told, [], ""
        for fate in archive.fates(told, self._stream.boundjid.full):
            match fate:
                case Rings(proposal):
                    self._heard(proposal.sender, proposal.message, proposal.age)
                case Missed(proposal, end):
                    self._missed(proposal.sender, _propose(proposal), proposal.age)
                    if end is not None:
                        # It may ring here, where the supernode kept it for us as well.
                        self._heard(end.sender, end.message, end.age)
                case Settled(end):
                    self._heard(end.sender, end.message, end.age)


def _propose(kept: Kept) -> Propose:
    assert isinstance(kept.message, Propose)
    return kept.message
