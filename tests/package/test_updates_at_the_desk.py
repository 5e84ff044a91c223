"""New versions at a desk with real calls: never during one."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from release_host import KEY, PLATFORM, Host, hosting, program
from town import ACCOUNT, NEIGHBOUR, Town, Watch
from twocan.desk import opening
from twocan.desk.desk import Desk
from twocan.desk.equipment import Equipment
from twocan.desk.state import Finding, Stage, Standing, Trial
from twocan.desk.updates import Pace, Program, Updates
from twocan.releases import ReleaseError
from twocan.states import State

WITHIN = 50.0
PACE = Pace(quiet=0.05, look=0.01)


def looking(host: Host, folder: Path) -> Updates:
    return Updates(
        Program("1.0", KEY, PLATFORM),
        folder / "update",
        pace=PACE,
        chance=lambda: 0.0,
        where=host.where,
        metered=lambda: False,
    )


@asynccontextmanager
async def desk_of(town: Town, updates: Updates) -> AsyncIterator[tuple[Desk, Watch]]:
    """A desk in this town, which looks for new versions."""
    watch = Watch()

    def tried(trial: Trial) -> None:
        raise AssertionError(f"nothing is tried: {trial}")

    def nowhere(canvas: object) -> None:
        """Nobody looks."""

    town._exchange()
    desk = Desk(
        watch,
        Equipment(town.settings.load(), far=nowhere, near=nowhere, changed=tried),
        settings=town.settings,
        history=town.history,
        accounts=lambda: town.accounts,
        given=ACCOUNT,
        enter=town._enter,
        updates=updates,
    )
    async with asyncio.timeout(WITHIN):
        await desk.open()
        try:
            yield desk, watch
        finally:
            await desk.close()
            await town.close()


async def test_a_call_stops_a_download_which_goes_on_afterwards(tmp_path: Path) -> None:
    log, town = tmp_path / "runs.txt", Town()
    async with hosting(Host(program(log))) as host:
        host.release()
        host.gives, host.holds = 200_000, True
        async with desk_of(town, looking(host, tmp_path)) as (desk, watch):
            neighbour = town.move_in()
            await host.sees(1)
            await watch.sees(lambda view: view.update.stage is Stage.FETCHING)

            desk.dial(NEIGHBOUR)
            await host.is_left()
            (await neighbour.line(State.INCOMING)).answer()
            sid = await watch.call(State.ACTIVE)
            view = await watch.sees(lambda view: view.update.stage is Stage.RESTING)
            assert view.update.version == "9.1"
            await asyncio.sleep(3 * PACE.quiet)
            assert (len(host.fetched), log.exists()) == (1, False)

            host.gives, host.holds = None, False
            desk.hang_up(sid)
            view = await watch.sees(lambda view: view.update.came is Finding.READY)
            assert view.update.stage is Stage.READY
    assert log.read_text() == "install --quiet --next\n"
    assert (len(host.asked), len(host.fetched)) == (1, 2)


async def test_the_switch_lasts_and_stops_it(tmp_path: Path) -> None:
    town = Town()
    async with hosting(Host(program(tmp_path / "runs.txt"))) as host:
        host.release()
        host.gives, host.holds = 200_000, True
        async with desk_of(town, looking(host, tmp_path)) as (desk, watch):
            await host.sees(1)
            desk.change(updates=False)
            await host.is_left()
            await watch.sees(lambda view: view.update.stage is Stage.RESTING)
    assert not town.settings.load().updates


async def test_without_a_key_nobody_asks() -> None:
    town, watch = Town(), Watch()
    desk = await town.open_desk(watch)
    async with asyncio.timeout(WITHIN):
        view = await watch.sees(lambda view: view.standing is Standing.ONLINE)
        await desk.close()
        await town.close()
    assert view.update.stage is Stage.NEVER


# --- The key -------------------------------------------------------------------------------------


def frozen(folder: Path, key: str | None) -> Path:
    """A frozen program with this key in it."""
    (folder / "assets").mkdir()
    if key is not None:
        (folder / "assets" / "release.pub").write_text(key)
    return folder


def test_only_a_frozen_program_with_a_key_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opening.built_in_key() is None

    monkeypatch.setattr("sys._MEIPASS", str(frozen(tmp_path, None)), raising=False)
    assert opening.built_in_key() is None
    assert opening.updates_of(None) is None

    (tmp_path / "assets" / "release.pub").write_text(base64.b64encode(KEY).decode() + "\n")
    assert opening.built_in_key() == base64.b64encode(KEY).decode() + "\n"


def test_who_looks_writes_nothing_before_they_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    updates = opening.updates_of(base64.b64encode(KEY).decode())
    assert updates is not None
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_none_is_the_builders_mistake() -> None:
    with pytest.raises(ReleaseError):
        opening.updates_of("no key")
