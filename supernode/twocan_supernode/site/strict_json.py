"""JSON objects that mean one thing only. Pure.

RFC 8259 §4 leaves open what a name that stands there twice means, and Python reads numbers that
JSON does not have. Whoever signs, checks and stores must not read the same bytes differently.
"""

import json
from typing import NoReturn


class JsonError(ValueError):
    """What is wrong with the text, without anything that it says."""


def read_object(text: str | bytes) -> dict[str, object]:
    """The object that ``text`` is, UTF-8 if it is bytes. Raises JsonError, and nothing else."""
    try:
        decoded = text if isinstance(text, str) else text.decode()
        value = json.loads(decoded, object_pairs_hook=_unique, parse_constant=_refuse)
    except JsonError:
        raise
    except (ValueError, RecursionError):
        raise JsonError("is no JSON") from None
    if not isinstance(value, dict):
        raise JsonError("is no JSON object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonError("names a field twice")
    return found


def _refuse(_: str) -> NoReturn:
    raise JsonError("holds what is no number")
