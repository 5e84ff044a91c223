"""A desk's microphones, speakers, bell and cameras: what is heard and seen, and where."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from equipped import Watched, call, equipped, is_silent, peak_dbfs, plays, until
from sound_server import SoundServer, sound_server
from talking import HIGH, Side
from twocan.desk import equipment
from twocan.desk.equipment import Equipped, Levels
from twocan.desk.settings import Settings
from twocan.phone import Line, Phone
from twocan.signalling import Exchange
from twocan.states import CallView, End, State

__all__ = ["sound_server"]

PLAIN = Settings(echo=False, noise=False, gain=False, camera="none")
"""For tones: to a noise suppressor these are noise."""
BY_FILE = replace(PLAIN, microphone="tone:440", speaker="null")


def test_nothing_of_sound_or_pictures_is_loaded_before_it_is_needed() -> None:
    said = (
        "import sys;"
        "from twocan.desk.equipment import Equipment;"
        "from twocan.desk.settings import Settings;"
        "e = Equipment(Settings(), far=print, near=print, changed=print);"
        "e.apply(Settings(ring_volume=0.1, microphone='tone:440', camera='none'));"
        "e.share(on=False); e.try_microphone(on=False); e.levels(None);"
        "print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "twocan.desk.equipment" in loaded
    assert not {"numpy", "aiortc", "av", "cv2", "sounddevice", "pulsectl"} & set(loaded)


def test_what_it_takes_to_ring_is_loaded_first_and_pictures_while_it_rings() -> None:
    said = (
        "import asyncio, sys;"
        "from twocan.desk import equipment;"
        "from twocan.desk.settings import Settings;"
        "equipment.RINGS_FIRST = 0.0\n"
        "async def main():\n"
        "    one = Settings(microphone='silence', speaker='null', ringer='null')\n"
        "    e = equipment.Equipment(one, far=print, near=print, changed=print)\n"
        "    media = e.make_media(print)\n"
        "    sight = 'twocan.media.pictures.sight'\n"
        "    print(sight in sys.modules, 'cv2' in sys.modules)\n"
        "    while sight not in sys.modules: await asyncio.sleep(0.01)\n"
        "    await media.close()\n"
        "    await e.close()\n"
        "    print('sounddevice' in sys.modules)\n"
        "asyncio.run(main())"
    )
    ended = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False", "False", "False"]
    assert ended.stderr == ""


# --- Whole calls ----------------------------------------------------------------------------------


@dataclass
class Called:
    """A call of a person with an equipment, and the other side, which says a tone."""

    watched: Watched
    ours: Line
    callee: Side
    theirs: Line


@asynccontextmanager
async def calling(settings: Settings, *, showing: bool = False) -> AsyncIterator[Called]:
    async with equipped(settings) as watched:
        exchange = Exchange(asyncio.get_running_loop().call_later)
        callee = Side(exchange, "callee@site.example/desk", HIGH)
        up = asyncio.Event()

        def watch(view: CallView) -> None:
            watched.equipment.show(view, silent=False)
            if view.state is State.ACTIVE:
                up.set()

        phone = Phone(
            exchange.join("caller@site.example/desk"), watched.equipment.make_media, watch
        )
        try:
            ours = phone.dial("callee@site.example", showing=showing)
            (await callee.line(State.INCOMING)).answer()
            theirs = await callee.line(State.ACTIVE)
            await up.wait()
            yield Called(watched, ours, callee, theirs)
        finally:
            await phone.close()
            await callee.phone.close()


async def test_a_call_moves_to_the_devices_that_are_chosen(sound_server: SoundServer) -> None:
    room, side = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Side")
    room.make_default()
    sound_server.plug_microphone("Desk").hum(500)
    sound_server.plug_microphone("Lapel").hum(900)
    first = replace(PLAIN, microphone="Desk")
    async with calling(first) as c:
        await asyncio.gather(c.callee.ear.hears(500), until(plays(room, HIGH)))
        second = replace(PLAIN, microphone="Lapel", speaker="Side")
        c.watched.equipment.apply(second)
        await asyncio.gather(c.callee.ear.hears(900), until(plays(side, HIGH)))
        # What is changed beside them moves nothing.
        c.watched.equipment.apply(replace(second, ring_volume=0.1, language="de"))
        await asyncio.gather(c.callee.ear.hears(900), until(plays(side, HIGH)))
        await until(is_silent(room))


async def test_levels_are_those_of_the_call_that_is_up() -> None:
    async with calling(BY_FILE) as c:
        levels = c.watched.equipment.levels
        await until(lambda: (levels(c.ours).microphone or -127) > -21)
        await until(lambda: (levels(c.ours).speaker or -127) > -23)
        c.ours.mute(on=True)
        await until(lambda: (levels(c.ours).microphone or 0) < -100)
        c.ours.hold(on=True)
        await until(lambda: levels(c.ours).microphone is None)
        assert c.watched.equipment.looks(c.ours) is None
    assert levels(None) == Levels()


async def test_the_far_side_is_seen_on_the_canvas_and_oneself_on_another() -> None:
    async with calling(replace(BY_FILE, camera="pattern:160x90@30"), showing=True) as c:
        await c.callee.eye.sees()
        c.theirs.show(on=True)
        [far], [near] = c.watched.far, c.watched.near
        far.want(160, 90)
        near.want(160, 90)
        await until(lambda: far.newest() is not None and near.newest() is not None)
        await until(lambda: c.watched.equipment.looks(c.ours) is not None)


async def test_the_screen_takes_the_cameras_place_until_calls_are_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(equipment, "SCREEN", "pattern:90x90@30")
    settings = replace(BY_FILE, camera="pattern:160x90@30")
    async with calling(settings, showing=True) as c:
        c.watched.equipment.try_camera(on=False)
        eye = c.callee.eye
        await until(lambda: eye.sizes[-1:] == [(160, 90)])
        c.watched.equipment.share(on=True)
        await until(lambda: eye.sizes[-1:] == [(90, 90)])
        # Whatever else is changed.
        c.watched.equipment.apply(replace(settings, gain=True))
        await eye.sees()
        assert eye.sizes[-1] == (90, 90)
        c.watched.equipment.share(on=False)
        await until(lambda: eye.sizes[-1:] == [(160, 90)])
        c.watched.equipment.share(on=True)
        await until(lambda: eye.sizes[-1:] == [(90, 90)])

        c.ours.hang_up()
        await c.ours.ended.wait()
        c.watched.equipment.try_camera(on=True)
        [near] = c.watched.near
        near.want(160, 160)
        await until(lambda: near.newest() is not None and near.size == (160, 90))


async def test_another_camera_is_chosen_in_mid_call() -> None:
    settings = replace(BY_FILE, camera="pattern:160x90@30")
    async with calling(settings, showing=True) as c:
        eye = c.callee.eye
        await until(lambda: eye.sizes[-1:] == [(160, 90)])
        c.watched.equipment.apply(replace(settings, camera="pattern:90x90@30"))
        await until(lambda: eye.sizes[-1:] == [(90, 90)])


# --- What rings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("volume", "peak"), [(1.0, -16.0), (0.4, -31.9)])
async def test_it_rings_on_the_ringer_as_loud_as_is_set(
    sound_server: SoundServer, volume: float, peak: float
) -> None:
    room, bell = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Bell")
    room.make_default()
    async with equipped(Settings(ringer="Bell", ring_volume=volume)) as watched:
        watched.equipment.show(call(State.INCOMING), silent=False)
        # The first time it rings half as loud.
        await until(lambda: peak_dbfs(bell.heard) == pytest.approx(peak, abs=0.5))
        watched.equipment.show(call(State.ENDED), silent=False)
        await until(is_silent(bell))
        assert peak_dbfs(room.heard) < -60


async def test_it_rings_louder_on_another_ringer_while_it_rings(sound_server: SoundServer) -> None:
    room, bell = sound_server.plug_speaker("Room"), sound_server.plug_speaker("Bell")
    room.make_default()
    settings = Settings(ringer="Room", ring_volume=0.0)
    async with equipped(settings) as watched:
        watched.equipment.show(call(State.INCOMING), silent=False)
        watched.equipment.apply(replace(settings, ring_volume=1.0))
        await until(lambda: peak_dbfs(room.heard) > -20)
        watched.equipment.apply(Settings(ringer="Bell", ring_volume=1.0))
        await until(lambda: peak_dbfs(bell.heard) > -20)


@dataclass
class Bell:
    """A ringer that is a file: it is there from when it rings first."""

    file: Path

    def rang(self) -> bool:
        """Whether it did since it was last asked."""
        there = self.file.exists()
        self.file.unlink(missing_ok=True)
        return there


@pytest.fixture
def bell(tmp_path: Path) -> Bell:
    return Bell(tmp_path / "bell.wav")


async def test_who_is_not_to_be_disturbed_hears_nothing(bell: Bell) -> None:
    settings = replace(BY_FILE, ringer=str(bell.file))
    async with equipped(replace(settings, do_not_disturb=True)) as watched:
        watched.equipment.show(call(State.INCOMING), silent=True)
        assert not bell.rang()
        watched.equipment.apply(settings)
        assert bell.rang()
        watched.equipment.apply(replace(settings, do_not_disturb=True))
        watched.equipment.apply(replace(settings, do_not_disturb=True, ring_volume=0.3))
        assert not bell.rang()
        watched.equipment.show(call(State.INCOMING, "call-2"), silent=False)
        assert not bell.rang()


async def test_a_call_that_is_to_be_silent_is_whatever_else_is_changed(bell: Bell) -> None:
    settings = replace(BY_FILE, ringer=str(bell.file))
    async with equipped(settings) as watched:
        watched.equipment.show(call(State.INCOMING), silent=True)
        watched.equipment.apply(replace(settings, ring_volume=0.3))
        assert not bell.rang()
        watched.equipment.show(call(State.INCOMING), silent=False)
        assert bell.rang()


async def test_of_two_calls_that_come_one_rings_and_then_the_other(bell: Bell) -> None:
    async with equipped(replace(BY_FILE, ringer=str(bell.file))) as watched:
        show = watched.equipment.show
        show(call(State.INCOMING, "call-1"), silent=False)
        assert bell.rang()
        show(call(State.INCOMING, "call-2"), silent=False)
        assert not bell.rang()
        show(call(State.ENDED, "call-1", end=End.CANCELLED), silent=False)
        assert bell.rang()


@pytest.mark.parametrize("silent", [False, True])
async def test_a_second_call_knocks_beside_the_first_and_rings_after_it(
    sound_server: SoundServer, bell: Bell, silent: bool
) -> None:
    room = sound_server.plug_speaker("Room")
    room.make_default()
    async with equipped(Settings(ringer=str(bell.file))) as watched:
        show = watched.equipment.show
        show(call(State.CONNECTING, "call-1"), silent=False)
        show(call(State.INCOMING, "call-2"), silent=silent)
        await until(plays(room, 440))
        assert not bell.rang()
        assert peak_dbfs(room.heard) == pytest.approx(-28, abs=0.5)
        show(call(State.ENDED, "call-1"), silent=False)
        assert bell.rang()
        await until(is_silent(room))


async def test_who_calls_hears_it_ring_even_if_not_to_be_disturbed(
    sound_server: SoundServer,
) -> None:
    room = sound_server.plug_speaker("Room")
    room.make_default()
    async with equipped(Settings(do_not_disturb=True)) as watched:
        watched.equipment.show(call(State.RINGING, outgoing=True), silent=True)
        await until(lambda: peak_dbfs(room.heard) == pytest.approx(-24, abs=0.5))


async def test_a_file_that_the_call_is_written_to_has_no_tones_in_it(tmp_path: Path) -> None:
    file = tmp_path / "call.wav"
    settings = replace(BY_FILE, speaker=str(file), ringer=str(file))
    async with equipped(settings) as watched:
        file.write_bytes(b"what was said")
        watched.equipment.show(call(State.INCOMING), silent=False)
        watched.equipment.show(call(State.RINGING, "call-2", outgoing=True), silent=False)
        assert file.read_bytes() == b"what was said"


# --- What there is --------------------------------------------------------------------------------


async def test_the_devices_are_listed_by_their_names(sound_server: SoundServer) -> None:
    sound_server.plug_speaker("Room").make_default()
    sound_server.plug_microphone("Desk")
    async with equipped(PLAIN) as watched:
        found = await watched.equipment.devices()
        assert found.microphones == ("Desk",)
        assert found.speakers == ("Cable1", "Cable2", "Room")
        assert found.sound_problem is None
        # Listed again while a call is up, they are the same, and its sound goes on.
        watched.equipment.show(call(State.RINGING, outgoing=True), silent=False)
        assert await watched.equipment.devices() == found


async def test_where_there_is_nothing_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equipment, "_find_cameras", lambda: ((), "there is no camera: plug one in"))
    async with equipped(PLAIN) as watched:
        assert await watched.equipment.devices() == Equipped(
            sound_problem="there is no microphone",
            camera_problem="there is no camera: plug one in",
        )


async def test_where_sound_devices_cannot_be_had_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    async with equipped(PLAIN) as watched:
        found = await watched.equipment.devices()
        assert found.sound_problem == "no sound devices: install sounddevice"
