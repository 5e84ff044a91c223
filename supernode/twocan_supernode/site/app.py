"""The site API as an ASGI app: which endpoints there are, and what each may answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from twocan_supernode.site import answered, described, docs, idempotency, pages, problems
from twocan_supernode.site.admission import Admission, SiteRoute
from twocan_supernode.site.asked import AskedRoute
from twocan_supernode.site.described import responses, secured
from twocan_supernode.site.envelope import Envelope
from twocan_supernode.site.launches import Launches
from twocan_supernode.site.named_route import NamedRoute
from twocan_supernode.site.parts import Parts
from twocan_supernode.site.redeeming import Redeeming
from twocan_supernode.site.refreshing import Refreshing
from twocan_supernode.site.shadow_accounts import ShadowAccounts
from twocan_supernode.site.upkeep import Upkeep

_BODY = (problems.MALFORMED, problems.TOO_LARGE, problems.WRONG_TYPE, problems.FIELDS_WRONG)
# A line break in a path leads nowhere; other control characters are a field that is wrong.
_OF_A_PATH = (problems.NOT_FOUND, problems.FIELDS_WRONG)
_ALWAYS = (problems.TOO_MANY, problems.AWAY)
_REPEATABLE = {"parameters": [idempotency.PARAMETER]}
_SITE = (problems.KEY_REFUSED, *_ALWAYS)


def create(parts: Parts) -> ASGIApp:
    """The app. While it serves it forgets what has ended; all else goes on elsewhere."""
    upkeep = Upkeep(parts)
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lambda _: _kept_up(upkeep),
    )
    app.state.admission = admission = Admission(parts)
    problems.answer_with_problems(app, parts.metrics)
    _add_for_sites(app.router, parts, admission)
    _add_for_phones(app.router, parts, admission)
    _add_for_everybody(app.router, upkeep)
    app.router.routes.extend(
        pages.routes(
            parts.scripts, lambda: parts.sites.origins(parts.clock()), parts.where.downloads
        )
    )
    _add_document(app, parts.where.url)
    return Envelope(app, parts.metrics, secure=parts.where.secure)


def _add_for_sites(router: APIRouter, parts: Parts, admission: Admission) -> None:
    accounts, launches = ShadowAccounts(parts, admission), Launches(parts, admission)
    common: dict[str, Any] = {
        "tags": ["For a site's server"],
        "route_class_override": SiteRoute,
        "response_model": None,
    }
    keyed = common | {"openapi_extra": secured(described.SITE_KEY)}
    router.add_api_route(
        "/v1/launches",
        launches.issue,
        methods=["POST"],
        status_code=201,
        responses=responses(
            *(201, answered.Launched, "A link that calls"),
            *(*_SITE, *_BODY, problems.KEY_REUSED),
        ),
        openapi_extra=secured(described.SITE_KEY) | _REPEATABLE,
        **common,
    )
    router.add_api_route(
        "/v1/shadow-accounts",
        accounts.sign_in,
        methods=["POST"],
        responses=responses(
            *(200, answered.SignedIn, "Who they are, and a token for the page"),
            *(*_SITE, *_BODY, problems.DELETED_JUST_NOW),
        ),
        **keyed,
    )
    router.add_api_route(
        "/v1/shadow-accounts/{person:path}",
        accounts.whereabouts,
        methods=["GET"],
        responses=responses(
            *(200, answered.Whereabouts, "Whether they can be called"),
            *(*_SITE, *_OF_A_PATH),
        ),
        **keyed,
    )
    router.add_api_route(
        "/v1/shadow-accounts/{person:path}",
        accounts.delete,
        methods=["DELETE"],
        status_code=204,
        responses=responses(204, None, "It is done", *_SITE, *_OF_A_PATH),
        **keyed,
    )
    router.add_api_route(
        "/v1/presence",
        accounts.presences,
        methods=["GET"],
        responses=responses(
            *(200, answered.Presences, "Whether they can be called"),
            *(*_SITE, problems.FIELDS_WRONG),
        ),
        **keyed,
    )


def _add_for_phones(router: APIRouter, parts: Parts, admission: Admission) -> None:
    common: dict[str, Any] = {
        "methods": ["POST"],
        "tags": ["For phones"],
        "route_class_override": AskedRoute,
        "response_model": None,
    }
    router.add_api_route(
        "/v1/launches/redeem",
        Redeeming(parts, admission).redeem,
        **common,
        openapi_extra=_REPEATABLE,
        responses=responses(
            *(200, answered.Redeemed, "Who signs in, and whom they call"),
            *(*_BODY, problems.CODE_UNKNOWN, problems.CODE_USED, problems.CODE_EXPIRED),
            *(problems.PERSON_DELETED, *_ALWAYS),
        ),
    )
    router.add_api_route(
        "/v1/tokens/refresh",
        Refreshing(parts, admission).refresh,
        **common,
        openapi_extra=secured(described.DPOP),
        responses=responses(
            *(200, answered.Refreshed, "The next token"),
            *(*_BODY, problems.TOKEN_REFUSED, problems.PROOF_REFUSED, problems.NONCE_WANTED),
            *_ALWAYS,
        ),
    )


def _add_for_everybody(router: APIRouter, upkeep: Upkeep) -> None:
    common: dict[str, Any] = {"tags": ["About this server"], "response_model": None}
    router.add_api_route(
        "/healthz",
        upkeep.health,
        **common,
        responses=responses(200, answered.Health, "It works", problems.AWAY),
    )
    router.add_api_route(
        "/metrics",
        upkeep.figures,
        **common,
        response_class=Response,
        responses=responses(200, None, "Prometheus' text format", problems.FORBIDDEN),
    )


def _add_document(app: FastAPI, url: str) -> None:
    """The document and its page. They are made when somebody first asks, and then kept."""
    made = cache(lambda: described.document(app, url))
    page = cache(lambda: docs.page(made()))

    async def document(_: Request) -> Response:
        return Response(json.dumps(made()), media_type="application/json")

    async def read(_: Request) -> Response:
        return Response(page(), media_type="text/html", headers=docs.HEADERS)

    app.router.routes += [NamedRoute("/openapi.json", document), NamedRoute("/docs", read)]


@asynccontextmanager
async def _kept_up(upkeep: Upkeep) -> AsyncIterator[None]:
    purge = asyncio.create_task(upkeep.purge(), name="purge")
    try:
        yield
    finally:
        purge.cancel()
        await asyncio.gather(purge, return_exceptions=True)
