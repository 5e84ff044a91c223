"""A site's people: their accounts, whether they can be called, and their end."""

import asyncio
from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from twocan_supernode.sessions import Device
from twocan_supernode.site import answered, tokens
from twocan_supernode.site.admission import Admission, asker_of
from twocan_supernode.site.answers import answer, rfc3339
from twocan_supernode.site.bodies import MOST_ASKED, PersonId, ShadowAccount
from twocan_supernode.site.deleted import KEPT, Deleted
from twocan_supernode.site.parts import Parts
from twocan_supernode.store import Entry

InPath = Annotated[PersonId, Path()]
Asked = Annotated[list[PersonId], Query(alias="person", min_length=1, max_length=MOST_ASKED)]


class ShadowAccounts:
    """The endpoints below ``/v1/shadow-accounts``, and ``/v1/presence``."""

    def __init__(self, parts: Parts, admission: Admission) -> None:
        self._parts = parts
        self._admission = admission
        self._deleted = Deleted(parts)

    async def sign_in(self, body: ShadowAccount, request: Request) -> Response:
        """A person's address, and a token for the site's own page.

        The same person has the same address each time, and nobody of another site has it. The
        token is good for five minutes.
        """
        asker, now = asker_of(request), self._parts.clock()
        site = asker.site
        address = site.address_of(body.person)
        self._admission.tokens(site, address)
        await self._deleted.refuse(address)
        await self._deleted.readmit(address)
        await self._parts.store.note(
            Entry(now, site.name, asker.key, "account.signed-in", address, "ok")
        )
        account = tokens.page_account(site.key, address, now)
        self._parts.metrics.token(site.name, "page")
        return answer(
            {
                "address": address,
                "token": account.token,
                "expires": rfc3339(account.expires),
                "websocket": self._parts.where.websocket,
                "names_key": site.names_key,
            }
        )

    async def whereabouts(self, person: InPath, request: Request) -> Response:
        """Whether a person can be called, and on which devices."""
        address = asker_of(request).site.address_of(person)
        devices = await self._parts.sessions.of(address)
        return answer(
            {
                "address": address,
                "presence": presence(devices),
                "devices": [
                    {"id": device.id, "presence": device.presence, "since": device.since}
                    for device in devices
                ],
            }
        )

    async def presences(self, people: Asked, request: Request) -> Response:
        """Whether each of several people can be called."""
        site = asker_of(request).site
        devices = await asyncio.gather(
            *(self._parts.sessions.of(site.address_of(person)) for person in people)
        )
        return answer({"presence": dict(zip(people, map(presence, devices), strict=True))})

    async def delete(self, person: InPath, request: Request) -> Response:
        """Ends a person's sessions, and makes every token, link and code of theirs worthless.

        For ten minutes nobody can sign in as them; then they begin anew, with the same address.
        """
        asker, now = asker_of(request), self._parts.clock()
        site = asker.site
        address = site.address_of(person)
        entry = Entry(now, site.name, asker.key, "account.deleted", address, "ok")
        await self._parts.store.revoke(site.name, address, now, now + KEPT, entry)
        await self._parts.sessions.end(address)
        return Response(status_code=204)


def presence(devices: tuple[Device, ...]) -> answered.Presence:
    """Of a person who has these: in a call on one is in a call."""
    found = {device.presence for device in devices}
    for each in ("in-a-call", "free", "away"):
        if each in found:
            return each
    return "unreachable"
