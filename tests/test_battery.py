"""How full the battery is, as psutil tells it or fails to."""

from types import SimpleNamespace

import psutil
import pytest

from twocan.media.pictures.sending.battery import Battery


def told(patch: pytest.MonkeyPatch, percent: float, *, plugged: bool | None) -> Battery:
    said = SimpleNamespace(percent=percent, power_plugged=plugged, secsleft=100)
    patch.setattr(psutil, "sensors_battery", lambda: said, raising=False)
    return Battery()


@pytest.mark.parametrize(
    ("percent", "plugged", "level"),
    [(42.0, False, 0.42), (42.0, None, 0.42), (142.0, False, 1.0), (42.0, True, None)],
    ids=["discharging", "not-said", "beyond-full", "on-mains"],
)
def test_a_battery_counts_unless_it_is_plugged_in(
    monkeypatch: pytest.MonkeyPatch, percent: float, plugged: bool | None, level: float | None
) -> None:
    assert told(monkeypatch, percent, plugged=plugged).level() == level


def test_without_a_battery_there_is_no_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert Battery().level() is None


def test_a_battery_that_cannot_be_read_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("no such file")

    monkeypatch.setattr(psutil, "sensors_battery", broken, raising=False)
    assert Battery().level() is None


def test_the_system_is_asked_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    battery = told(monkeypatch, 50, plugged=False)
    assert battery.level(now=100.0) == 0.5
    monkeypatch.undo()
    told(monkeypatch, 20, plugged=False)
    assert battery.level(now=129.0) == 0.5
    assert battery.level(now=131.0) == 0.2
