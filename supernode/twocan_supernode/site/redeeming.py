"""What a phone asks: what its link is for, and later the next token.

Whoever redeems a code shows a public key. The refresh token is bound to it, so that nobody else
can use it (RFC 9449): the code proves that the site sent this phone, the key that it is the same.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from twocan_supernode.site import idempotency, links, tokens
from twocan_supernode.site.admission import Admission
from twocan_supernode.site.answers import answer, named, rfc3339, servers
from twocan_supernode.site.bodies import Redemption
from twocan_supernode.site.deleted import Deleted
from twocan_supernode.site.parts import Parts
from twocan_supernode.site.problems import (
    CODE_EXPIRED,
    CODE_UNKNOWN,
    CODE_USED,
    PERSON_DELETED,
    Problem,
    wrong_field,
)
from twocan_supernode.site.proofs import PhoneKey, ProofError, phone_key
from twocan_supernode.site.sites import Site
from twocan_supernode.site.tokens import Person
from twocan_supernode.store import Code, CodeError, Entry, Expired, Used

_BY_ITS_KEY = "phone"


@dataclass(frozen=True, slots=True)
class Launch:
    """What is stored for a code."""

    caller: Person
    callee: Person
    video: bool
    reason: str | None
    answer: str | None

    @property
    def opener(self) -> Person:
        """Who opens the link, and is signed in: the caller, or the callee in order to answer."""
        return self.callee if self.answer else self.caller


class Redeeming:
    """The endpoint ``/v1/launches/redeem``."""

    def __init__(self, parts: Parts, admission: Admission) -> None:
        self._parts = parts
        self._admission = admission
        self._deleted = Deleted(parts)

    async def redeem(self, body: Redemption, request: Request) -> Response:
        """What a link is for: an account to sign in with, and whom to call.

        A code works once. With an Idempotency-Key, the same phone may ask again, and is
        answered again.
        """
        self._admission.redemptions(request)
        key = _key(body)
        code = await self._redeemed(body.code, _redeemer(key, idempotency.key_of(request)))
        site = self._parts.sites.get(code.site, self._parts.clock())
        if site is None:
            raise Problem(CODE_UNKNOWN, "its site is gone")
        launch = read(code.launch)
        await self._refuse_deleted(site, code, launch)
        self._parts.metrics.code(site.name, "redeemed")
        return answer(
            {
                "account": self._account(site, launch.opener, key),
                "caller": named(launch.caller),
                "callee": named(launch.callee),
                "video": launch.video,
                **({"reason": launch.reason} if launch.reason else {}),
                **({"answer": launch.answer} if launch.answer else {}),
            }
        )

    async def _redeemed(self, code: str, by: bytes) -> Code:
        now = self._parts.clock()

        def noted(stored: Code) -> Entry:
            who = read(stored.launch).opener.address
            return Entry(now, stored.site, _BY_ITS_KEY, "launch.redeemed", who, "ok")

        try:
            return await self._parts.store.redeem(links.digest_of(code), by, now, noted)
        except CodeError as error:
            raise self._refused(error) from None

    def _refused(self, error: CodeError) -> Problem:
        kind = CODE_UNKNOWN
        outcome = "unknown"
        if isinstance(error, Expired):
            kind, outcome = CODE_EXPIRED, "expired"
        elif isinstance(error, Used):
            kind, outcome = CODE_USED, "used"
        self._parts.metrics.code("", outcome)
        return Problem(kind, "click the button on the site again")

    async def _refuse_deleted(self, site: Site, code: Code, launch: Launch) -> None:
        people = launch.caller.address, launch.callee.address
        if await self._deleted.since(code.issued, *people):
            self._parts.metrics.code(site.name, "deleted")
            raise Problem(PERSON_DELETED, "the site deleted one of these people since")
        await self._deleted.readmit(launch.opener.address)

    def _account(self, site: Site, person: Person, key: PhoneKey) -> dict[str, object]:
        now, where = self._parts.clock(), self._parts.where
        account = tokens.phone_account(site.key, person.address, now)
        self._parts.metrics.token(site.name, "phone")
        first = where.servers[0]
        return {
            "address": person.address,
            "token": account.token,
            "expires": rfc3339(account.expires),
            "servers": servers(where),
            "host": first.host,
            "port": first.port,
            "refresh": {
                "url": where.url + links.REFRESH,
                "token": tokens.refresh_token(site.key, person, key.thumbprint, now),
            },
            "card": tokens.card(site.key, person, now),
            "names_key": site.names_key,
            **({"ca": str(where.ca)} if where.ca else {}),
        }


def read(launch: str) -> Launch:
    """A launch out of what ``launches.written`` made."""
    said = json.loads(launch)
    return Launch(
        Person(*said["caller"]),
        Person(*said["callee"]),
        said["video"],
        said["reason"],
        said["answer"],
    )


def _key(body: Redemption) -> PhoneKey:
    try:
        return phone_key(body.key.model_dump(exclude_unset=True))
    except ProofError as error:
        raise wrong_field("key", str(error)) from None


def _redeemer(key: PhoneKey, idempotency_key: str | None) -> bytes:
    """By what the store knows who may be answered again: nobody, unless the request has a name."""
    name = idempotency_key or secrets.token_urlsafe()
    return hashlib.sha256(f"{key.thumbprint}\0{name}".encode()).digest()
