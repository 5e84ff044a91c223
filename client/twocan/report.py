"""What a finished call reports, and the exit code that it means.

The report's keys are an interface: testers read them. Times are milliseconds from the start of
dialling (or of ringing here), except ``signed_in``, which is from the start of the process.
"""

from dataclasses import asdict
from typing import Any

from twocan import __version__
from twocan.media.figures import Figures
from twocan.media.pictures.figures import NO_PICTURES, PictureStream, SightFigures
from twocan.media.stats import Stream, loss, mos
from twocan.states import CallView, End

PACKET_MS = 20.0

OK = 0
NOT_MADE = 1
USAGE = 2
NOT_SIGNED_IN = 3
MEDIA_FAILED = 4

_OUTCOMES = {
    End.HUNG_UP: "completed",
    End.REPLACED: "completed",
    End.DECLINED: "declined",
    End.DECLINED_ELSEWHERE: "declined",
    End.BUSY: "busy",
    End.CANCELLED: "cancelled",
    End.NO_ANSWER: "unanswered",
    End.ANSWERED_ELSEWHERE: "answered-elsewhere",
    End.UNREACHABLE: "unreachable",
    End.FORBIDDEN: "unreachable",
    End.SIGNED_OUT: "unreachable",
}
"""In a word; every other end is a failure. ``reason`` has the exact one."""

_NO_SOUND = Stream(
    0, 0, lost=0, bitrate_kbps=0.0, concealed_ms=0.0, late=0, repaired=0, stretched_ms=0.0
).as_dict()

_OF_WHAT_IS_SEEN = ("freezes", "freeze_ms", "glass_to_glass_ms", "av_skew_ms", "quality")
"""Figures of pictures that are None of those sent, and where there is nothing to know."""

_MARKS = ("ringing", "answered", "connected", "first_audio", "first_video", "ended")


def call_report(view: CallView, figures: Figures | None, signed_in_ms: float) -> dict[str, Any]:
    """The report of a call that ended. ``figures`` is None where media never flowed."""
    started = view.times.get("started", 0.0)
    times = {mark: round((at - started) * 1000, 1) for mark, at in view.times.items()}
    called = view.peer if view.outgoing else None
    report = no_call_report(_outcome(view), str(view.end) if view.end else None, called)
    report |= {"ended_by": view.ended_by, "peer": view.peer, "verification": view.verification}
    report["times_ms"] |= {"signed_in": round(signed_in_ms, 1)}
    report["times_ms"] |= {mark: times[mark] for mark in _MARKS if mark in times}
    if figures is not None:
        report |= {
            "audio": {"sent": figures.sent.as_dict(), "received": figures.received.as_dict()},
            "video": _video(figures.pictures),
            "mos": opinion(figures),
            "rtt_ms": None if figures.rtt_ms is None else round(figures.rtt_ms, 1),
            "path": asdict(figures.path) if figures.path else None,
            "keys": {"sent": figures.keys_sent, "received": figures.keys_heard},
        }
    return report


def no_call_report(outcome: str, reason: str | None, called: str | None) -> dict[str, Any]:
    """The report where no call came to be: every key is there. ``called`` is who was to be called,
    None for a phone that waited."""
    return {
        "outcome": outcome,
        "reason": reason,
        "ended_by": None,
        "direction": "incoming" if called is None else "outgoing",
        "peer": called,
        "times_ms": dict.fromkeys(("signed_in", *_MARKS)),
        "audio": {"sent": _NO_SOUND, "received": _NO_SOUND},
        "video": _video(NO_PICTURES),
        "mos": None,
        "rtt_ms": None,
        "path": None,
        "keys": {"sent": "", "received": ""},
        "verification": None,
        "version": __version__,
    }


def _video(pictures: SightFigures) -> dict[str, Any]:
    return {"sent": _stream(pictures.sent), "received": _stream(pictures.received)}


def _stream(pictures: PictureStream) -> dict[str, Any]:
    figures = pictures.as_dict()
    return figures | {name: figures.get(name) for name in _OF_WHAT_IS_SEEN}


def exit_code(view: CallView, figures: Figures | None, min_mos: float | None) -> int:
    """What the process says of the call."""
    if _outcome(view) == "failed":
        return MEDIA_FAILED
    if "connected" not in view.times:
        return NOT_MADE
    if figures is None or figures.heard_seconds <= 0:
        return MEDIA_FAILED
    score = opinion(figures)
    return MEDIA_FAILED if min_mos is not None and (score or 0.0) < min_mos else OK


def opinion(figures: Figures | None) -> float | None:
    """The mean opinion score of the sound that was heard (ITU-T G.107), if any was."""
    if figures is None or not figures.received.packets:
        return None
    received = figures.received
    delay = (figures.rtt_ms or 0.0) / 2 + (received.playout_delay_ms or 0.0) + PACKET_MS
    return mos(delay, _missing(figures))


def _missing(figures: Figures) -> float:
    """The fraction of what should have been heard that was not, 0 to 1.

    What was lost and repaired is no loss to the ear.
    """
    received, heard_ms = figures.received, figures.heard_seconds * 1000
    if received.concealed_ms is None or not heard_ms:
        return loss(received.lost or 0, received.packets)
    return received.concealed_ms / (received.concealed_ms + heard_ms)


def _outcome(view: CallView) -> str:
    outcome = _OUTCOMES.get(view.end, "failed") if view.end else "failed"
    if outcome == "completed" and "connected" not in view.times:
        return "cancelled"
    return outcome
