"""How good pictures look, of late and in all."""

from dataclasses import replace

from twocan.media.pictures.receiving.looks import Counted, Looks

SIZE = (1280, 720)


def counted(seconds: float, *, fps: float = 30, kbps: float = 2000) -> Counted:
    """So much of a call in which all goes well."""
    octets = int(seconds * kbps * 125)
    frames = int(seconds * fps)
    return Counted(octets // 1100, octets, frames=frames, watched=seconds)


def test_before_anything_came_it_looks_bad() -> None:
    assert Looks().lately(Counted(), SIZE, 0.05) == 1.0
    assert Looks().whole(Counted(), SIZE, 0.05) == 1.0


def test_all_going_well_looks_good_and_a_slide_show_does_not() -> None:
    assert Looks().whole(counted(10), SIZE, 0.05) > 4
    assert Looks().whole(counted(10, fps=3, kbps=80), SIZE, 0.05) < 2.5


def test_what_is_past_is_forgotten_of_late_and_not_in_all() -> None:
    looks = Looks()
    frozen = replace(counted(10), freezes=5, frozen=5.0)
    for _ in range(10):
        looks.remember(frozen)
    since = counted(15)
    now = replace(since, freezes=5, frozen=5.0)
    assert looks.lately(now, SIZE, 0.05) > 4
    assert looks.whole(now, SIZE, 0.05) < 3


def test_what_was_lost_and_mended_is_no_loss() -> None:
    lost = replace(counted(10), lost=500)
    mended = replace(lost, repaired=500)
    assert Looks().whole(mended, SIZE, 0.05) > Looks().whole(lost, SIZE, 0.05) + 0.5
