"""One connection to the database, kept and made anew: transactions that happen or say StoreAway.

Used by one thread. A transaction that fails before its COMMIT has not happened, so it is tried once
more where the fault was the connection's or another node's. One that fails in its COMMIT may have
happened; nothing but asking again can tell.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from twocan_supernode.errors import SupernodeError
from twocan_supernode.store.urls import shown
from twocan_supernode.store.values import StoreAway

Result = TypeVar("Result")

_log = logging.getLogger(__name__)

# PostgreSQL's words for: another node has just inserted the same; two transactions wait for each
# other; this one must be done again; the connection leads to one that only follows another.
_BY_OTHERS = {"23505", "40001", "40P01"}
_FOLLOWER = "25006"
_TRIES = 4


class Session:
    """Transactions on ``engine``; ``reading`` ones write nothing and need no COMMIT."""

    def __init__(self, engine: Engine, reading: bool = False) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT") if reading else engine
        self._reading = reading
        self._connection: Connection | None = None
        self._away = False

    def perform(self, work: Callable[[Connection], Result]) -> Result:
        """What ``work`` returns, once it is durable. Raises StoreAway, or what ``work`` raises."""
        for tries_left in reversed(range(_TRIES)):
            kept = self._connection is not None
            try:
                result = self._once(work)
            except DBAPIError as error:
                if _is_away(error):
                    self.close()
                if not tries_left or not _is_worth_a_try(error, kept):
                    raise (self._said(error) if _is_away(error) else error) from None
            else:
                self._back()
                return result
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Gives the connection up; the next transaction makes another."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except DBAPIError:
            connection.invalidate()
            connection.close()

    def _once(self, work: Callable[[Connection], Result]) -> Result:
        if self._connection is None:
            self._connection = self._engine.connect()
        if self._reading:
            return work(self._connection)
        transaction = self._connection.begin()
        try:
            result = work(self._connection)
        except BaseException:
            transaction.rollback()
            raise
        try:
            transaction.commit()
        except DBAPIError as error:
            self.close()
            raise StoreAway(str(self._said(error))) from None
        return result

    def _said(self, error: DBAPIError) -> SupernodeError:
        """What is raised for it; the log hears of it once, until the database is back."""
        words = said(self._engine.url, error)
        if not self._away:
            _log.error("%s", words)
        self._away = True
        return words

    def _back(self) -> None:
        if self._away:
            _log.info("the database answers again")
        self._away = False


def said(url: URL, error: DBAPIError) -> SupernodeError:
    """An error in a person's words. Neither driver repeats a password."""
    reason = (str(error.orig).splitlines() or [type(error.orig).__name__])[0]
    if _is_away(error):
        return StoreAway(f"the database does not answer ({shown(url)}): {reason}")
    return SupernodeError(f"the database cannot be used ({shown(url)}): {reason}")


def _is_away(error: DBAPIError) -> bool:
    """Whether the fault is the database's, not that of what was asked for."""
    away = isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated
    return away or _sqlstate(error) == _FOLLOWER


def _is_worth_a_try(error: DBAPIError, kept: bool) -> bool:
    """Whether another try, if need be on a new connection, is likely to succeed at once."""
    lost = error.connection_invalidated or _sqlstate(error) == _FOLLOWER
    return (kept and lost) or _sqlstate(error) in _BY_OTHERS


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
