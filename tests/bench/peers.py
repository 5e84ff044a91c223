"""Who is measured, and how one measured call of each goes."""

import json
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import processes
import speech
from impairment import Impairment
from scoring import Take

_HERE = Path(__file__).parent
_AFTER_SECONDS = 1.5
"""What was said last is still to be heard."""
_WITHIN = 20.0

Described = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """What one measured call came to: what was said at end a and heard at end b, and what it
    cost. ``kbps`` is UDP payload from a to b, ``cpu_pct`` of one core, the mean of both ends."""

    take: Take
    cpu_pct: float
    kbps: float


class Pair(Protocol):
    """Both ends of a call, as ``converse`` needs them."""

    def offer(self) -> Described: ...
    def answer(self, offer: Described) -> Described: ...
    def connect(self, answer: Described) -> None: ...
    def say(self) -> None: ...
    def stop(self) -> Take: ...
    def cpu_seconds(self) -> float:
        """So far, the mean of both ends."""


def converse(pair: Pair, impairment: Impairment, seed: str, seconds: float) -> Call:
    """Both ends say ``seconds`` of speech to each other through a network."""
    with Wire(impairment, seed) as wire:
        offer = pair.offer()
        answer = pair.answer({**offer, "address": [offer["address"][0], wire.ports["a"]]})
        wire.ask({"a": offer["address"], "b": answer["address"]})
        pair.connect({**answer, "address": [answer["address"][0], wire.ports["b"]]})
        wire.ask({})
        cpu, began = pair.cpu_seconds(), time.monotonic()
        pair.say()
        time.sleep(seconds + _AFTER_SECONDS)
        cpu, took = pair.cpu_seconds() - cpu, time.monotonic() - began
        octets = wire.ask({})["a"]
        return Call(pair.stop(), 100 * cpu / took, octets * 8 / took / 1000)


class Wire:
    """The network of one call (``wire.py``)."""

    def __init__(self, impairment: Impairment, seed: str) -> None:
        told = json.dumps(asdict(impairment))
        self._process = processes.Talker(_HERE / "wire.py", told, seed)
        self.ports: dict[str, int] = self._process.hear(_WITHIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.end()

    def ask(self, told: dict[str, Any]) -> dict[str, int]:
        """Tell it where ends are; what it carried of each since it was last asked."""
        carried: dict[str, int] = self._process.ask(told, _WITHIN)
        return carried


def hand_shake(caller: processes.Talker, callee: processes.Talker, answer: Described) -> None:
    """Until both are connected, for which either may need the other to go on."""
    caller.tell(["connect", answer])
    callee.tell(["connect", None])
    for end in (caller, callee):
        end.hear(_WITHIN)


class TwoEnds:
    """Two processes that run ``end.py``."""

    def __init__(self, who: str, said: Path, folder: Path) -> None:
        self._said, self._heard = said, folder / "heard-b.wav"
        self._stack = ExitStack()
        self._ends = (
            self._start(who, folder / "heard-a.wav"),
            self._start(who, self._heard),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def offer(self) -> Described:
        described: Described = self._ask(0, "offer")
        return described

    def answer(self, offer: Described) -> Described:
        described: Described = self._ask(1, "answer", offer)
        return described

    def connect(self, answer: Described) -> None:
        hand_shake(*self._ends, answer)

    def say(self) -> None:
        for end in (0, 1):
            self._ask(end, "say")

    def stop(self) -> Take:
        a, b = (self._ask(end, "stop") for end in (0, 1))
        for told in (a, b):
            if told["failure"]:
                raise processes.Failed(told["failure"])
        heard = speech.read(self._heard)
        return Take(speech.read(self._said), a["said_at"], heard, b["heard_at"])

    def cpu_seconds(self) -> float:
        seconds: list[float] = [self._ask(end, "cpu")["seconds"] for end in (0, 1)]
        return sum(seconds) / 2

    def _start(self, who: str, heard: Path) -> processes.Talker:
        end = processes.Talker(_HERE / "end.py", who, str(self._said), str(heard))
        self._stack.callback(end.end)
        return end

    def _ask(self, end: int, *order: Any) -> Any:
        return self._ends[end].ask(list(order), _WITHIN)
