"""How messages travel: the ``Signalling`` protocol, and an exchange in memory.

A phone knows only this protocol. Behind it is ``xmpp`` in real life; ``Exchange`` serves
tests and the self-test. It carries messages in their XML form, so what passes here passes
on a wire, and it can lose, delay, duplicate and reorder.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from random import Random
from typing import Protocol

from twocan.address import bare
from twocan.initiation import initiation_element, parse_initiation
from twocan.jingle import jingle_element, parse_jingle
from twocan.messages import Fault, Initiation, Jingle, Propose
from twocan.states import Liveness


@dataclass(frozen=True, slots=True)
class IceServer:
    """A STUN or TURN server (XEP-0215). ``kind``: ``stun``, ``turn`` or ``turns``."""

    kind: str
    host: str
    port: int
    transport: str = "udp"
    username: str | None = None
    password: str | None = field(default=None, repr=False)


class Reach(StrEnum):
    """Whether our supernode is there."""

    ONLINE = "online"
    OFFLINE = "offline"
    """Away for now; what is said meanwhile is sent when it is back."""
    SIGNED_OUT = "signed-out"
    """It does not let us in any more."""


class Refusal(Exception):
    """The answer to a request was an error, or none came (``remote-server-timeout``)."""

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition


class Listener(Protocol):
    """Who takes what comes in: a phone."""

    def missed(self, sender: str, message: Propose, age: float) -> None:
        """Somebody called ``age`` seconds ago, and gave up before we were there."""

    def heard(self, sender: str, message: Initiation, age: float) -> None:
        """A message came; it was sent ``age`` seconds ago."""

    def asked(self, sender: str, jingle: Jingle) -> None:
        """A request came. Returning says yes; ``Fault`` says no."""

    def undelivered(self, to: str, sid: str, condition: str) -> None:
        """What we told about the call ``sid`` came back."""

    def reach_changed(self, reach: Reach) -> None:
        """Our supernode went, or came back."""


class Signalling(Protocol):
    """A signed-in account."""

    @property
    def address(self) -> str:
        """Our full address."""

    def attach(self, listener: Listener) -> None:
        """Give everything that comes in to ``listener``."""

    def tell(self, to: str, message: Initiation) -> None:
        """Send a message. If it cannot be delivered, ``Listener.undelivered`` says so."""

    def ask(self, to: str, jingle: Jingle) -> Awaitable[None]:
        """Send a request. Awaiting what is returned waits for the answer, or raises ``Refusal``.

        It is sent before this returns, so that messages leave in the order they were given.
        """

    def engage(self, on: bool) -> None:
        """Have others see that we are in a call, or are in none any more."""

    def catch_up(self, seconds: float | None, peer: str | None = None) -> Awaitable[bool]:
        """Ask the supernode which calls came in the last so many seconds, None for as far back as
        it makes sense: another device of ours may have taken their proposals. ``Listener`` hears
        of each that still rings or was missed, as if it had waited for us. ``peer``: only of calls
        with that bare address; so many messages are told at once that others can fill.

        It is sent before this returns, and nobody has to wait for it. Who does learns whether the
        supernode knew.
        """

    async def ping(self, to: str) -> Liveness:
        """Ask whether a phone lives (XEP-0199)."""

    async def ice_servers(self) -> tuple[IceServer, ...]:
        """The supernode's STUN and TURN servers; empty where it has none."""


@dataclass
class Weather:
    """What an exchange does to a message. Probabilities are 0 to 1, delays in seconds."""

    loss: float = 0.0
    duplicates: float = 0.0
    delay: tuple[float, float] = (0.0, 0.0)
    """Drawn anew for each message: a range wider than their distance reorders them."""


class Exchange:
    """A supernode in memory: routes, forks to every phone of a person, tells the others.

    ``later(seconds, call)`` starts a timer, such as ``loop.call_later``.
    """

    def __init__(
        self,
        later: Callable[[float, Callable[[], None]], object],
        *,
        weather: Weather | None = None,
        random: Random | None = None,
    ) -> None:
        self.weather = weather or Weather()
        self._later = later
        self._random = random or Random(0)  # noqa: S311 - weather, not secrets
        self._phones: dict[str, Extension] = {}

    def join(self, address: str) -> "Extension":
        """Sign a phone in under a full address."""
        phone = Extension(self, address)
        self.admit(phone)
        return phone

    def admit(self, phone: "Extension") -> None:
        """Have this phone reached from now on."""
        self._phones[phone.address] = phone

    def leave(self, address: str) -> None:
        """The phone is gone without a word."""
        del self._phones[address]

    def phones(self, to: str) -> list["Extension"]:
        """The phones that ``to``, a full or bare address, reaches."""
        if "/" in to:
            return [self._phones[to]] if to in self._phones else []
        return [p for address, p in self._phones.items() if bare(address) == to]

    def carry(self, deliver: Callable[[], None]) -> None:
        """Deliver once, not at all or twice, as the weather is."""
        copies = int(self._random.random() >= self.weather.loss)
        copies += int(copies and self._random.random() < self.weather.duplicates)
        for _ in range(copies):
            self._later(self._random.uniform(*self.weather.delay), deliver)


class Extension:
    """One phone's ``Signalling`` on an ``Exchange``."""

    ANSWER_WITHIN = 10.0

    def __init__(self, exchange: Exchange, address: str) -> None:
        self._exchange = exchange
        self._address = address
        self._listener: Listener | None = None
        self.engaged = False
        """Whether it says that it is in a call."""

    @property
    def address(self) -> str:
        return self._address

    def attach(self, listener: Listener) -> None:
        self._listener = listener

    def tell(self, to: str, message: Initiation) -> None:
        wire = parse_initiation(initiation_element(message))
        assert wire == message, (wire, message)
        targets = self._exchange.phones(to)
        if not targets:
            self._exchange.carry(
                lambda: self._hear(
                    lambda listener: listener.undelivered(to, message.sid, "service-unavailable")
                )
            )
        # XEP-0280: what one phone says, the others of its person hear, too.
        own = [p for p in self._exchange.phones(bare(self._address)) if p is not self]
        for phone in dict.fromkeys([*targets, *own]):
            self._exchange.carry(
                partial(phone._hear, lambda listener: listener.heard(self._address, message, 0.0))
            )

    def ask(self, to: str, jingle: Jingle) -> Awaitable[None]:
        wire = parse_jingle(jingle_element(jingle))
        assert wire == jingle, (wire, jingle)
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

        def settle(condition: str | None) -> None:
            if not answer.done():
                answer.set_result(condition)

        def deliver() -> None:
            condition = self._put(to, jingle)
            self._exchange.carry(lambda: settle(condition))

        self._exchange.carry(deliver)
        return self._answered(answer)

    async def _answered(self, answer: "asyncio.Future[str | None]") -> None:
        try:
            async with asyncio.timeout(self.ANSWER_WITHIN):
                condition = await answer
        except TimeoutError:
            condition = "remote-server-timeout"
        if condition is not None:
            raise Refusal(condition)

    def engage(self, on: bool) -> None:
        self.engaged = on

    def catch_up(self, seconds: float | None, peer: str | None = None) -> Awaitable[bool]:
        """An exchange keeps nothing: who is not there misses it."""
        nothing: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        nothing.set_result(False)
        return nothing

    async def ping(self, to: str) -> Liveness:
        return Liveness.ALIVE if self._exchange.phones(to) else Liveness.GONE

    async def ice_servers(self) -> tuple[IceServer, ...]:
        return ()

    def _put(self, to: str, jingle: Jingle) -> str | None:
        phones = self._exchange.phones(to)
        if "/" not in to or not phones or phones[0]._listener is None:
            return "service-unavailable"
        try:
            phones[0]._listener.asked(self._address, jingle)
        except Fault as fault:
            return fault.condition
        return None

    def _hear(self, tell: Callable[[Listener], None]) -> None:
        if self._listener is not None and self._exchange.phones(self._address):
            tell(self._listener)
