"""Launches: a link for whoever clicked "call", with a code that works once.

What the link is for stays here, under the SHA-256 of its code: who calls whom, and how the site
calls them. It is forgotten some minutes later.
"""

import json

from fastapi import Request
from starlette.responses import Response

from twocan_supernode.site import idempotency, links
from twocan_supernode.site.admission import Admission, Asker, asker_of
from twocan_supernode.site.answers import answer, moment
from twocan_supernode.site.bodies import Launch, Somebody
from twocan_supernode.site.offers import Offers
from twocan_supernode.site.parts import Parts
from twocan_supernode.site.problems import KEY_REUSED, Problem, wrong_field
from twocan_supernode.site.sites import Site
from twocan_supernode.site.tokens import Person
from twocan_supernode.store import Code, Entry

CODE_LASTS = 120_000
"""Milliseconds: a click, a slow computer's start, a question to the person."""


class Launches:
    """The endpoint ``/v1/launches``."""

    def __init__(self, parts: Parts, admission: Admission) -> None:
        self._parts = parts
        self._admission = admission
        self._offers = Offers(parts)

    async def issue(self, body: Launch, request: Request) -> Response:
        """A link that calls when it is opened within two minutes, once.

        One that is for somebody who was deleted is worthless: that is looked at when it is opened.

        Asked again with the same Idempotency-Key, the answer is the same link, until ten minutes
        after it expired.
        """
        asker, name = asker_of(request), idempotency.key_of(request)
        site = asker.site
        caller, callee = person_of(site, body.caller), person_of(site, body.callee)
        if caller.address == callee.address:
            raise wrong_field("callee", "is the caller: nobody calls themselves")
        self._admission.launches(site, (callee if body.answer else caller).address)
        now = self._parts.clock()
        codes = links.repeatable_codes(site.secret, name, now) if name else (links.new_code(),)
        named = {links.digest_of(code): code for code in codes}
        launch = written(body, caller, callee)
        stored = await self._stored(asker, list(named), launch, caller.address, now)
        self._parts.metrics.code(site.name, "issued")
        return self._answer(named[stored.digest], stored.expires, caller, callee)

    async def _stored(
        self, asker: Asker, digests: list[bytes], launch: str, subject: str, now: int
    ) -> Code:
        """As the first of those digests, if it does not stand as any of them."""
        wanted = Code(digests[0], asker.site.name, launch, now, now + CODE_LASTS)
        entry = Entry(now, asker.site.name, asker.key, "launch.issued", subject, "ok")
        stored = await self._parts.store.issue(wanted, entry, digests[1:])
        if stored.launch != launch or stored.site != asker.site.name:
            raise Problem(
                KEY_REUSED, "Idempotency-Key: it was used for another launch: take a new one"
            )
        return stored

    def _answer(self, code: str, expires: int, caller: Person, callee: Person) -> Response:
        url = self._parts.where.url
        return answer(
            {
                "link": links.link(url, code),
                "page": links.page(url, code),
                "expires": moment(expires),
                "caller": {"address": caller.address},
                "callee": {"address": callee.address},
                "downloads": self._offers.now(),
            },
            201,
        )


def person_of(site: Site, party: str | Somebody) -> Person:
    if isinstance(party, str):
        return Person(site.address_of(party))
    return Person(site.address_of(party.person), party.name, party.picture)


def written(body: Launch, caller: Person, callee: Person) -> str:
    """A launch as it is stored. The same one is always written the same way."""
    return json.dumps(
        {
            "caller": [caller.address, caller.name, caller.picture],
            "callee": [callee.address, callee.name, callee.picture],
            "video": body.video,
            "reason": body.reason,
            "answer": body.answer,
        },
        separators=(",", ":"),
    )
