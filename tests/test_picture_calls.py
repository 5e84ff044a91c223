"""Whole calls with pictures: added, paused and removed by either side, while the sound goes on.

Real ICE, DTLS, SRTP and VP8 over loopback; the cameras film a pattern that says when it was filmed.
"""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from talking import HIGH, LOW, Eye, WatchedMedia, in_a_call, two
from twocan.media.pictures.picture import Camera, PictureError, Seen, Shape
from twocan.media.sound import Samples
from twocan.messages import Content
from twocan.states import State

pytestmark = pytest.mark.timeout(60)

WITHIN = 45.0


async def test_who_calls_with_a_camera_is_seen() -> None:
    async with in_a_call(showing=True, within=WITHIN) as (_caller, ours, callee, theirs):
        await callee.sees(lambda view: view.shown_by_peer)
        marks = await callee.eye.sees()
        assert marks == sorted(marks, key=lambda mark: mark.frame)
        assert ours.call.view().showing
        assert not theirs.call.view().showing
        assert not callee.lenses
        await callee.ear.hears(LOW)
        await callee.sees(lambda view: "first_video" in view.times)
        assert "first_video" not in ours.call.view().times


async def test_both_are_seen_where_both_want_it() -> None:
    async with two(within=WITHIN) as (caller, callee):
        caller.phone.dial("callee@site.example", showing=True)
        (await callee.line(State.INCOMING)).answer(showing=True)
        await callee.line(State.ACTIVE)
        await caller.sees(lambda view: view.shown_by_peer)
        await asyncio.gather(caller.eye.sees(), callee.eye.sees())


async def test_an_incoming_call_says_whether_there_will_be_pictures() -> None:
    async with two() as (caller, callee):
        caller.phone.dial("callee@site.example", showing=True)
        assert (await callee.line(State.INCOMING)).call.view().pictures
        assert not callee.lenses


@pytest.mark.parametrize("first", [0, 1], ids=["caller", "callee"])
async def test_either_side_adds_pictures_and_takes_them_away(first: int) -> None:
    async with in_a_call(within=WITHIN) as (caller, ours, callee, theirs):
        sides = [(caller, ours), (callee, theirs)]
        (one, line), (other, others) = sides[first], sides[1 - first]
        line.show(on=True)
        await other.sees(lambda view: view.shown_by_peer)
        await other.eye.sees()
        assert not one.eye.marks

        others.show(on=True)
        await one.eye.sees()
        await other.eye.sees()

        line.show(on=False)
        await other.sees(lambda view: not view.shown_by_peer)
        assert one.lenses[0].closed
        await one.eye.sees()

        others.show(on=False)
        await one.sees(lambda view: not view.pictures)
        await other.sees(lambda view: not view.pictures)
        assert all(lens.closed for lens in (*one.lenses, *other.lenses))
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))

        line.show(on=True)
        await other.sees(lambda view: view.shown_by_peer)
        await other.eye.sees()


async def test_both_turn_their_cameras_on_at_once() -> None:
    async with in_a_call(within=WITHIN) as (caller, ours, callee, theirs):
        ours.show(on=True)
        theirs.show(on=True)
        await caller.sees(lambda view: view.showing and view.shown_by_peer)
        await callee.sees(lambda view: view.showing and view.shown_by_peer)
        await asyncio.gather(caller.eye.sees(), callee.eye.sees())


async def test_a_camera_that_pauses_goes_on_without_being_negotiated_anew() -> None:
    async with in_a_call(showing=True, within=WITHIN) as (caller, ours, callee, _theirs):
        await callee.line(State.ACTIVE)
        await callee.sees(lambda view: view.shown_by_peer)
        await callee.eye.sees()
        ours.pause(on=True)
        await callee.sees(lambda view: view.paused_by_peer)
        assert caller.lenses[0].closed
        ours.pause(on=False)
        await callee.sees(lambda view: not view.paused_by_peer)
        await callee.eye.sees()
        assert len(caller.lenses) == 2
        assert len(callee.eyes) == 1


async def test_who_holds_a_call_is_not_seen() -> None:
    async with in_a_call(showing=True, within=WITHIN) as (caller, ours, callee, _theirs):
        await callee.sees(lambda view: view.shown_by_peer)
        await callee.eye.sees()
        ours.hold(on=True)
        assert caller.lenses[0].closed
        await callee.sees(lambda view: view.held_by_peer)
        ours.hold(on=False)
        await callee.eye.sees()


async def test_a_camera_that_cannot_be_opened_costs_its_pictures_and_no_sound() -> None:
    def broken() -> Camera:
        raise PictureError("the camera is in use: close the program that has it")

    async with in_a_call(within=WITHIN) as (caller, ours, callee, _theirs):
        caller.open_lens = broken
        ours.show(on=True)
        await caller.sees(lambda view: view.camera_problem is not None)
        assert "in use" in (ours.call.view().camera_problem or "")
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))


async def test_a_camera_that_stops_is_told_of_and_is_back_when_it_goes_on() -> None:
    class Loose(Camera):
        """A camera with a loose plug."""

        text = False

        def start(self, seen: Seen, troubled: Callable[[PictureError | None], None]) -> None:
            self.troubled = troubled

        def ask(self, shape: Shape) -> None: ...

        def close(self) -> None: ...

    camera = Loose()
    async with in_a_call(within=WITHIN) as (caller, ours, callee, _theirs):
        caller.open_lens = lambda: camera
        ours.show(on=True)
        await callee.sees(lambda view: view.shown_by_peer)
        await caller.sees(lambda _view: hasattr(camera, "troubled"))
        camera.troubled(PictureError("the camera is gone: plug it in again"))
        await caller.sees(lambda view: view.camera_problem is not None)
        await callee.sees(lambda view: view.paused_by_peer)
        camera.troubled(None)
        await caller.sees(lambda view: view.camera_problem is None)
        await callee.sees(lambda view: not view.paused_by_peer)
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))


class Apart(WatchedMedia):
    """A phone that does not know of contents that share a transport."""

    async def answer(
        self, offer: Sequence[Content], bundle: Sequence[str], *, showing: bool = False
    ) -> tuple[Content, ...]:
        return await super().answer(offer, (), showing=showing)

    def connect(
        self, theirs: Sequence[Content], bundle: Sequence[str], *, controlling: bool
    ) -> None:
        super().connect(theirs, (), controlling=controlling)


@pytest.mark.parametrize("showing", [True, False], ids=["from-the-start", "added"])
async def test_pictures_take_a_path_of_their_own_where_the_far_side_does_not_bundle(
    showing: bool,
) -> None:
    async with two(within=WITHIN) as (caller, callee):
        callee.make = Apart
        ours = caller.phone.dial("callee@site.example", showing=showing)
        (await callee.line(State.INCOMING)).answer(showing=showing)
        theirs = await callee.line(State.ACTIVE)
        await caller.line(State.ACTIVE)
        ours.show(on=True)
        theirs.show(on=True)
        await caller.sees(lambda view: view.shown_by_peer)
        await asyncio.gather(caller.eye.sees(), callee.eye.sees())
        ports = {
            side.media[-1]._own_path.transport.pair[0].port  # type: ignore[union-attr,index]
            for side in (caller, callee)
        }
        sounds = {side.media[-1]._path.transport.pair[0].port for side in (caller, callee)}  # type: ignore[index]
        assert len(ports | sounds) == 4
        theirs.show(on=False)
        ours.show(on=False)
        await caller.sees(lambda view: not view.pictures)
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))


async def test_a_call_reports_what_its_pictures_came_to() -> None:
    async with in_a_call(showing=True, within=WITHIN) as (caller, _ours, callee, _theirs):
        await callee.sees(lambda view: view.shown_by_peer)
        # What a screen was shown is counted a moment later.
        while (received := (await callee.figures()).pictures.received).frames < 30:
            await callee.eye.sees(1)
        sent = (await caller.figures()).pictures.sent
        assert (received.width, received.height) == (160, 90)
        assert 30 <= received.frames <= sent.frames
        assert received.key_frames >= 1
        assert received.bytes > 0
        assert received.glass_to_glass_ms is not None
        assert 0 < received.glass_to_glass_ms < 5000
        assert (await caller.figures()).pictures.received.frames == 0


async def test_what_is_played_goes_to_the_screen_as_well() -> None:
    async with in_a_call(within=WITHIN) as (caller, _ours, _callee, _theirs):
        await caller.ear.hears(HIGH)
        assert caller.eye.blocks > 0


async def test_a_screen_is_closed_with_its_call() -> None:
    async with in_a_call(showing=True, within=WITHIN) as (_caller, ours, callee, theirs):
        await callee.sees(lambda view: view.shown_by_peer)
        eye = callee.eye
        await eye.sees()
        ours.hang_up()
        await theirs.ended.wait()
        assert eye.closed == 1


@pytest.mark.expects_log
async def test_a_screen_that_cannot_be_costs_its_pictures_and_no_call() -> None:
    def none() -> Eye:
        raise PictureError("there is no such screen: choose another")

    async with two(within=WITHIN) as (caller, callee):
        callee.open_eye = none
        caller.phone.dial("callee@site.example", showing=True)
        (await callee.line(State.INCOMING)).answer()
        await callee.line(State.ACTIVE)
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))


@pytest.mark.expects_log
async def test_a_screen_whose_ear_fails_leaves_the_sound_alone() -> None:
    class Deaf(Eye):
        def hear(self, block: Samples, at: float) -> None:
            raise RuntimeError("deaf")

    async with two(within=WITHIN) as (caller, callee):
        callee.open_eye = Deaf
        caller.phone.dial("callee@site.example")
        (await callee.line(State.INCOMING)).answer()
        await callee.line(State.ACTIVE)
        await asyncio.gather(caller.ear.hears(HIGH), callee.ear.hears(LOW))
