"""Asks a server as fast as it answers, by wrk: every body once, on connections that are kept.

What is asked goes through a file for the owner's eyes only, since it holds keys and codes. wrk
replaces an answer that took longer than most by several, for those that would have been asked
meanwhile: its percentiles are of what people wait, and never too low.
"""

import math
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import processes

CONNECTIONS = 32
_SCRIPT = Path(__file__).parent / "wrk.lua"
# For what was asked last. wrk itself lasts whole seconds.
_DRAINS_SECONDS = 0.5
_ENDS_WITHIN = 30
_WORDS_KEPT = 300


@dataclass(frozen=True, slots=True)
class Load:
    """What one run came to. ``seconds``: from the first request to the last answer; ``late``: what
    was not answered when wrk stopped waiting, and is in no other figure."""

    answered: int
    late: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds


def is_there() -> bool:
    return shutil.which("wrk") is not None


def load(url: str, headers: Sequence[str], bodies: Iterable[str], seconds: float) -> Load:
    """Post the bodies to ``url``, with one of the headers each, for so long or until there is none
    left. Raises Failed where anything but success was answered."""
    lasts = math.ceil(seconds + _DRAINS_SECONDS)
    with tempfile.NamedTemporaryFile("w", prefix="twocan-wrk-") as file:
        file.writelines(f"{line}\n" for line in (*headers, "", *bodies))
        file.flush()
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{lasts}s", "--timeout=10s"]
        done = subprocess.run(
            ["wrk", *options, "-s", _SCRIPT, url, "--", file.name, str(seconds)],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=lasts + _ENDS_WITHIN,
            preexec_fn=processes.end_with_parent(),
        )
    if done.returncode:
        raise processes.Failed(f"wrk failed: {(done.stderr or done.stdout).strip()}")
    return understood(done.stdout)


def understood(said: str) -> Load:
    """What ``wrk.lua`` says at the end of what wrk says. Raises Failed where a request was."""
    lines = [line.split(" ", 2) for line in said.splitlines() if line.startswith("figure ")]
    found = {name: float(value) for _, name, value in lines}
    if not found:
        raise processes.Failed(f"wrk did not say what it found: {said.strip()[-_WORDS_KEPT:]}")
    if found["wrong"]:
        _, _, words = said.rpartition("\nwords ")
        of = f"{found['wrong']:.0f} of {found['answered']:.0f} requests were refused"
        raise processes.Failed(f"{of}, the first with {words.strip()[:_WORDS_KEPT]}")
    if found["lost"] or not found["answered"]:
        raise processes.Failed(
            f"{found['lost']:.0f} requests had no answer, {found['answered']:.0f} had one"
        )
    times = (found[name] for name in ("seconds", "p50_ms", "p99_ms"))
    return Load(int(found["answered"]), int(found["late"]), *times)
