"""Cameras and screens whose pictures are seen here as well."""

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from filmed import PATIENCE, Audience
from twocan.media.pictures.canvas import Canvas
from twocan.media.pictures.picture import Camera, Coded, Picture, PictureError, Seen, Shape
from twocan.media.pictures.teed import FarScreen, OneCamera, TeedCamera

CODED = Coded(b"", 0, key=True)
SMALL, LARGE = Shape(320, 180, 30), Shape(1280, 720, 15)


def grey(level: int = 128) -> Picture:
    half = np.full((24, 32), 128, np.uint8)
    return Picture(np.full((48, 64), level, np.uint8), half, half, 1.0)


class Hand:
    """A camera that sees what a test gives it, and says what was done to it."""

    def __init__(self, name: str, said: list[str], *, text: bool = False) -> None:
        self.name, self.said, self.text = name, said, text
        self.asked: list[Shape] = []
        self.seen: Seen
        self.troubled: Callable[[PictureError | None], None]
        self.breaks = False

    def start(self, seen: Seen, troubled: Callable[[PictureError | None], None]) -> None:
        if self.breaks:
            raise RuntimeError("no memory")
        self.said.append(f"{self.name} films")
        self.seen, self.troubled = seen, troubled

    def ask(self, shape: Shape) -> None:
        self.asked.append(shape)

    def close(self) -> None:
        self.said.append(f"{self.name} is off")

    def join(self, seconds: float) -> None:
        self.said.append(f"{self.name} is let go of")


class Stage:
    """A camera for all, a canvas, and what can be chosen."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.canvas = Canvas()
        self.canvas.want(64, 48)
        self.front, self.back = Hand("front", self.said), Hand("back", self.said)
        self.chosen: Camera | PictureError | None = self.front
        self.one = OneCamera(self.open, self.canvas)

    def open(self) -> Camera | None:
        if isinstance(self.chosen, PictureError):
            raise self.chosen
        return self.chosen

    def look(self) -> tuple[TeedCamera, Audience]:
        """A call that shows."""
        audience = Audience()
        teed = TeedCamera(self.one, None if self.one.films else self.open())
        teed.start(audience.see, audience.hear)
        return teed, audience

    def choose(self, camera: Camera | PictureError | None) -> None:
        self.chosen = camera
        self.one.change()
        self.one.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.one.close()
    assert not any(thread.name == "twocan-camera-change" for thread in threading.enumerate())


# --- a camera for a call -----------------------------------------------------------------------


def test_every_picture_is_for_the_call_and_for_the_canvas(stage: Stage) -> None:
    _, audience = stage.look()
    picture = grey()
    stage.front.seen(picture)
    assert audience.seen == [picture]
    assert stage.canvas.newest() is not None
    assert audience.troubles == []


def test_it_is_asked_what_the_call_asks_and_is_text_if_it_is(stage: Stage) -> None:
    teed, _ = stage.look()
    teed.ask(SMALL)
    assert stage.front.asked == [SMALL]
    assert not teed.text
    stage.front.text = True
    assert teed.text


def test_text_is_known_before_it_films(stage: Stage) -> None:
    stage.front.text = True
    assert TeedCamera(stage.one, stage.front).text


def test_a_closed_one_is_off_and_calls_nobody(stage: Stage) -> None:
    teed, audience = stage.look()
    stage.front.seen(grey())
    teed.close()
    teed.close()
    stage.front.seen(grey())
    stage.front.troubled(PictureError("gone"))
    assert stage.said == ["front films", "front is off"]
    assert len(audience.seen) == 1
    assert audience.troubles == []
    assert stage.canvas.newest() is None


def test_one_that_was_never_started_is_closed_all_the_same(stage: Stage) -> None:
    TeedCamera(stage.one, stage.front).close()
    assert stage.said == ["front is off"]
    assert not stage.one.films


def test_trouble_is_told_and_that_it_is_over(stage: Stage) -> None:
    _, audience = stage.look()
    trouble = PictureError("it was unplugged: plug it in")
    stage.front.troubled(trouble)
    stage.front.seen(grey())
    assert audience.troubles == [trouble, None]


def test_one_that_cannot_be_started_says_so_and_is_closed(stage: Stage) -> None:
    stage.front.breaks = True
    with pytest.raises(RuntimeError, match="no memory"):
        stage.look()
    assert stage.said == ["front is off"]
    assert not stage.one.films


def test_being_told_may_close_it(stage: Stage) -> None:
    teed = TeedCamera(stage.one, stage.front)
    teed.start(lambda _: teed.close(), lambda _: None)
    stage.front.seen(grey())
    assert stage.said == ["front films", "front is off"]
    assert stage.canvas.newest() is None


def test_closing_waits_for_no_camera_that_waits_for_it(stage: Stage) -> None:
    teed, audience = stage.look()
    filming = threading.Event()
    over = threading.Event()

    def film() -> None:
        while not over.is_set():
            stage.front.seen(grey())
            filming.set()

    thread = threading.Thread(target=film)
    thread.start()

    def close() -> None:
        # As cameras do: closing one waits for its thread.
        over.set()
        thread.join(PATIENCE)

    stage.front.close = close  # type: ignore[method-assign]
    assert filming.wait(PATIENCE)
    teed.close()
    assert not thread.is_alive()
    count = len(audience.seen)
    stage.front.seen(grey())
    assert len(audience.seen) == count


# --- more than one looks -----------------------------------------------------------------------


def test_a_call_goes_on_from_a_trial_without_the_light_going_out(stage: Stage) -> None:
    trial, tried = stage.look()
    call, called = stage.look()
    stage.front.seen(grey())
    trial.close()
    stage.front.seen(grey())
    assert (len(tried.seen), len(called.seen)) == (1, 2)
    assert stage.said == ["front films"]
    call.close()
    assert stage.said == ["front films", "front is off"]


def test_one_that_was_opened_for_nothing_is_closed(stage: Stage) -> None:
    stage.look()
    late = TeedCamera(stage.one, stage.back)
    late.start(lambda _: None, lambda _: None)
    assert stage.said == ["front films", "back is off"]


def test_nobody_gets_more_than_was_asked_for(stage: Stage) -> None:
    one, _ = stage.look()
    other, _ = stage.look()
    one.ask(SMALL)
    other.ask(LARGE)
    assert stage.front.asked[-1] == Shape(320, 180, 15)
    one.close()
    assert stage.front.asked[-1] == LARGE


def test_who_comes_later_hears_of_the_trouble_that_there_is(stage: Stage) -> None:
    stage.look()
    trouble = PictureError("busy: close the other program")
    stage.front.troubled(trouble)
    _, audience = stage.look()
    assert audience.troubles == [trouble]


# --- another camera ----------------------------------------------------------------------------


def test_another_one_takes_its_place_under_a_call_that_shows(stage: Stage) -> None:
    teed, audience = stage.look()
    teed.ask(SMALL)
    stage.front.seen(grey())
    stage.choose(stage.back)
    assert stage.said == ["front films", "front is off", "front is let go of", "back films"]
    assert stage.back.asked == [SMALL]
    stage.front.seen(grey(20))
    stage.back.seen(grey(200))
    assert [int(picture.y[0, 0]) for picture in audience.seen] == [128, 200]
    assert audience.troubles == []
    page = stage.canvas.newest()
    assert page is not None
    assert page[0, 0, 0] > 200


def test_the_last_picture_stays_until_the_new_one_sees(stage: Stage) -> None:
    stage.look()
    stage.front.seen(grey())
    stage.choose(stage.back)
    assert stage.canvas.newest() is not None


def test_one_that_cannot_be_is_a_clear_problem_and_leaves_nothing_on(stage: Stage) -> None:
    teed, audience = stage.look()
    stage.front.seen(grey())
    trouble = PictureError("there is no camera 'back': choose another")
    stage.choose(trouble)
    assert audience.troubles == [trouble]
    assert stage.said == ["front films", "front is off", "front is let go of"]
    assert stage.canvas.newest() is None
    # Choosing again is all that there is to do.
    stage.choose(stage.front)
    stage.front.seen(grey())
    assert audience.troubles == [trouble, None]
    assert len(audience.seen) == 2
    teed.close()
    assert stage.said[-1] == "front is off"


def test_no_camera_is_told_as_well(stage: Stage) -> None:
    _, audience = stage.look()
    stage.choose(None)
    assert [str(trouble) for trouble in audience.troubles] == ["there is no camera: choose one"]


@pytest.mark.expects_log
def test_one_that_breaks_at_its_start_is_told_in_a_line(stage: Stage) -> None:
    _, audience = stage.look()
    stage.back.breaks = True
    stage.choose(stage.back)
    [trouble] = audience.troubles
    assert "the camera cannot be used (no memory)" in str(trouble)
    assert stage.said[-1] == "back is off"


def test_the_trouble_of_the_old_one_is_over_with_it(stage: Stage) -> None:
    _, audience = stage.look()
    stage.front.troubled(PictureError("busy"))
    stage.choose(stage.back)
    stage.back.seen(grey())
    assert audience.troubles[-1] is None


def test_while_nobody_looks_nothing_is_opened(stage: Stage) -> None:
    stage.choose(stage.back)
    teed, _ = stage.look()
    teed.close()
    stage.choose(stage.front)
    assert stage.said == ["back films", "back is off"]


def test_a_call_that_ends_while_it_is_opened_leaves_no_light_on(stage: Stage) -> None:
    teed, _ = stage.look()
    opening, ended = threading.Event(), threading.Event()

    def open_slowly() -> Camera:
        opening.set()
        assert ended.wait(PATIENCE)
        return stage.back

    stage.open = open_slowly  # type: ignore[method-assign]
    stage.one = OneCamera(stage.open, stage.canvas)
    teed = TeedCamera(stage.one, stage.front)
    teed.start(lambda _: None, lambda _: None)
    stage.one.change()
    assert opening.wait(PATIENCE)
    teed.close()
    ended.set()
    stage.one.close()
    assert stage.said[-1] == "back is off"
    assert "back films" not in stage.said
    assert not stage.one.films


def test_who_joins_while_it_is_changed_gets_the_new_one(stage: Stage) -> None:
    opening, joined = threading.Event(), threading.Event()

    def open_slowly() -> Camera:
        opening.set()
        assert joined.wait(PATIENCE)
        return stage.back

    stage.one = OneCamera(open_slowly, stage.canvas)
    first = TeedCamera(stage.one, stage.front)
    first.start(lambda _: None, lambda _: None)
    stage.one.change()
    assert opening.wait(PATIENCE)
    audience = Audience()
    first.close()
    TeedCamera(stage.one, None).start(audience.see, audience.hear)
    joined.set()
    stage.one.close()
    stage.back.seen(grey())
    assert len(audience.seen) == 1


def test_who_joins_when_what_was_opened_is_not_wanted_any_more_sees_all_the_same() -> None:
    stage, audience = Stage(), Audience()
    opening, left = threading.Event(), threading.Event()

    def open_slowly() -> Camera:
        opening.set()
        assert left.wait(PATIENCE)
        return stage.back

    def join() -> None:
        stage.said.append("back is off")
        TeedCamera(stage.one, None).start(audience.see, audience.hear)

    stage.one = OneCamera(open_slowly, stage.canvas)
    stage.back.close = join  # type: ignore[method-assign]
    first = TeedCamera(stage.one, stage.front)
    first.start(lambda _: None, lambda _: None)
    stage.one.change()
    assert opening.wait(PATIENCE)
    first.close()
    left.set()
    stage.one.close()
    assert stage.said[-2:] == ["back is off", "back films"]
    stage.back.seen(grey())
    assert len(audience.seen) == 1


# --- the far side ------------------------------------------------------------------------------


class Eye:
    """A screen that remembers."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def hear(self, block: object, at: float) -> None:
        self.said.append(f"heard at {at:g}")

    def show(self, picture: Picture, coded: Coded) -> None:
        self.said.append(f"shown at {picture.at:g}")

    def close(self) -> None:
        self.said.append("closed")


def test_the_far_side_is_shown_to_both() -> None:
    canvas, eye = Canvas(), Eye()
    canvas.want(64, 48)
    screen = FarScreen(eye, canvas)
    screen.hear(np.zeros(480, np.int16), 0.5)
    screen.show(grey(), CODED)
    assert canvas.newest() is not None
    screen.close()
    assert canvas.newest() is None
    assert eye.said == ["heard at 0.5", "shown at 1", "closed"]


def test_a_held_call_that_ends_leaves_the_other_ones_picture() -> None:
    canvas = Canvas()
    canvas.want(64, 48)
    held, active = FarScreen(Eye(), canvas), FarScreen(Eye(), canvas)
    held.show(grey(), CODED)
    active.show(grey(), CODED)
    held.close()
    assert canvas.newest() is not None
