"""The desktop's message bus (D-Bus), for the few things around the window that are asked of it.

Not through QtDBus: it cannot say a uint32 or a byte from Python, which the notification server and
the screen saver want, and ends the program where a type does not match. ``jeepney`` says and reads
the messages; the socket is Qt's, so that nothing here waits and no thread is needed. Without a bus
every question is answered with None, and that is all.
"""

import contextlib
import logging
import os
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer

if TYPE_CHECKING:
    from jeepney import Message

log = logging.getLogger(__name__)

Answer = Callable[[tuple[Any, ...] | None], None]
"""Is given what came back; None: an error, or no bus."""
Heard = Callable[[tuple[Any, ...]], None]
Owned = Callable[[str], None]
"""Is given who has the name now, as the bus calls it; empty: nobody."""

READ_AT_ONCE = 65536
HEARD_WITHIN = 0.2
"""Seconds that the end of the program waits for the bus, at most."""


@dataclass(frozen=True, slots=True)
class Place:
    """An interface of an object of a service."""

    service: str
    path: str
    interface: str


@dataclass(slots=True)
class _Watcher:
    service: str
    owned: Owned
    owner: str | None = None
    """As it was told last."""

    def tell(self, owner: str) -> None:
        # A change during the first question is told by its answer and by a signal.
        if owner != self.owner:
            self.owner = owner
            self.owned(owner)


BUS = Place("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


class SessionBus(QObject):
    """One connection to the session's bus, made when it is first needed. A bus that is lost was the
    session's end, and is not looked for again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wire: _Wire | None = None
        self._gone = False
        self._serial = 0
        self._answers: dict[int, Answer] = {}
        self._listeners: list[tuple[Place, str, Heard]] = []
        self._watchers: list[_Watcher] = []

    def call(
        self,
        place: Place,
        method: str,
        signature: str = "",
        body: tuple[Any, ...] = (),
        answer: Answer | None = None,
    ) -> None:
        """Call a method. ``answer`` is called later, once, however it goes.

        ``signature`` is that of ``body``, as D-Bus writes it; a variant is a pair of its
        signature and its value.
        """
        wire = self._connected()
        if wire is None:
            if answer is not None:
                QTimer.singleShot(0, self, lambda: answer(None))
            return
        self._serial += 1
        if answer is not None:
            self._answers[self._serial] = answer
        wire.send(_written(place, method, signature, body, self._serial))

    def listen(self, place: Place, signal: str, heard: Heard) -> None:
        """Call ``heard`` with what comes along whenever the service sends this signal."""
        connected = self._connected() is not None
        self._listeners.append((place, signal, heard))
        if connected:
            self._match(place, signal)

    def watch(self, service: str, owned: Owned) -> None:
        """Call ``owned`` soon, and whenever somebody takes or leaves this name. Starts nobody."""
        connected = self._connected() is not None
        self._watchers.append(watcher := _Watcher(service, owned))
        if connected:
            self._follow(watcher)
        else:
            QTimer.singleShot(0, self, lambda: watcher.tell(""))

    def close(self) -> None:
        """Leave the bus, and with it all that was asked of services for as long as we are there."""
        self._gone = True
        if self._wire is not None:
            self._wire.leave()
            self._wire = None
        self._answers.clear()
        self._listeners.clear()
        self._watchers.clear()

    # Being connected

    def _connected(self) -> "_Wire | None":
        if self._wire is None and not self._gone and (opened := _opened()) is not None:
            self._wire = _Wire(opened, self._take, self._lost, self)
            self.call(BUS, "Hello")
            for place, signal, _ in self._listeners:
                self._match(place, signal)
            for watcher in self._watchers:
                self._follow(watcher)
        return self._wire

    def _lost(self, why: str) -> None:
        log.info("the session bus is gone: %s", why)
        self._wire, self._gone = None, True
        answers, self._answers = self._answers, {}
        for answer in answers.values():
            answer(None)
        for watcher in tuple(self._watchers):
            watcher.tell("")

    def _match(self, place: Place, signal: str, first: str = "") -> None:
        rule = (
            f"type='signal',sender='{place.service}',path='{place.path}',"
            f"interface='{place.interface}',member='{signal}'"
        )
        self.call(BUS, "AddMatch", "s", (rule + (f",arg0='{first}'" if first else ""),))

    def _follow(self, watcher: _Watcher) -> None:
        self._match(BUS, "NameOwnerChanged", watcher.service)
        self.call(
            BUS,
            "GetNameOwner",
            "s",
            (watcher.service,),
            lambda said: watcher.tell(said[0] if said else ""),
        )

    # What comes in

    def _take(self, message: "Message") -> None:
        from jeepney import HeaderFields, MessageType

        fields, body = message.header.fields, tuple(message.body)
        match message.header.message_type:
            case MessageType.method_return:
                self._answered(fields.get(HeaderFields.reply_serial, 0), body)
            case MessageType.error:
                log.debug("the session bus: %s", fields.get(HeaderFields.error_name))
                self._answered(fields.get(HeaderFields.reply_serial, 0), None)
            case MessageType.signal:
                interface = fields.get(HeaderFields.interface, "")
                self._signalled(interface, fields.get(HeaderFields.member, ""), body)

    def _answered(self, serial: int, body: tuple[Any, ...] | None) -> None:
        if (answer := self._answers.pop(serial, None)) is not None:
            answer(body)

    def _signalled(self, interface: str, name: str, body: tuple[Any, ...]) -> None:
        match interface, name, body:
            case BUS.interface, "NameOwnerChanged", (str(changed), _, str(owner)):
                for watcher in tuple(self._watchers):
                    if watcher.service == changed:
                        watcher.tell(owner)
        for place, signal, heard in tuple(self._listeners):
            if (place.interface, signal) == (interface, name):
                heard(body)


class _Wire(QObject):
    """A socket on which messages go and come, once each side knows the other."""

    def __init__(
        self,
        opened: socket.socket,
        take: Callable[["Message"], None],
        lost: Callable[[str], None],
        parent: QObject,
    ) -> None:
        from jeepney.auth import Authenticator
        from jeepney.low_level import Parser

        super().__init__(parent)
        self._socket, self._take, self._lost = opened, take, lost
        self._authenticator, self._parser = Authenticator(), Parser()
        self._outgoing = bytearray(self._authenticator.data_to_send() or b"")
        self._waiting: deque[bytes] = deque()
        self._known = False
        self._reader = QSocketNotifier(opened.fileno(), QSocketNotifier.Type.Read, self)
        self._writer = QSocketNotifier(opened.fileno(), QSocketNotifier.Type.Write, self)
        self._reader.activated.connect(self._read, Qt.ConnectionType.QueuedConnection)
        self._writer.activated.connect(self._write, Qt.ConnectionType.QueuedConnection)

    def send(self, message: bytes) -> None:
        if self._known:
            self._outgoing += message
            self._writer.setEnabled(True)
        else:
            self._waiting.append(message)

    def leave(self) -> None:
        """Close, once all that was said was heard, which takes a bus that is well no time."""
        if self._known:
            self._write()
        with contextlib.suppress(OSError):
            # A bus that cannot answer any more drops what it has not carried yet.
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.settimeout(HEARD_WITHIN)
            while self._socket.recv(READ_AT_ONCE):
                pass
        if self._open():
            self.close()

    def close(self) -> None:
        self._reader.setEnabled(False)
        self._writer.setEnabled(False)
        self._socket.close()
        self.deleteLater()

    def _open(self) -> bool:
        return self._socket.fileno() >= 0

    def _write(self) -> None:
        if not self._open():
            return
        try:
            with contextlib.suppress(BlockingIOError):
                while self._outgoing:
                    del self._outgoing[: self._socket.send(self._outgoing)]
        except OSError as error:
            self._fail(str(error))
            return
        self._writer.setEnabled(bool(self._outgoing))

    def _read(self) -> None:
        if not self._open():
            return
        try:
            came = self._socket.recv(READ_AT_ONCE)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(str(error))
            return
        if not came:
            self._fail("it closed the connection")
            return
        try:
            messages = tuple(self._understood(came))
        except Exception as error:
            # Whatever a stranger's bytes do to a parser: the bus is of no use from here on.
            self._fail(f"it cannot be understood: {error}")
            return
        for message in messages:
            self._take(message)

    def _understood(self, came: bytes) -> Iterator["Message"]:
        if self._known:
            self._parser.add_data(came)
            while (message := self._parser.get_next_message()) is not None:
                yield message
            return
        self._authenticator.feed(came)
        self._outgoing += self._authenticator.data_to_send() or b""
        if self._authenticator.authenticated:
            # BEGIN is the last that the authenticator says, once it is content.
            self._known = True
            self._outgoing += b"BEGIN\r\n" + b"".join(self._waiting)
            self._waiting.clear()
        self._writer.setEnabled(True)

    def _fail(self, why: str) -> None:
        self.close()
        self._lost(why)


def _opened() -> socket.socket | None:
    """The session's bus, connected to but not yet spoken to. None: there is none."""
    if sys.platform in ("win32", "darwin"):
        return None
    try:
        return _connected(_address())
    except (OSError, RuntimeError, ValueError, ImportError) as error:
        log.info("there is no session bus: %s", error)
        return None


def _address() -> str:
    if given := os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return given
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        return f"unix:path={runtime}/bus"
    raise ValueError("DBUS_SESSION_BUS_ADDRESS is not set")


def _connected(address: str) -> socket.socket:
    from jeepney.bus import get_connectable_addresses

    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        opened.settimeout(0)
        opened.connect(next(iter(get_connectable_addresses(address))))
    except BaseException:
        opened.close()
        raise
    return opened


def _written(
    place: Place, method: str, signature: str, body: tuple[Any, ...], serial: int
) -> bytes:
    from jeepney import DBusAddress, new_method_call

    address = DBusAddress(place.path, place.service, place.interface)
    written: bytes = new_method_call(address, method, signature or None, body).serialise(serial)
    return written
