"""Who is measured, and how one measured call of each goes."""

import json
import time
from collections.abc import Sequence
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


class Meeting(Protocol):
    """Both ends of a call, as ``meet`` needs them."""

    def offer(self) -> Described: ...
    def answer(self, offer: Described) -> Described: ...
    def connect(self, answer: Described) -> None: ...


class Pair(Meeting, Protocol):
    """Both ends of a call, as ``converse`` needs them."""

    def say(self) -> None: ...
    def stop(self) -> Take: ...
    def cpu_seconds(self) -> float:
        """So far, the mean of both ends."""


def converse(pair: Pair, impairment: Impairment, seed: str, seconds: float) -> Call:
    """Both ends say ``seconds`` of speech to each other through a network."""
    with Wire(impairment, seed) as wire:
        meet(pair, wire)
        wire.ask({})
        cpu, began = pair.cpu_seconds(), time.monotonic()
        pair.say()
        time.sleep(seconds + _AFTER_SECONDS)
        cpu, took = pair.cpu_seconds() - cpu, time.monotonic() - began
        octets = wire.ask({})["a"]
        return Call(pair.stop(), 100 * cpu / took, octets * 8 / took / 1000)


def meet(pair: Meeting, wire: "Wire") -> float:
    """Until media can flow through the network. When the call was answered (``time.monotonic``)."""
    offer = pair.offer()
    answered = time.monotonic()
    answer = pair.answer({**offer, "address": [offer["address"][0], wire.ports["a"]]})
    wire.ask({"a": offer["address"], "b": answer["address"]})
    pair.connect({**answer, "address": [answer["address"][0], wire.ports["b"]]})
    return answered


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
        """Tell it where ends are, or how much it may carry (``wire.py``). What it carried of each
        since it was last asked, in octets."""
        carried: dict[str, int] = self._process.ask(told, _WITHIN)
        return carried


def hand_shake(caller: processes.Talker, callee: processes.Talker, answer: Described) -> None:
    """Until both are connected, for which either may need the other to go on."""
    caller.tell(["connect", answer])
    callee.tell(["connect", None])
    for end in (caller, callee):
        end.hear(_WITHIN)


class TwoPrograms:
    """Two processes that ``end.obey``, one for each end."""

    def __init__(self, program: Path, *ends: Sequence[str]) -> None:
        self._ends: list[processes.Talker] = []
        with ExitStack() as starting:
            for arguments in ends:
                self._ends.append(end := processes.Talker(program, *arguments))
                starting.callback(end.end)
            self._stack = starting.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def offer(self) -> Described:
        described: Described = self.ask(0, "offer")
        return described

    def answer(self, offer: Described) -> Described:
        described: Described = self.ask(1, "answer", offer)
        return described

    def connect(self, answer: Described) -> None:
        hand_shake(self._ends[0], self._ends[1], answer)

    def say(self) -> None:
        for end in (0, 1):
            self.ask(end, "say")

    def cpu_seconds(self) -> float:
        seconds: list[float] = [self.ask(end, "cpu")["seconds"] for end in (0, 1)]
        return sum(seconds) / 2

    def ask(self, end: int, *order: Any) -> Any:
        return self._ends[end].ask(list(order), _WITHIN)


class TwoEnds(TwoPrograms):
    """Two that run ``end.py`` with a sound card."""

    def __init__(self, who: str, said: Path, folder: Path) -> None:
        self._said, self._heard = said, folder / "heard-b.wav"
        super().__init__(
            _HERE / "end.py",
            (who, str(said), str(folder / "heard-a.wav")),
            (who, str(said), str(self._heard)),
        )

    def stop(self) -> Take:
        a, b = (self.ask(end, "stop") for end in (0, 1))
        for told in (a, b):
            if told["failure"]:
                raise processes.Failed(told["failure"])
        heard = speech.read(self._heard)
        return Take(speech.read(self._said), a["said_at"], heard, b["heard_at"])
