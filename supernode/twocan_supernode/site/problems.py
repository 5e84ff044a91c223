"""Problem documents: how the site API says that something went wrong (RFC 9457).

``{"type": "urn:twocan:problem:<name>", "title", "status", "detail"}``, and where fields are wrong
``"errors": [{"field": "caller.name", "detail"}]``. What was sent is never said back, save the names
of fields: a secret may have been put anywhere.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match, Route

from twocan_supernode.sessions import SessionsAway
from twocan_supernode.site.metrics import Metrics
from twocan_supernode.store import StoreAway

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
"""After how long to ask again what is away: a database that restarts is back within that."""

_MOST_ERRORS = 20
_LONGEST_FIELD = 100
_LONGEST_ALLOWED = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: all but what is particular to a single answer."""

    name: str
    status: int
    title: str

    @property
    def type(self) -> str:
        return f"urn:twocan:problem:{self.name}"


MALFORMED = Kind("malformed", 400, "The body is no JSON document")
KEY_REFUSED = Kind("site-key-refused", 401, "There is no such site key")
TOKEN_REFUSED = Kind("refresh-token-refused", 401, "The refresh token is not good")
PROOF_REFUSED = Kind("proof-refused", 401, "The proof of possession is not good")
NONCE_WANTED = Kind("use-dpop-nonce", 401, "The proof of possession needs a nonce")
FORBIDDEN = Kind("forbidden", 403, "This is not for everybody")
NOT_FOUND = Kind("not-found", 404, "There is nothing here")
CODE_UNKNOWN = Kind("code-unknown", 404, "There is no such code")
WRONG_METHOD = Kind("wrong-method", 405, "This cannot be done here")
DELETED_JUST_NOW = Kind("deleted-just-now", 409, "The person was deleted just now")
CODE_USED = Kind("code-used", 410, "The code was used")
CODE_EXPIRED = Kind("code-expired", 410, "The code has expired")
PERSON_DELETED = Kind("person-deleted", 410, "The person was deleted")
TOO_LARGE = Kind("too-large", 413, "The body is too large")
WRONG_TYPE = Kind("wrong-content-type", 415, "The body is of another type")
FIELDS_WRONG = Kind("fields-wrong", 422, "Some fields are wrong")
KEY_REUSED = Kind("idempotency-key-reused", 422, "The idempotency key was for something else")
TOO_MANY = Kind("too-many", 429, "Too many requests")
INTERNAL = Kind("internal", 500, "This server made a mistake")
AWAY = Kind("away", 503, "Something that this needs is away")

_BY_STATUS = {404: NOT_FOUND, 405: WRONG_METHOD, 413: TOO_LARGE, 415: WRONG_TYPE}


@dataclass(frozen=True, slots=True)
class FieldError:
    """``field``: its name, with dots where it is inside another: ``caller.name``."""

    field: str
    detail: str


class Problem(HTTPException):
    """Ends a request with a problem document. ``detail``: for whoever wrote what asks."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind.status, detail, dict(headers or {}))
        self.kind = kind
        self.errors = tuple(errors)

    def response(self) -> Response:
        said: dict[str, object] = {
            "type": self.kind.type,
            "title": self.kind.title,
            "status": self.status_code,
            "detail": self.detail,
        }
        if self.errors:
            errors = self.errors[:_MOST_ERRORS]
            said["errors"] = [{"field": error.field, "detail": error.detail} for error in errors]
        return Response(
            json.dumps(said), self.status_code, dict(self.headers or {}), media_type=MEDIA_TYPE
        )


def wrong_field(field: str, detail: str) -> Problem:
    """A field that only more than its own form shows to be wrong."""
    return Problem(FIELDS_WRONG, f"{field}: {detail}", [FieldError(field, detail)])


def too_many(wait: float) -> Problem:
    """``wait``: how many seconds until the next one is let through."""
    seconds = max(1, math.ceil(round(wait, 3)))
    return Problem(TOO_MANY, f"try again in {seconds} s", headers={"Retry-After": str(seconds)})


def away(what: str) -> Problem:
    return Problem(
        AWAY,
        f"{what} cannot be reached now: ask the same again in {RETRY_SECONDS} s",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def internal() -> Problem:
    """Our own fault. What it was is in this server's log, and nowhere else."""
    return Problem(INTERNAL, "what it was is in its log; it is open whether anything was done")


# --- how an app answers with them ------------------------------------------------------------


def answer_with_problems(app: FastAPI, metrics: Metrics) -> None:
    """Every error that an endpoint or the framework raises becomes a problem document."""

    async def store_away(request: Request, error: Exception) -> Response:
        metrics.away("store")
        return away("the database").response()

    async def sessions_away(request: Request, error: Exception) -> Response:
        metrics.away("sessions")
        return away("the supernode").response()

    app.add_exception_handler(HTTPException, _from_http)
    app.add_exception_handler(RequestValidationError, _from_fields)
    app.add_exception_handler(StoreAway, store_away)
    app.add_exception_handler(SessionsAway, sessions_away)
    app.add_exception_handler(Exception, _from_fault)


async def _from_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, Problem):
        return error.response()
    kind = _BY_STATUS.get(error.status_code)
    if kind is None:
        kind = Kind("refused", error.status_code, "This was refused")
    headers = dict(error.headers or {})
    if kind is WRONG_METHOD:
        headers["Allow"] = ", ".join(sorted(_allowed(request)))
    return Problem(kind, _DETAILS.get(kind.status, error.detail), headers=headers).response()


def _allowed(request: Request) -> set[str]:
    """All that can be done there (RFC 9110 15.5.6). The framework names one route's methods."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    there = (route for route in routes if route.matches(request.scope)[0] is not Match.NONE)
    return {method for route in there for method in route.methods or ()}


_DETAILS = {
    404: "the paths that there are: see /docs",
    405: "the methods that there are: see the header Allow, and /docs",
}


async def _from_fields(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [FieldError(_named(found["loc"]), _told(found)) for found in error.errors()]
    first = errors[0]
    return Problem(FIELDS_WRONG, f"{first.field}: {first.detail}", errors).response()


_WORDS = {
    "bool_type": "is neither true nor false",
    "extra_forbidden": "is no field that is known here",
    "list_type": "is no list",
    "literal_error": "is not {expected}",
    "missing": "is missing",
    "model_attributes_type": "is no JSON object",
    "model_type": "is no JSON object",
    "string_pattern_mismatch": "does not match {pattern}",
    "string_too_long": "has more than {max_length} characters",
    "string_too_short": "is empty",
    "string_type": "is no text",
    "string_unicode": "has half a character (a surrogate without the other)",
    "too_long": "has more than {max_length}",
    "too_short": "is empty",
}
"""What is wrong with a field, by pydantic's name for it."""


def _told(found: Mapping[str, Any]) -> str:
    words = _WORDS.get(found["type"])
    return words.format(**found.get("ctx", {})) if words else str(found["msg"])


def _named(location: tuple[str | int, ...]) -> str:
    """``("body", "caller", "<person>", "name")`` as ``caller.name``.

    What is in angles is pydantic's name for one of several forms that a field may have.
    """
    inside = [str(part) for part in location[1:] if not str(part).startswith("<")]
    return ".".join(inside)[:_LONGEST_FIELD] or str(location[0])


async def _from_fault(request: Request, error: Exception) -> Response:
    return internal().response()
