"""Whether the network that the computer is in counts what is downloaded.

Linux: NetworkManager knows, and says so to everybody on the system's message bus
(org.freedesktop.NetworkManager, property ``Metered``). Where nobody knows, it does not.
"""

import logging
import sys

log = logging.getLogger(__name__)

_WITHIN = 2.0
_YES, _GUESSED_YES = 1, 3
"""``NMMetered``."""


def is_metered() -> bool:
    """Waits for the bus."""
    if sys.platform != "linux":
        return False
    try:
        return _asked() in (_YES, _GUESSED_YES)
    except Exception as error:
        # There is no bus, nobody on it, or something else than was expected.
        log.debug("nobody says whether the network is metered: %s", type(error).__name__)
        return False


def _asked() -> object:
    from jeepney import DBusAddress, MessageType, Properties
    from jeepney.io.blocking import open_dbus_connection

    manager = DBusAddress(
        "/org/freedesktop/NetworkManager",
        "org.freedesktop.NetworkManager",
        "org.freedesktop.NetworkManager",
    )
    with open_dbus_connection("SYSTEM") as bus:
        reply = bus.send_and_get_reply(Properties(manager).get("Metered"), timeout=_WITHIN)
    if reply.header.message_type is not MessageType.method_return:
        return None
    _, value = reply.body[0]
    return value
