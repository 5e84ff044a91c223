"""The next token for a phone that proves that it has the key of its refresh token (RFC 9449)."""

from contextlib import suppress

from fastapi import Request
from starlette.responses import Response

from twocan_supernode.site import links, tokens
from twocan_supernode.site.admission import Admission
from twocan_supernode.site.answers import answer, rfc3339, servers
from twocan_supernode.site.bodies import Refreshing as Body
from twocan_supernode.site.deleted import Deleted
from twocan_supernode.site.parts import Parts
from twocan_supernode.site.problems import NONCE_WANTED, PROOF_REFUSED, TOKEN_REFUSED, Kind, Problem
from twocan_supernode.site.proofs import (
    SPENT_FOR,
    NonceNeeded,
    Nonces,
    Proof,
    ProofError,
    check_proof,
)
from twocan_supernode.site.sites import Site
from twocan_supernode.site.tokens import Refresh, TokenError
from twocan_supernode.store import Entry

# RFC 9449 7.1 and 8: what it is that was wrong.
_INVALID_TOKEN, _INVALID_PROOF = "invalid_token", "invalid_dpop_proof"
_USE_NONCE = "use_dpop_nonce"


class Refreshing:
    """The endpoint ``/v1/tokens/refresh``."""

    def __init__(self, parts: Parts, admission: Admission) -> None:
        self._parts = parts
        self._admission = admission
        self._deleted = Deleted(parts)

    async def refresh(self, body: Body, request: Request) -> Response:
        """The next access token, and a refresh token that is good for another thirty days.

        The header DPoP proves that it is the phone which redeemed the code that asks.
        """
        self._admission.refreshes(request)
        site, refresh = self._read(body.refresh_token)
        proof = self._proof(site, request)
        if proof.thumbprint != refresh.thumbprint:
            raise _refused(PROOF_REFUSED, _INVALID_PROOF, "it was made with another phone's key")
        # Not before: whoever stole the token alone would use up what the phone may have.
        self._admission.tokens(site, refresh.person.address)
        await self._spend(proof)
        await self._refuse_deleted(refresh)
        await self._note(site, refresh)
        return self._answer(site, refresh)

    def _read(self, token: str) -> tuple[Site, Refresh]:
        now = self._parts.clock()
        try:
            site = self._parts.sites.get(tokens.site_claimed(token), now)
            if site is None:
                raise TokenError("the refresh token is of a site that is gone")
            return site, _verified(token, site, now)
        except TokenError as error:
            raise _refused(TOKEN_REFUSED, _INVALID_TOKEN, str(error)) from None

    def _proof(self, site: Site, request: Request) -> Proof:
        proofs = request.headers.getlist("DPoP")
        if len(proofs) != 1:
            detail = "send one header DPoP, a proof as RFC 9449 has it"
            raise _refused(PROOF_REFUSED, _INVALID_PROOF, detail)
        nonces, now = Nonces(site.secret), self._parts.clock()
        url = self._parts.where.url + links.REFRESH
        try:
            return check_proof(proofs[0], "POST", url, nonces, now)
        except NonceNeeded as error:
            raise _refused(NONCE_WANTED, _USE_NONCE, str(error), nonces.fresh(now)) from None
        except ProofError as error:
            raise _refused(PROOF_REFUSED, _INVALID_PROOF, str(error)) from None

    async def _spend(self, proof: Proof) -> None:
        until = self._parts.clock() + SPENT_FOR
        if not await self._parts.store.spend(proof.digest, until):
            raise _refused(PROOF_REFUSED, _INVALID_PROOF, "it was shown before: make a new one")

    async def _refuse_deleted(self, refresh: Refresh) -> None:
        if await self._deleted.since(refresh.issued, refresh.person.address):
            detail = "the site deleted this person since: sign in to the site again"
            raise _refused(TOKEN_REFUSED, _INVALID_TOKEN, detail)

    async def _note(self, site: Site, refresh: Refresh) -> None:
        now, address = self._parts.clock(), refresh.person.address
        await self._parts.store.note(
            Entry(now, site.name, "phone", "token.refreshed", address, "ok")
        )
        self._parts.metrics.token(site.name, "refreshed")

    def _answer(self, site: Site, refresh: Refresh) -> Response:
        now, person = self._parts.clock(), refresh.person
        account = tokens.phone_account(site.key, person.address, now)
        return answer(
            {
                "token": account.token,
                "expires": rfc3339(account.expires),
                "refresh_token": tokens.refresh_token(site.key, person, refresh.thumbprint, now),
                "servers": servers(self._parts.where),
                "card": tokens.card(site.key, person, now),
                "names_key": site.names_key,
            }
        )


def _verified(token: str, site: Site, now: int) -> Refresh:
    """By the key that the site signs with, or one that it signed with before. Raises TokenError."""
    try:
        return tokens.read_refresh_token(token, site.key.public_key(), site.name, now)
    except TokenError:
        for key in site.former_keys:
            with suppress(TokenError):
                return tokens.read_refresh_token(token, key, site.name, now)
        raise


def _refused(kind: Kind, error: str, detail: str, nonce: str | None = None) -> Problem:
    headers = {"WWW-Authenticate": f'DPoP error="{error}", algs="ES256"'}
    if nonce:
        headers["DPoP-Nonce"] = nonce
    return Problem(kind, detail, headers=headers)
