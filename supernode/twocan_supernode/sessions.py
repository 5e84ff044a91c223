"""Who is signed in, and who may not be any more: asked of ejabberd, on the socket in its folder.

A person whose sessions were ended is in a group of their site, such as ``refused`` (ejabberd's
shared roster groups; nobody sees one in their contacts). ejabberd lets nobody of that group bind a
resource, whatever token they have. All nodes of a cluster know the group and end sessions of each
other, so that any of them can be asked.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol, Self

import httpx

from twocan_supernode import flooding
from twocan_supernode.errors import SupernodeError
from twocan_supernode.installation import API
from twocan_supernode.near_sockets import short_name
from twocan_supernode.state import State
from twocan_supernode.turns import TooMany, Turns

REFUSED = "refused"
"""The group's name; ``ejabberd.yml`` has it, too."""

_ANSWERS_WITHIN = 5.0
_AT_ONCE = 8
_LOOKS_AT_ONCE = 6
"""The others are for ending sessions, which waits for no one's curiosity."""
_LOOKS_OF_ONE_SITE = 3
_LOOKS_WAITING = 2_000
"""Of one site: some six seconds."""
_TRIES = 5
_LOOK_AGAIN = 0.02
# RFC 6121 4.7.2.1. Who has sent no presence yet, or took it back, cannot be called.
_PRESENCES = {
    "available": "free",
    "chat": "free",
    "dnd": "in-a-call",
    "away": "away",
    "xa": "away",
}


class SessionsAway(SupernodeError):
    """The node does not answer, or cannot do what it was asked for. It names no person."""


@dataclass(frozen=True, slots=True)
class Device:
    """One of a person's sessions: a phone, or a page that is open."""

    id: str  # its XMPP resource
    presence: str  # "free", "in-a-call" or "away"
    since: int  # when it signed in, to a second: milliseconds since 1970


class Sessions(Protocol):
    """What is signed in. Addresses are bare, as the site makes them."""

    async def of(self, address: str) -> tuple[Device, ...]:
        """Where this person can be called. Raises SessionsAway."""
        ...

    async def end(self, address: str) -> None:
        """From now on no token made before works; sessions end. Raises SessionsAway."""
        ...

    async def readmit(self, address: str) -> None:
        """Undoes ``end``, once every token made before has expired. Raises SessionsAway."""
        ...


class EjabberdSessions:
    """Sessions of the node in a folder, whether it runs by now or not."""

    def __init__(self, state: State) -> None:
        self._held = ExitStack()
        self._looks = Turns(_LOOKS_AT_ONCE, _LOOKS_OF_ONE_SITE, _LOOKS_WAITING)
        folder = self._held.enter_context(short_name(state.folder))
        socket = folder / state.ejabberd.relative_to(state.folder) / API
        self._http = httpx.AsyncClient(
            base_url="http://localhost/api/",
            transport=httpx.AsyncHTTPTransport(
                uds=str(socket), limits=httpx.Limits(max_connections=_AT_ONCE)
            ),
            timeout=_ANSWERS_WITHIN,
        )

    async def close(self) -> None:
        await self._http.aclose()
        self._held.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def begin(self, sites: Iterable[str]) -> None:
        """What a node does before anybody signs in: a rule that asks for a group which is not there
        makes ejabberd fail. A group that is there keeps everybody in it, but for those who sent too
        much: nobody knows any more until when they are kept out.

        Waits until it answers at all: it makes its socket after it listens elsewhere. Raises
        SessionsAway when it cannot do that.
        """
        for site in sites:
            for group in (REFUSED, flooding.GROUP):
                said = {"group": group, "label": group, "description": "", "display": ""}
                while not await self._begun(said | {"host": site}):
                    await asyncio.sleep(_LOOK_AGAIN)
            for address in await self._ask(
                "srg_get_members", {"group": flooding.GROUP, "host": site}
            ):
                await self.readmit(address, flooding.GROUP)

    async def _begun(self, group: Mapping[str, str]) -> bool:
        try:
            await self._ask("srg_create", group)
        except _Failed:
            raise
        except SessionsAway:
            return False
        return True

    async def of(self, address: str) -> tuple[Device, ...]:
        # Not all to the client at once: its pool of connections is slow where thousands wait.
        try:
            async with self._looks.turn(address.partition("@")[2]):
                now = time.time_ns() // 1_000_000
                found = await self._sessions(address)
        except TooMany:
            raise SessionsAway("so much is asked of the node that it answers no more") from None
        return tuple(
            Device(each["resource"], presence, now - each["uptime"] * 1000)
            for each in sorted(found, key=lambda each: str(each["resource"]))
            if (presence := _PRESENCES.get(each["status"]))
        )

    async def end(self, address: str, group: str = REFUSED) -> None:
        who = _who(address)
        await self._ask("srg_user_add", who | {"group": group, "grouphost": who["host"]})
        for _ in range(_TRIES):
            await self._ask("kick_user", who)  # those that wait for resumption (XEP-0198), too
            if not await self._sessions(address):
                return
            # Somebody who was admitted just before is only now there to be ended.
            await asyncio.sleep(_LOOK_AGAIN)
        raise SessionsAway("the node does not end a session")

    async def readmit(self, address: str, group: str = REFUSED) -> None:
        who = _who(address)
        await self._ask("srg_user_del", who | {"group": group, "grouphost": who["host"]})

    async def forget_archived(self, days: int) -> None:
        """Has what is older be forgotten of the archive. Raises SessionsAway."""
        await self._ask("delete_old_mam_messages", {"type": "all", "days": days})

    async def forget_missed(self, days: int) -> None:
        """The same of what waits for somebody who is away."""
        await self._ask("delete_old_messages", {"days": days})

    async def take_up(self) -> None:
        """Has the configuration, and the keys and certificates in it, be read anew."""
        await self._ask("reload_config", {})

    async def _sessions(self, address: str) -> list[dict[str, Any]]:
        """ejabberd's own words. It fails over a session that ends while it looks: ask again."""
        for _ in range(_TRIES - 1):
            try:
                found = await self._ask("user_sessions_info", _who(address))
            except _Failed:
                await asyncio.sleep(_LOOK_AGAIN)
            else:
                return list(found)
        return list(await self._ask("user_sessions_info", _who(address)))

    async def _ask(self, command: str, arguments: Mapping[str, str | int]) -> Any:
        try:
            answer = await self._http.post(command, json=arguments)
        except httpx.HTTPError as error:
            kind = type(error).__name__
            raise SessionsAway(f"the node does not answer ({kind}): does it run?") from None
        if answer.status_code != httpx.codes.OK:
            raise _Failed(f"the node cannot do {command}: it answered {answer.status_code}")
        return answer.json()


class _Failed(SessionsAway):
    """It answers, but this did not work."""


def _who(address: str) -> dict[str, str]:
    user, _, site = address.partition("@")
    return {"user": user, "host": site}
