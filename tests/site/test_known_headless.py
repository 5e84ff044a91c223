"""A phone without a window knows who calls by its account as it is then, not as it began."""

import asyncio
import json
import signal
from dataclasses import replace

import pytest

from cans import World
from town import ACCOUNT
from twocan.cards import KIND
from twocan.headless import Headless, Limits
from twocan.jws import new_key, public_half, sign
from twocan.states import State

CALLER, CALLEE = "caller@site.example", "callee@site.example"
SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def test_a_key_that_came_with_a_new_token_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    world, key = World(), new_key()
    caller = world.person(f"{CALLER}/desk")
    said = sign({"typ": KIND}, {"sub": CALLER, "name": "Demo Ann", "exp": 4e9}, key)
    caller.phone._card = lambda: said
    mine = [replace(ACCOUNT, names_key=None)]
    answerer = Headless(
        *(world.exchange.join(f"{CALLEE}/headless"), caller.make_can, Limits(), 1.0),
        who=lambda: mine[-1],
    )
    for _ in range(2):
        caller.phone.dial(CALLEE)
        line = await caller.line(State.RINGING)
        line.hang_up()
        await line.ended.wait()
        mine.append(replace(ACCOUNT, names_key=json.dumps(public_half(key))))

    await answerer.close()
    await world.close()
    for number, handler in before.items():
        asyncio.get_running_loop().remove_signal_handler(number)
        signal.signal(number, handler)
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    rung = [event["peer_name"] for event in events if event["event"] == "incoming"]
    assert rung == [None, "Demo Ann"]
