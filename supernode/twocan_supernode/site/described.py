"""The OpenAPI document: what FastAPI tells of the endpoints, and what it cannot know.

Which problems an endpoint answers with, which headers go with them, and how one proves who asks.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from twocan_supernode.site import problems
from twocan_supernode.site.answered import ProblemDocument
from twocan_supernode.site.problems import MEDIA_TYPE, Kind

SITE_KEY = "siteKey"
DPOP = "phoneKey"

_VERSION = "1"
_SCHEMA = "#/components/schemas/"
_WORDS = """\
What a social site asks of its supernode to put "call" beside its people, and what its people's
phones ask. Errors are problem documents (RFC 9457). A site reaches only its own people."""
_RETRY_AFTER = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
}
_HEADERS: Mapping[Kind, dict[str, Any]] = {
    problems.TOO_MANY: _RETRY_AFTER,
    problems.AWAY: _RETRY_AFTER,
    problems.DELETED_JUST_NOW: _RETRY_AFTER,
    problems.KEY_REFUSED: {
        "WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}}
    },
    problems.NONCE_WANTED: {
        "DPoP-Nonce": {
            "description": "With use-dpop-nonce: to be put into the proof (RFC 9449 8).",
            "schema": {"type": "string"},
        }
    },
}
_SCHEMES = {
    SITE_KEY: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "tck_<id>_<secret>",
        "description": "A site's key, from twocan-supernode site-key new. For servers only.",
    },
    DPOP: {
        "type": "apiKey",
        "in": "header",
        "name": "DPoP",
        "description": "A proof of possession of the phone's key, as RFC 9449 has it.",
    },
}

Responses = dict[int | str, dict[str, Any]]


def responses(ok: int, model: type[BaseModel] | None, words: str, *kinds: Kind) -> Responses:
    """What an endpoint may answer, for FastAPI: the good answer, and a problem of each kind."""
    good: dict[str, Any] = {"description": words}
    if model:
        good["model"] = model
    return {ok: good, **_problems((*kinds, problems.INTERNAL))}


def _problems(kinds: tuple[Kind, ...]) -> Responses:
    found: Responses = {}
    for kind in kinds:
        one = found.setdefault(kind.status, _problem(kind))
        one["description"] = _also(one["description"], kind)
        one["content"][MEDIA_TYPE]["examples"][kind.name] = {"value": _example(kind)}
        one.setdefault("headers", {}).update(_HEADERS.get(kind, {}))
    return found


def _problem(kind: Kind) -> dict[str, Any]:
    schema = {"$ref": f"{_SCHEMA}{ProblemDocument.__name__}"}
    return {"description": "", "content": {MEDIA_TYPE: {"schema": schema, "examples": {}}}}


def _also(before: str, kind: Kind) -> str:
    return f"{before}, or {kind.name}" if before else f"Problem: {kind.name}"


def _example(kind: Kind) -> dict[str, Any]:
    said = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": "what is wrong with this request, and what to do",
    }
    if kind is problems.FIELDS_WRONG:
        said["errors"] = [{"field": "caller.name", "detail": "has a control character"}]
    return said


def secured(scheme: str) -> dict[str, Any]:
    """What FastAPI is told of an endpoint that asks who it is."""
    return {"security": [{scheme: []}]}


def document(app: FastAPI, url: str) -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    made = get_openapi(
        title="Twocan site API",
        version=_VERSION,
        openapi_version="3.1.0",
        description=_WORDS,
        routes=app.routes,
        servers=[{"url": url}],
    )
    components = made["components"]
    components["securitySchemes"] = _SCHEMES
    schema = ProblemDocument.model_json_schema(ref_template=f"{_SCHEMA}{{model}}")
    components["schemas"].update(schema.pop("$defs"))
    components["schemas"][ProblemDocument.__name__] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    return made
