"""Answers: JSON out of what an endpoint made, as it is documented."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.responses import Response

from twocan_supernode.site.parts import Where
from twocan_supernode.site.tokens import Person


def answer(said: Mapping[str, object], status: int = 200) -> Response:
    return Response(json.dumps(said, separators=(",", ":")), status, media_type="application/json")


def moment(ms: int) -> str:
    """A time as RFC 3339 writes it, in UTC, to the second."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc3339(time: datetime) -> str:
    return moment(int(time.timestamp() * 1000))


def servers(where: Where) -> list[dict[str, object]]:
    return [{"host": server.host, "port": server.port} for server in where.servers]


def named(person: Person) -> dict[str, str]:
    """Address, and name and picture if there are any."""
    said = {"address": person.address, "name": person.name, "picture": person.picture}
    return {name: value for name, value in said.items() if value is not None}
