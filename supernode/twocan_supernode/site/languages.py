"""The languages that pages speak, the same as the phone's. Pure.

A language is a file of words below ``templates``; one that lacks a word is a mistake of ours, which
a test finds.
"""

import json
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "de", "es", "zh_CN", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})

_WORDS = Path(__file__).parent / "templates"
_LONGEST = 500  # of an Accept-Language that is worth reading

Words = dict[str, str]


def chosen(asked: str | None, accepted: str | None) -> str:
    """The language to speak: the one asked for by name, else the best that the browser accepts.

    ``asked``: ``de`` or ``zh_CN``, also ``zh-CN``; ``accepted``: an Accept-Language (RFC 9110
    12.5.4). English where there is neither.
    """
    wanted = [asked] if asked else []
    known = (_nearest(tag) for tag in [*wanted, *_by_liking(accepted or "")])
    return next((language for language in known if language), LANGUAGES[0])


@cache
def words(language: str) -> Words:
    """What pages say in that language, one of ``LANGUAGES``, by key."""
    said: Words = json.loads((_WORDS / f"words.{language}.json").read_text("utf-8"))
    return said


def _by_liking(accepted: str) -> list[str]:
    weighed = []
    for part in accepted[:_LONGEST].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            liking = float(weight) if weight else 1.0
        except ValueError:
            continue
        if liking > 0:
            weighed.append((tag, liking))
    return [tag for tag, _ in sorted(weighed, key=lambda one: -one[1])]


def _nearest(tag: str) -> str | None:
    """Ours for a language tag (RFC 5646); who reads Chinese in the other script reads English."""
    parts = tag.strip().replace("_", "-").lower().split("-")
    if parts[0] == "zh":
        return None if {"tw", "hk", "mo", "hant"} & set(parts) else "zh_CN"
    return parts[0] if parts[0] in LANGUAGES else None
