"""Phones that are signed in to a real node, and what they notice."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from twocan import account
from twocan.messages import Initiation, Jingle, Propose
from twocan.signalling import Reach
from twocan.xmpp import XmppSignalling, sign_in
from xmpp_stream import Account


@asynccontextmanager
async def entered(minted: Account) -> AsyncIterator[XmppSignalling]:
    """As the phone signs in; it is signed out at the end."""
    phone = await sign_in(account.parse(json.dumps(minted), "the test's account"))
    try:
        yield phone
    finally:
        await phone.close()


class Listening:
    """Keeps what a phone hears."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[Initiation] = asyncio.Queue()
        self._reaches: asyncio.Queue[Reach] = asyncio.Queue()

    async def until(self, reach: Reach) -> None:
        while await self._reaches.get() is not reach:
            pass

    def missed(self, sender: str, message: Propose, age: float) -> None:
        self.said.put_nowait(message)

    def heard(self, sender: str, message: Initiation, age: float) -> None:
        self.said.put_nowait(message)

    def asked(self, sender: str, jingle: Jingle) -> None:
        raise AssertionError(f"{sender} asked for a session")

    def undelivered(self, to: str, sid: str, condition: str) -> None:
        raise AssertionError(f"{to} did not get {sid}: {condition}")

    def reach_changed(self, reach: Reach) -> None:
        self._reaches.put_nowait(reach)
