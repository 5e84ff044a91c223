"""How long it takes until two people hear each other, through a real supernode on loopback."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from slixmpp import ClientXMPP

from proxy import slow_way
from rows import Suite
from running import Supernode
from twocan import account
from twocan.account import Account
from twocan.media import audio
from twocan.media.ends import clocked
from twocan.media.session import CallMedia
from twocan.phone import Line, Phone
from twocan.states import CallView, State
from twocan.xmpp import XmppSignalling, sign_in

RUNS = 10
ROUND_TRIP = 0.1
WITHIN = 20.0


def measure(suite: Suite) -> None:
    """Fill ``suite``."""
    with tempfile.TemporaryDirectory() as folder, Supernode(Path(folder) / "state") as node:
        accounts = [_account(node, f"person-{n}") for n in range(2)]
        file = Path(folder) / "account.json"
        file.write_text(json.dumps(node.mint("person-2")))
        starts = [_start_to_signed_in(file) for _ in range(RUNS)]
        suite.add("loopback", "twocan", "start_to_signed_in_ms", starts, "ms", 700)
        asyncio.run(_loopback(suite, *accounts))
        asyncio.run(_far_supernode(suite, *accounts))


def _account(node: Supernode, person: str) -> Account:
    return account.parse(json.dumps(node.mint(person)), "the account")


def _start_to_signed_in(file: Path) -> float:
    """Milliseconds from the start of the program to its signed-in event."""
    command = [sys.executable, "-m", "twocan", "answer", "--account", str(file)]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        event = json.loads(program.stdout.readline())
        took = (time.perf_counter() - started) * 1000
        assert event["event"] == "signed-in", event
        program.terminate()
    return took


async def _loopback(suite: Suite, caller: Account, callee: Account) -> None:
    await _sign_in(caller)
    suite.add("loopback", "twocan", "sign_in_ms", await _times(_sign_in, caller), "ms", 20)
    suite.add("loopback", "slixmpp", "sign_in_ms", await _times(_stock_sign_in, caller), "ms")
    calls = await _calls(caller, callee, RUNS)
    for metric, budget in (("ringing_ms", 15), ("dtls_ms", 50), ("first_sound_ms", 60)):
        suite.add("loopback", "twocan", metric, [call[metric] for call in calls], "ms", budget)


async def _far_supernode(suite: Suite, caller: Account, callee: Account) -> None:
    """The caller's supernode is 100 ms away, the callee's is near."""
    assert caller.host is not None
    assert caller.port is not None
    async with slow_way(caller.host, caller.port, ROUND_TRIP) as port:
        far = replace(caller, port=port)
        case, trip = "100 ms away", ROUND_TRIP * 1000
        for who, how, budget in (("twocan", _sign_in, 5.5), ("slixmpp", _stock_sign_in, None)):
            trips = [took / trip for took in await _times(how, far)]
            suite.add(case, who, "sign_in_rtt", trips, "round trips", budget)
        calls = await _calls(far, callee, RUNS)
        trips = [call["ringing_ms"] / trip for call in calls]
        suite.add(case, "twocan", "ringing_rtt", trips, "round trips", 1.2)


async def _times(how: Callable[[Account], Any], who: Account) -> list[float]:
    return [await how(who) for _ in range(RUNS)]


async def _sign_in(who: Account) -> float:
    """Milliseconds from the connection to signed in. Certificates are loaded beforehand."""
    signalling = XmppSignalling(who)
    started = time.perf_counter()
    await signalling.enter()
    took = (time.perf_counter() - started) * 1000
    await signalling.close()
    return took


async def _stock_sign_in(who: Account) -> float:
    """The same with slixmpp as it comes."""
    client = ClientXMPP(who.address, who.secret, sasl_mech="PLAIN")
    client.ca_certs = who.ca
    client.enable_plaintext = client.enable_starttls = False
    client.register_plugin("xep_0198")
    client.get_ssl_context()
    client.ca_certs = None
    signed_in: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    client.add_event_handler("session_start", lambda _: signed_in.set_result(None))
    started = time.perf_counter()
    client.connect(who.host, who.port)
    await asyncio.wait_for(signed_in, WITHIN)
    took = (time.perf_counter() - started) * 1000
    await client.disconnect()
    sending = client._run_out_filters
    assert sending is not None
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    return took


async def _calls(caller: Account, callee: Account, runs: int) -> list[dict[str, float]]:
    """Calls between two phones that stay signed in, after one that warms them up."""
    async with _Phone.signed_in(caller) as one, _Phone.signed_in(callee) as other:
        return [await _one_call(one, other) for _ in range(runs + 1)][1:]


async def _one_call(one: "_Phone", other: "_Phone") -> dict[str, float]:
    line = one.phone.dial(other.phone.address)
    rung = await other.until(lambda view: view.state is State.INCOMING)
    ringing = await one.until(lambda view: "ringing" in view.times)
    answering = other.line(rung.sid)
    answering.answer()
    views = [await side.until(lambda view: "first_audio" in view.times) for side in (one, other)]
    line.hang_up()
    await asyncio.gather(line.ended.wait(), answering.ended.wait())
    answered = views[1].times["answered"]
    return {
        "ringing_ms": (ringing.times["ringing"] - ringing.times["started"]) * 1000,
        # Both ends have to be there.
        "dtls_ms": (max(view.times["connected"] for view in views) - answered) * 1000,
        "first_sound_ms": (max(view.times["first_audio"] for view in views) - answered) * 1000,
    }


class _Phone:
    """A signed-in phone with a tone for a microphone, whose calls can be waited for."""

    def __init__(self, signalling: XmppSignalling) -> None:
        self._views: asyncio.Queue[CallView] = asyncio.Queue()
        self.phone = Phone(
            signalling,
            lambda report: CallMedia(report, lambda: clocked(audio.Tone(440), audio.Null())),
            self._views.put_nowait,
        )

    @classmethod
    @asynccontextmanager
    async def signed_in(cls, who: Account) -> AsyncIterator["_Phone"]:
        async with AsyncExitStack() as stack:
            signalling = await sign_in(who)
            stack.push_async_callback(signalling.close)
            side = cls(signalling)
            stack.push_async_callback(side.phone.close)
            yield side

    def line(self, sid: str) -> Line:
        line = self.phone.line(sid)
        assert line is not None
        return line

    async def until(self, wanted: Callable[[CallView], bool]) -> CallView:
        async with asyncio.timeout(WITHIN):
            while True:
                view = await self._views.get()
                if wanted(view):
                    return view
