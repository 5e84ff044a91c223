"""Requests with a name, so that asking again is harmless: the header ``Idempotency-Key``."""

import re
from typing import Any

from fastapi import Request

from twocan_supernode.site.problems import wrong_field

HEADER = "Idempotency-Key"
LONGEST = 200
_KEY = re.compile(rf"[!-~]([ -~]{{0,{LONGEST - 2}}}[!-~])?")

PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A name for this request, so that it can be asked again without harm: printable "
    "ASCII. It is remembered for ten minutes after the code expired.",
    "schema": {"type": "string", "pattern": f"^{_KEY.pattern}$"},
}
"""As the OpenAPI document has it."""


def key_of(request: Request) -> str | None:
    """The request's name, if it has one. Raises a problem for a wrong one."""
    given = request.headers.getlist(HEADER)
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise wrong_field(HEADER, f"is not one text of 1 to {LONGEST} printable ASCII characters")
    return given[0]
