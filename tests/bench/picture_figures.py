"""The figures of one call with pictures: what both ends saw and heard, as numbers."""

from statistics import fmean, median

import marks
import picture_scoring
from picture_calls import Case, Course
from picture_clip import Clip
from picture_scoring import Way

Figures = dict[str, float]

_ALIVE_SECONDS = 10.0
"""A call that lasts less is only about its beginning."""


class Unseen(Exception):
    """Nothing of what was filmed was shown: there is nothing to judge."""


def figures(course: Course, ways: list[Way], case: Case, clip: Clip) -> Figures:
    """Of what is counted at both ends the mean. Raises Unseen."""
    if not all(way.shown for way in ways):
        raise Unseen("no picture was seen at one end")
    first = fmean(way.shown[0].at - course.answered_at for way in ways)
    found = {"first_frame_ms": 1000 * first}
    if case.seconds < _ALIVE_SECONDS:
        return found
    each = [_of_way(way, course, case, clip) for way in ways]
    found |= {"cpu_pct": course.cpu_pct, "kbps": course.kbps}
    for metric in each[0] | each[1]:
        found[metric] = fmean(one[metric] for one in each if metric in one)
    return found


def _of_way(way: Way, course: Course, case: Case, clip: Clip) -> Figures:
    """What one end saw and heard of the other, once it was steady or the first step was taken."""
    begins = course.said_at + case.steps[0][0] if case.steps else course.steady_at
    shown = way.between(begins, course.ended_at)
    if not shown:
        raise Unseen("at one end there was no picture any more")
    seconds = course.ended_at - begins
    froze = picture_scoring.freezes(shown)
    late = [delay for at, delay in picture_scoring.delays(way) if at >= begins]
    found = {
        "fps": len(shown) / seconds,
        "width": median(one.width for one in shown),
        "glass_ms": 1000 * median(late),
        "freezes": len(froze) * 60 / seconds,
        "freeze_ms": 1000 * sum(froze),
    }
    if kept := way.showing.kept:
        found["ssim"] = picture_scoring.likeness(clip, kept)
    if skews := picture_scoring.skews(way):
        found["av_skew_ms"] = 1000 * median(map(abs, skews))
    return found | (_of_steps(way, course, case) if case.steps else {})


def _of_steps(way: Way, course: Course, case: Case) -> Figures:
    """Down after the first stretch, and up again after the second."""
    down = course.said_at + case.steps[0][0]
    up = down + case.steps[1][0]
    back = [one.at for one in way.between(up, course.ended_at) if one.width >= case.size.width]
    found = {"back_s": (back[0] if back else course.ended_at) - up}
    if way.take is not None:
        gap = marks.longest_gap(way.take, down, course.ended_at)
        found["sound_gap_ms"] = 1000 * gap
    return found
