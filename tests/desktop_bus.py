"""A session bus of a test's own, and small real services on it: what a desktop has."""

import contextlib
import os
import select
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

DAEMON = shutil.which("dbus-daemon")
"""Of Debian's package ``dbus-daemon``."""

# Nothing is started by name: a test has the services that it makes, and no others.
_CONFIGURATION = """<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

_BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


class DesktopBus:
    """A private session bus, and the one of this process while it is entered."""

    def __init__(self, folder: Path) -> None:
        self.address = f"unix:path={folder / 'bus'}"
        self._configuration = folder / "bus.conf"
        self._configuration.write_text(_CONFIGURATION.format(path=folder / "bus"))
        self._daemon: subprocess.Popen[bytes] | None = None
        self._before = os.environ.get("DBUS_SESSION_BUS_ADDRESS")

    def __enter__(self) -> Self:
        assert DAEMON is not None
        told, tell = os.pipe()
        try:
            self._daemon = subprocess.Popen(
                [
                    DAEMON,
                    f"--config-file={self._configuration}",
                    "--nofork",
                    f"--print-address={tell}",
                ],
                pass_fds=(tell,),
                stderr=subprocess.DEVNULL,
            )
            os.close(tell)
            # It says its address once it can be spoken to.
            assert os.read(told, 4096)
        finally:
            os.close(told)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self.address
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._before is None:
            del os.environ["DBUS_SESSION_BUS_ADDRESS"]
        else:
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = self._before

    def stop(self) -> None:
        """The bus goes away, as at the end of a session."""
        if self._daemon is not None:
            self._daemon.terminate()
            self._daemon.wait()
            self._daemon = None


class Service:
    """Something that has a name on the bus, and answers on a thread of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._bus: DBusConnection = open_dbus_connection("SESSION")
        # The thread reads all that comes, replies to our own calls as well.
        self._ask_bus("RequestName", "su", (name, 4))
        self._stopping, self._stop = socket.socketpair()
        self._sending = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name=name)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()

    def vanish(self) -> None:
        """Leave the bus, as a program that ends."""
        if self._stop.fileno() >= 0:
            self._stop.send(b"x")
            self._thread.join()
            self._bus.close()
            self._stop.close()
            self._stopping.close()

    def called(self, caller: str, method: str, body: tuple[Any, ...]) -> tuple[str, Any] | None:
        """What ``method`` answers: a signature and values. None: there is no such method."""
        raise NotImplementedError

    def left(self, caller: str) -> None:
        """Whoever had this unique name is gone from the bus."""

    def signal(self, path: str, interface: str, name: str, signature: str, body: Any) -> None:
        """Tell everybody."""
        self._send(
            new_signal(DBusAddress(path, interface=interface), name, signature or None, body)
        )

    def _ask_bus(self, method: str, signature: str, body: tuple[Any, ...]) -> None:
        reply = self._bus.send_and_get_reply(new_method_call(_BUS, method, signature, body))
        assert reply.header.message_type is MessageType.method_return, reply.body

    def watch_callers(self) -> None:
        """Be told by ``left`` of whoever leaves."""
        rule = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"
        self._send(new_method_call(_BUS, "AddMatch", "s", (rule,)))

    def _send(self, message: Message) -> None:
        with self._sending:
            self._bus.send(message)

    def _serve(self) -> None:
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    while True:
                        self._take(self._bus.receive(timeout=0))
                if self._stopping in select.select([self._bus.sock, self._stopping], [], [])[0]:
                    return
        except OSError:
            # The bus itself is gone.
            return

    def _take(self, message: Message) -> None:
        fields = message.header.fields
        match message.header.message_type:
            case MessageType.method_call:
                self._answer(message)
            case MessageType.signal if fields.get(HeaderFields.member) == "NameOwnerChanged":
                name, _, owner = message.body
                if name.startswith(":") and not owner:
                    self.left(name)

    def _answer(self, message: Message) -> None:
        fields = message.header.fields
        said = self.called(
            fields[HeaderFields.sender], fields[HeaderFields.member], tuple(message.body)
        )
        if said is None:
            self._send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))
        else:
            signature, body = said
            self._send(new_method_return(message, signature or None, body))


NOTIFICATIONS = "org.freedesktop.Notifications"
NOTIFICATIONS_PATH = "/org/freedesktop/Notifications"


class Shown:
    """A notice as the server was told of it."""

    def __init__(self, signature: tuple[Any, ...]) -> None:
        self.program, self.replaces, self.icon, self.title, self.text = signature[:5]
        actions = signature[5]
        self.actions = dict(zip(actions[::2], actions[1::2], strict=True))
        self.hints = {name: value for name, (_, value) in signature[6].items()}
        self.kinds = {name: kind for name, (kind, _) in signature[6].items()}
        self.expires = signature[7]


class NotificationServer(Service):
    """Shows notices to a test, which can press what they offer."""

    def __init__(
        self,
        abilities: tuple[str, ...] = ("actions", "body", "body-markup"),
        *,
        refuses: bool = False,
        first: int = 1,
    ) -> None:
        self.abilities, self.refuses = list(abilities), refuses
        self.shown: dict[int, Shown] = {}
        """Those that are on the screen, by their number."""
        self.told: list[Shown] = []
        """All that there ever were."""
        self.refused = 0
        self._next = first
        super().__init__(NOTIFICATIONS)

    def called(self, caller: str, method: str, body: tuple[Any, ...]) -> tuple[str, Any] | None:
        match method:
            case "GetCapabilities":
                return "as", (self.abilities,)
            case "Notify" if not self.refuses:
                return "u", (self._notify(Shown(body)),)
            case "Notify":
                self.refused += 1
                return None
            case "CloseNotification":
                self.close(body[0], 3)
                return "", ()
            case _:
                return None

    def _notify(self, shown: Shown) -> int:
        number = shown.replaces
        if number not in self.shown:
            number, self._next = self._next, self._next + 1
        self.shown[number] = shown
        self.told.append(shown)
        return int(number)

    @property
    def only(self) -> Shown:
        """The one that is on the screen."""
        (shown,) = self.shown.values()
        return shown

    def press(self, action: str, token: str = "") -> None:
        """The person presses this on the one notice that there is."""
        (number,) = self.shown
        if token:
            self._tell("ActivationToken", "us", (number, token))
        self._tell("ActionInvoked", "us", (number, action))

    def close(self, number: int, reason: int) -> None:
        """It is on the screen no more: 1 its time was over, 2 by the person, 3 it was called."""
        if self.shown.pop(number, None) is not None:
            self._tell("NotificationClosed", "uu", (number, reason))

    def say_nonsense(self) -> None:
        """Signals of the right names and the wrong shapes."""
        self._tell("ActionInvoked", "su", ("x", 1))
        self._tell("ActionInvoked", "", ())
        self._tell("NotificationClosed", "as", (["x"],))
        self._tell("ActivationToken", "uu", (1, 1))
        self._tell("ActionInvoked", "us", (4_000_000_000, "accept"))

    def _tell(self, name: str, signature: str, body: Any) -> None:
        self.signal(NOTIFICATIONS_PATH, NOTIFICATIONS, name, signature, body)


class Inhibitor(Service):
    """A service that keeps the screen on for who asked it, until they take it back or are gone."""

    def __init__(self, name: str, *, refuses: bool = False) -> None:
        self.refuses = refuses
        self.held: dict[int | str, tuple[str, tuple[Any, ...]]] = {}
        """Who asked, and what they said, by cookie."""
        self.asked = 0
        super().__init__(name)
        self.watch_callers()

    def called(self, caller: str, method: str, body: tuple[Any, ...]) -> tuple[str, Any] | None:
        match method:
            case "Inhibit" if not self.refuses:
                self.asked += 1
                cookie = self.cookie(self.asked)
                self.held[cookie] = caller, body
                return ("o" if isinstance(cookie, str) else "u"), (cookie,)
            case "UnInhibit" | "Uninhibit":
                del self.held[body[0]]
                return "", ()
            case "Close":
                self.held.clear()
                return "", ()
            case _:
                return None

    def cookie(self, number: int) -> int | str:
        """What ``Inhibit`` answers: a number, or a path for the portal."""
        if self.name == "org.freedesktop.portal.Desktop":
            return f"/org/freedesktop/portal/desktop/request/{number}"
        return number

    def left(self, caller: str) -> None:
        self.held = {key: held for key, held in self.held.items() if held[0] != caller}


class TrayWatcher(Service):
    """Knows of the icons in a tray that does nothing else."""

    def __init__(self) -> None:
        self.icons: SimpleQueue[str] = SimpleQueue()
        super().__init__("org.kde.StatusNotifierWatcher")

    def called(self, caller: str, method: str, body: tuple[Any, ...]) -> tuple[str, Any] | None:
        match method:
            case "RegisterStatusNotifierItem":
                self.icons.put(body[0])
                return "", ()
            case "Get":
                return "v", (("b", True),)
            case _:
                return None

    def click(self, icon: str) -> None:
        """The person clicks the icon that was registered as this."""
        item = DBusAddress("/StatusNotifierItem", icon, "org.kde.StatusNotifierItem")
        self._send(new_method_call(item, "Activate", "ii", (0, 0)))


@contextlib.contextmanager
def without_a_bus() -> Iterator[None]:
    """No session bus is known in here, and none is started: Qt would, for a display."""
    before = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
    try:
        yield
    finally:
        if before is None:
            del os.environ["DBUS_SESSION_BUS_ADDRESS"]
        else:
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = before
