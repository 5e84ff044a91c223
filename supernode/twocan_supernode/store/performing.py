"""A batch of requests as one transaction, with an answer for each; what a `Lane` runs.

A request that the database cannot take at all (a letter that it does not know, a number that is too
big) would spoil the others' transaction: then each is done alone, and only that one fails.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection

from twocan_supernode.store import writing
from twocan_supernode.store.lane import Request
from twocan_supernode.store.session import Session
from twocan_supernode.store.values import StoreAway

Answers = list[Any]
_PLACE = {kind: place for place, kind in enumerate(writing.KINDS)}


class Together(Protocol):
    """Does all of them in the one transaction that is open."""

    def __call__(self, db: Connection, requests: Sequence[Request]) -> Answers: ...


class Performing:
    """Does requests on ``session``, all of a batch by ``together`` if it can be."""

    def __init__(self, session: Session, together: Together) -> None:
        self._session = session
        self._together = together

    def __call__(self, requests: Sequence[Request]) -> Answers:
        try:
            return self._session.perform(partial(self._together, requests=requests))
        except StoreAway as away:
            return [StoreAway(str(away)) for _ in requests]
        except Exception:
            if len(requests) == 1:
                raise
            return self._one_by_one(requests)

    def _one_by_one(self, requests: Sequence[Request]) -> Answers:
        answers: Answers = []
        for request in requests:
            try:
                answers += self._session.perform(partial(self._together, requests=[request]))
            except StoreAway as away:
                rest = len(requests) - len(answers)
                return answers + [StoreAway(str(away)) for _ in range(rest)]
            except Exception as fault:
                answers.append(fault)
        return answers


def write_together(db: Connection, requests: Sequence[Request]) -> Answers:
    """Kind after kind, then the audit's new lines."""
    noted: writing.Noted = []
    answers = _by_kind(
        requests, lambda kind, asked: kind(db, asked, noted), lambda kind: _PLACE[kind]
    )
    writing.append(db, noted)
    return answers


def read_together(db: Connection, requests: Sequence[Request]) -> Answers:
    """Kind after kind."""
    return _by_kind(requests, lambda kind, asked: kind(db, asked), lambda _: 0)


def _by_kind(
    requests: Sequence[Request],
    do: Callable[[Any, list[Any]], Sequence[Any]],
    place: Callable[[Any], int],
) -> Answers:
    kinds: dict[Any, list[int]] = {}
    for number, request in enumerate(requests):
        kinds.setdefault(request.kind, []).append(number)
    answers: Answers = [None] * len(requests)
    for kind in sorted(kinds, key=place):
        numbers = kinds[kind]
        done = do(kind, [requests[number].asked for number in numbers])
        for number, answer in zip(numbers, done, strict=True):
            answers[number] = answer
    return answers
