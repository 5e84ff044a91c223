"""Whether the network is metered, asked of a NetworkManager that is a test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_bus import DAEMON, DesktopBus, Service
from twocan.desk.metered import is_metered

needs_a_bus = pytest.mark.skipif(DAEMON is None, reason="there is no dbus-daemon")


class NetworkManager(Service):
    """Says this of the network."""

    def __init__(self, says: tuple[str, Any] | None) -> None:
        self.says = says
        self.asked: list[tuple[Any, ...]] = []
        super().__init__("org.freedesktop.NetworkManager")

    def called(self, caller: str, method: str, body: tuple[Any, ...]) -> tuple[str, Any] | None:
        self.asked.append((method, *body))
        return ("v", (self.says,)) if self.says is not None else None


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DesktopBus]:
    monkeypatch.setattr("sys.platform", "linux")
    with DesktopBus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
        yield bus


@needs_a_bus
@pytest.mark.parametrize(
    ("says", "metered"),
    [
        (("u", 0), False),
        (("u", 1), True),
        (("u", 2), False),
        (("u", 3), True),
        (("u", 4), False),
        (("s", "yes"), False),
        (None, False),
    ],
)
def test_what_network_manager_says(
    bus: DesktopBus, says: tuple[str, Any] | None, metered: bool
) -> None:
    with NetworkManager(says) as manager:
        assert is_metered() is metered
        assert manager.asked == [("Get", "org.freedesktop.NetworkManager", "Metered")]


@needs_a_bus
def test_nobody_knows(bus: DesktopBus) -> None:
    assert not is_metered()


def test_there_is_no_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    assert not is_metered()


def test_elsewhere_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert not is_metered()
