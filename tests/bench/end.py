"""One end of a measured call, in a process of its own, so that its CPU time is its own.

``python end.py WHO SPEECH.wav HEARD.wav`` has a sound card of ours, and ``python end.py devices
'["MICROPHONE", "SPEAKER"]'`` those devices. It reads orders and answers each, both as JSON lines:

``["offer"]``, ``["answer", THEIRS]``  its description: ``{"address": [host, port], …}``
``["connect", THEIRS]``                once media can flow; THEIRS is null where it answered
``["say"]``                            says the speech from now on
``["cpu"]``                            ``{"seconds": …}`` so far, without those of the card
``["stop"]``                           ``{"said_at": …, "heard_at": …, "failure": …}``, once
                                       HEARD.wav is written; ``failure`` is null or a line

An end with devices is not told what to say or when to stop; it ends with its standard input.
In THEIRS, ``address`` is where media are to go; the way there may be another than the far end
described.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import speech
from card import Card

Described = dict[str, Any]
Order = Callable[..., Awaitable[Described | None]]


class Phone(Protocol):
    """One end of one call, over a sound card that was given to it."""

    async def offer(self) -> Described: ...
    async def answer(self, theirs: Described) -> Described: ...
    async def connect(self, theirs: Described | None) -> None:
        """Until media can flow. ``theirs``: the answer; None where this end answered."""

    async def close(self) -> None: ...


# Each end imports only what it needs.


def phone_of(who: str, card: Card) -> Phone:
    if who == "aiortc":
        from stock_phone import StockPhone

        return StockPhone(card)
    from twocan.media.sound import Ends
    from twocan_phone import TwocanPhone

    return TwocanPhone(lambda: Ends(card.microphone, card.speaker))


async def with_card(who: str, said: Path, heard: Path) -> None:
    card = Card()
    try:
        await obey(phone_of(who, card), **card_orders(card, said, heard))
    finally:
        card.close()


def card_orders(card: Card, said: Path, heard: Path) -> dict[str, Order]:
    """What an end with a card of ours is told beyond what every end is."""

    async def say() -> None:
        card.microphone.say(speech.read(said))

    async def cpu() -> Described:
        return {"seconds": time.process_time() - card.cost}

    async def stop() -> Described:
        speech.write(heard, card.speaker.heard)
        return {
            "said_at": card.microphone.said_at,
            "heard_at": card.speaker.heard_at,
            "failure": card.failure,
        }

    return {"say": say, "cpu": cpu, "stop": stop}


async def with_devices(microphone: str, speaker: str) -> None:
    from twocan.media.ends import Chosen
    from twocan_phone import TwocanPhone

    chosen = Chosen(microphone, speaker)
    chosen.warm()
    try:
        await obey(TwocanPhone(chosen.open))
    finally:
        chosen.close()


async def obey(phone: Phone, **more: Order) -> None:
    """Until standard input ends, with a phone that is closed then."""
    orders: dict[str, Order] = {
        "offer": phone.offer,
        "answer": phone.answer,
        "connect": phone.connect,
        **more,
    }
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            order, *arguments = json.loads(line)
            print(json.dumps(await orders[order](*arguments)), flush=True)
    finally:
        await phone.close()


if __name__ == "__main__":
    who, *arguments = sys.argv[1:]
    if who == "devices":
        asyncio.run(with_devices(*json.loads(arguments[0])))
    else:
        asyncio.run(with_card(who, *map(Path, arguments)))
