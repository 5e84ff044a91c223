"""What a site says went wrong, as far as it may be written down: problem documents (RFC 9457).

They are a stranger's words, so nobody is shown them. Whoever looks for a fault reads them in the
log: short, in ASCII, and without anything that could be a code or a token.
"""

import json
import re
from collections.abc import Iterator

from twocan.desk.asking import Answer

_GOOD = 200
_SHOWN = 120
_LONG = re.compile(r"[A-Za-z0-9._~+/=-]{16,}")
"""Codes have as many letters at least; tokens, and what is left of one, have more."""
_TYPE = re.compile(r"urn:twocan:problem:([a-z-]{1,60})")


def outcome(answer: Answer) -> str:
    """What came of a question, for the log: the status, and a few words of a refusal."""
    if answer.status == _GOOD:
        return str(_GOOD)
    return ": ".join((str(answer.status), *filter(None, _reasons(answer.content))))


def _reasons(content: bytes) -> Iterator[str]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return
    if isinstance(said, dict):
        kind = _TYPE.fullmatch(_text(said, "type"))
        yield kind[1] if kind else ""
        yield _brief(_text(said, "detail"))


def _text(said: dict[str, object], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _brief(words: str) -> str:
    # Parted before it is cut: what is cut short of a token is no shorter a secret.
    return ascii(_LONG.sub("(…)", words))[1:-1][:_SHOWN]
