"""The accounts that this desk has, and where each one lasts.

The secret of an account is in the system's keyring or in this program's memory, and nowhere else.
Where there is no keyring, or it fails, an account lives for this run and ``Known.stored`` is None.
"""

import json
import logging
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Self

from twocan import address as addresses
from twocan.account import Account, AccountError, dump, parse
from twocan.desk.safe import Safe, SafeError
from twocan.desk.state import Known

log = logging.getLogger(__name__)

INDEX = "accounts"
"""What the list of accounts is kept under; an address has an @."""


class Accounts:
    """Every method but ``close`` blocks, perhaps until the person has unlocked the keyring: call
    them through ``asyncio.to_thread``, or on a thread for them. They may be called on any.

    ``safe``: where secrets last; None: nowhere.
    """

    def __init__(self, safe: Safe | None, problem: str | None = None) -> None:
        self._safe = safe
        self._kept: dict[str, Known] | None = None
        """Those in the safe, once its list was read."""
        self._here: dict[str, tuple[Account, Known]] = {}
        """Those for this run."""
        self._lock = threading.Lock()
        self.problem = problem
        """Why what was asked for last did not last: one line."""

    @classmethod
    def find(cls) -> Self:
        """With the keyring of this system, if it has a real one."""
        try:
            return cls(Safe.find())
        except SafeError as error:
            log.info("there is no keyring: %s", error)
            return cls(None, f"{error}; accounts are known for this run alone")

    @property
    def stores(self) -> str | None:
        """Where accounts last, as people call it; None: nowhere."""
        return self._safe.name if self._safe else None

    def list(self) -> tuple[Known, ...]:
        """All that are known, the oldest first."""
        with self._lock:
            try:
                kept = self._read_index()
            except SafeError as error:
                self._complain(f"the accounts that are kept cannot be read: {error}")
                kept = {}
            here = {address: known for address, (_, known) in self._here.items()}
            return tuple((kept | here).values())

    def load(self, address: str) -> Account:
        """A known account. Raises ``AccountError``: one line, what is wrong and what to do."""
        with self._lock:
            if address in self._here:
                return self._here[address][0]
            try:
                text = self._safe.read(address) if self._safe else None
            except SafeError as error:
                self._complain(f"the account {address} cannot be read: {error}")
                raise AccountError(self.problem) from None
        if text is None:
            raise AccountError(f"the secret of {address} is not known any more: sign in again")
        return parse(text, f"what {self.stores} has of {address}")

    def keep(self, account: Account, *, site: str | None = None, name: str | None = None) -> Known:
        """Know this account from now on. What comes back says where it lasts, if it does.

        ``site``: the host whose link brought it; ``name``: of its person. None leaves what is
        known of either.
        """
        with self._lock:
            try:
                known = self._store(account, site, name)
            except SafeError as error:
                self._complain(f"{error}; {account.address} is known for this run alone")
                known = replace(self._known(account.address, site, name), stored=None)
            if known.stored is None:
                self._here[account.address] = account, known
            else:
                self._here.pop(account.address, None)
            return known

    def renew(self, account: Account) -> None:
        """Know the new token of an account that is known; nobody is known by it. If that fails, the
        older one is known still, and it can be renewed with that too."""
        with self._lock:
            if account.address in self._here:
                self._here[account.address] = account, self._here[account.address][1]
                return
            try:
                if self._safe is not None and account.address in self._read_index():
                    self._safe.write(account.address, dump(account))
            except SafeError as error:
                self._complain(f"the new token of {account.address} is not kept: {error}")

    def forget(self, address: str) -> None:
        """Know this account no more. If that fails, ``list`` still has it."""
        with self._lock:
            self._here.pop(address, None)
            if self._safe is None:
                return
            try:
                # The secret first: that is what must not stay behind.
                self._safe.delete(address)
                kept = self._read_index()
                self._write_index({at: known for at, known in kept.items() if at != address})
                self.problem = None
            except SafeError as error:
                self._complain(f"the account {address} is not forgotten: {error}")

    def close(self) -> None:
        """Have whoever waits for the keyring wait no longer; it is not asked again."""
        if self._safe is not None:
            self._safe.close()

    def _store(self, account: Account, site: str | None, name: str | None) -> Known:
        # Read first: a list that cannot be read would be replaced by one of this account alone.
        kept = self._read_index()
        known = self._known(account.address, site, name)
        if self._safe is not None:
            # The list first: no secret is left behind of which nobody knows.
            if kept.get(account.address) != known:
                self._write_index(kept | {account.address: known})
            self._safe.write(account.address, dump(account))
            self.problem = None
        return known

    def _known(self, address: str, site: str | None, name: str | None) -> Known:
        before = (self._kept or {}).get(address, Known(address))
        if address in self._here:
            before = self._here[address][1]
        return Known(address, site or before.site, name or before.name, self.stores)

    def _read_index(self) -> dict[str, Known]:
        if self._kept is None:
            text = self._safe.read(INDEX) if self._safe else None
            listed = _listed(text or "[]", self.stores)
            self._kept = {known.address: known for known in listed}
        return self._kept

    def _write_index(self, kept: dict[str, Known]) -> None:
        if self._safe is not None:
            self._safe.write(INDEX, _list(kept.values()))
            self._kept = kept

    def _complain(self, problem: str) -> None:
        self.problem = problem
        log.info("%s", problem)


def _list(kept: Iterable[Known]) -> str:
    said = [{"address": one.address, "site": one.site, "name": one.name} for one in kept]
    return json.dumps(said)


def _listed(text: str, stores: str | None) -> Iterator[Known]:
    """The accounts of a list, as far as it can be understood."""
    try:
        said = json.loads(text)
        for entry in said:
            site, name = _text(entry["site"]), _text(entry["name"])
            yield Known(addresses.check(entry["address"]), site, name, stores)
    except (ValueError, TypeError, KeyError, AttributeError):
        log.warning("the list of accounts in %s is broken", stores)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
