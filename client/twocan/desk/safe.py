"""A safe: the place where the system keeps secrets, for texts of any length.

Reached through ``keyring``. Only stores that are known to keep secrets from others are taken: the
Secret Service of Linux desktops, KWallet, the macOS Keychain, and the Windows Credential Locker;
never a file in plain text that passes for a keyring.

A store may ask the person to unlock it, may take its time, or may never answer. So each call of it
runs on a thread of its own, which is waited for so long and no longer. What a store says of its
failures goes nowhere: nobody knows what it puts into its words.
"""

import contextlib
import importlib
import re
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "twocan"
WITHIN = 60.0
"""Seconds for one call: a person may have to type a password meanwhile."""
PART = 1200
"""Characters of text in one item. Windows takes 2,560 bytes of UTF-16
(``CRED_MAX_CREDENTIAL_BLOB_SIZE``), and each item begins with a mark."""

STORES = MappingProxyType(
    {
        "keyring.backends.SecretService": "Secret Service",
        "keyring.backends.libsecret": "Secret Service",
        "keyring.backends.kwallet": "KWallet",
        "keyring.backends.macOS": "macOS Keychain",
        "keyring.backends.Windows": "Windows Credential Locker",
    }
)
"""The stores that keep secrets, by the module of ``keyring`` that speaks with them."""

_OF_SYSTEM = {
    "darwin": ("keyring.backends.macOS",),
    "win32": ("keyring.backends.Windows",),
}
_OF_OTHERS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
)

SECRET_SERVICES = MappingProxyType(
    {
        "gnome-keyring-d": "GNOME Keyring",
        "kwalletd5": "KWallet",
        "kwalletd6": "KWallet",
        "ksecretd": "KWallet",
        "keepassxc": "KeePassXC",
    }
)
"""Programs that are a Secret Service: as the kernel calls them, and as people do."""

_BUS_NAME = "org.freedesktop.secrets"
_BUS_WITHIN = 3.0

_LOCKED = {"KeyringLocked", "LockedException", "PromptDismissedException"}
"""What ``keyring`` and what it stands on call a store that the person did not unlock."""

# How many parts there are, which writing they are of, and what is written.
_ITEM = re.compile(r"([1-9][0-9]{0,3}):([0-9a-f]{8}):(.*)", re.DOTALL)


class SafeError(Exception):
    """The safe did not do it: one line, why and what to do. Never what is in it."""


class Patience:
    """Asks what may never answer. One question at a time."""

    def __init__(self, within: float) -> None:
        self._within = within
        self._stuck: threading.Thread | None = None
        self._answer: Future[object] | None = None
        self._lost = False

    def ask(self, whom: str, question: Callable[[], T]) -> T:
        """The answer. Raises ``SafeError``. ``whom``: what an error calls it."""
        answer: Future[T] = Future()
        # Set before it is looked whether anybody waits: see lose.
        self._answer = answer  # type: ignore[assignment]
        if self._lost or (self._stuck is not None and self._stuck.is_alive()):
            raise SafeError(f"{whom} does not answer")
        asking = threading.Thread(target=_answer, args=(question, answer), daemon=True)
        asking.start()
        try:
            return answer.result(self._within)
        except TimeoutError:
            self._stuck = asking
            raise SafeError(f"{whom} does not answer") from None
        except SafeError:
            raise
        except Exception as error:
            raise SafeError(_why(whom, error)) from None

    def lose(self) -> None:
        """Wait no longer, now or ever. Said on any thread."""
        self._lost = True
        if self._answer is not None:
            with contextlib.suppress(InvalidStateError):
                self._answer.set_exception(SafeError("nobody waits any longer"))


class Safe:
    """``backend``: where texts are kept. ``name``: what people call that. ``is_bare``: whether
    nothing is there, which is known without asking it for anything.

    Every method but ``close`` blocks, for ``within`` seconds each time that the store is asked, and
    raises ``SafeError``.
    """

    def __init__(
        self,
        backend: "KeyringBackend",
        name: str,
        is_bare: Callable[[], bool] = lambda: False,
        *,
        within: float = WITHIN,
    ) -> None:
        self._backend, self.name, self._is_bare = backend, name, is_bare
        self._patience = Patience(within)

    @classmethod
    def find(cls, *, within: float = WITHIN) -> Self | None:
        """The safe of this system; None if it has none that is one."""
        found = Patience(within).ask("the keyring", _find)
        return None if found is None else cls(*found, within=within)

    def read(self, name: str) -> str | None:
        """The text of this name; None if there is none, or if it is not whole."""
        first = self._item(name)
        if first is None:
            return None
        count, mark, text = first
        for number in range(2, count + 1):
            part = self._item(name, number)
            if part is None or part[:2] != (count, mark):
                return None
            text += part[2]
        return text

    def write(self, name: str, text: str) -> None:
        """Keep ``text`` under this name, instead of what was there.

        All parts bear one mark, and the first is written last: of a writing that was cut short,
        nothing is taken for a text.
        """
        had = self._count(name)
        parts = [text[at : at + PART] for at in range(0, len(text), PART)] or [""]
        mark = secrets.token_hex(4)
        for number, part in reversed(list(enumerate(parts, 1))):
            self._set(_numbered(name, number), f"{len(parts)}:{mark}:{part}")
        for number in range(len(parts) + 1, had + 1):
            self._remove(_numbered(name, number))

    def delete(self, name: str) -> None:
        """Keep nothing under this name. The first part goes last: it says how many there are."""
        for number in range(max(1, self._count(name)), 0, -1):
            self._remove(_numbered(name, number))

    def close(self) -> None:
        """Have whoever waits for the store wait no longer. Said on any thread."""
        self._patience.lose()

    def _count(self, name: str) -> int:
        first = self._item(name)
        return first[0] if first else 0

    def _item(self, name: str, number: int = 1) -> tuple[int, str, str] | None:
        found = _ITEM.fullmatch(self._get(_numbered(name, number)) or "")
        return (int(found[1]), found[2], found[3]) if found else None

    def _get(self, item: str) -> str | None:
        return self._ask(lambda: None if self._is_bare() else self._read(item))

    def _read(self, item: str) -> str | None:
        return self._backend.get_password(SERVICE, item)

    def _set(self, item: str, content: str) -> None:
        self._ask(lambda: self._backend.set_password(SERVICE, item, content))

    def _remove(self, item: str) -> None:
        if self._get(item) is not None:
            self._ask(lambda: self._backend.delete_password(SERVICE, item))

    def _ask(self, question: Callable[[], T]) -> T:
        return self._patience.ask(self.name, question)


def _answer(question: Callable[[], T], answer: "Future[T]") -> None:
    # Whoever asked may have lost patience.
    with contextlib.suppress(InvalidStateError):
        try:
            answer.set_result(question())
        except Exception as error:
            answer.set_exception(error)


def _why(whom: str, error: Exception) -> str:
    if {type(error).__name__, type(error.__cause__).__name__} & _LOCKED:
        return f"{whom} is locked: unlock it and try again"
    return f"{whom} does not work ({type(error).__name__})"


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"


# --- Which store there is --------------------------------------------------------------------


def _find() -> "tuple[KeyringBackend, str, Callable[[], bool]] | None":
    from keyring import backend, core

    # What a person has configured is heeded, were it that nothing is to be kept.
    configured = core.load_env() or core.load_config()
    by_priority = sorted(_stores(), key=backend.by_priority, reverse=True)
    for store in [configured] if configured else by_priority:
        name = STORES.get(type(store).__module__)
        if name == "Secret Service":
            return store, _program() or name, _is_bare
        if name:
            return store, name, lambda: False
    return None


def _stores() -> "Iterator[KeyringBackend]":
    """Those that there are on this system. ``keyring`` itself would load those of all systems,
    and on Linux look for libraries of macOS with a compiler, where there is one."""
    from keyring.backend import KeyringBackend

    for name in _OF_SYSTEM.get(sys.platform, _OF_OTHERS):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for store in KeyringBackend.get_viable_backends():
        if store.__module__ in STORES:
            with contextlib.suppress(Exception):
                yield store()


def _is_bare() -> bool:
    """Whether the Secret Service has no keyring for what is kept first. ``keyring`` would make one
    to read from it, and the person choose a password."""
    try:
        return _default_keyring() == "/"
    except Exception:
        # To read tells more of what is wrong.
        return False


def _default_keyring() -> str:
    """Its path; "/": there is none (Secret Service API, ``ReadAlias``)."""
    import jeepney.io.blocking

    service = jeepney.DBusAddress(
        "/org/freedesktop/secrets", _BUS_NAME, "org.freedesktop.Secret.Service"
    )
    question = jeepney.new_method_call(service, "ReadAlias", "s", ("default",))
    with jeepney.io.blocking.open_dbus_connection() as bus:
        return str(bus.send_and_get_reply(question, timeout=_BUS_WITHIN).body[0])


def _program() -> str | None:
    """What people call the program that is the Secret Service, if that can be known."""
    try:
        return SECRET_SERVICES.get(Path(f"/proc/{_owner()}/comm").read_text().strip())
    except Exception:
        # A name is not worth a failure, whatever the bus says.
        return None


def _owner() -> int:
    import jeepney.io.blocking

    peer = jeepney.DBusAddress("/", _BUS_NAME, "org.freedesktop.DBus.Peer")
    with jeepney.io.blocking.open_dbus_connection() as bus:
        # Which starts it, where the bus knows how to.
        bus.send_and_get_reply(jeepney.new_method_call(peer, "Ping"), timeout=_BUS_WITHIN)
        asked = jeepney.message_bus.GetConnectionUnixProcessID(_BUS_NAME)
        return int(bus.send_and_get_reply(asked, timeout=_BUS_WITHIN).body[0])
