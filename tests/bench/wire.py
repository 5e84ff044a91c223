"""A UDP proxy that is a bad network for media, in a process of its own.

``python wire.py IMPAIRMENT`` (JSON) stands between two ends, ``a`` and ``b``. It speaks JSON
lines: says ``{"a": port, "b": port}``, the ports that stand for each end before the other; hears
``{"a": [host, port], "b": [host, port]}``, where the ends are, or ``{"kbps": most}``, what it
carries from now on either way, null being all; and answers every line but the first with what it
has carried since the line before, in octets of UDP payload.

Only media suffer, and wait in queues. STUN and DTLS pass at once and whole (RFC 7983 tells them
apart). RTP is lost and delayed, RTCP delayed only, by dice of its own: no peer's adaptation is to
hang on the luck of one report. Packets of padding alone, with which some probe for bandwidth, have
dice of their own as well, so that the packets with sound meet the same fates in the same order
whoever sends them. Both ways are impaired, each by its own dice.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import cast

from impairment import Bottleneck, Fate, Impairment

Address = tuple[str, int]

_PADDED = 0x20
"""The bit of RFC 3550 §5.1, which stays in the clear. Nobody pads packets with sound."""


class Side(asyncio.DatagramProtocol):
    """The port that one end sends to. It passes on to the far end from the far side's port."""

    def __init__(self, impairment: Impairment, seed: str) -> None:
        self._rtp = impairment.fates(f"{seed} RTP")
        self._padding = impairment.fates(f"{seed} padding")
        self._rtcp = impairment.fates(f"{seed} RTCP")
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.DatagramTransport | None = None
        self.link = Bottleneck()
        self.far: Side | None = None
        self.end: Address | None = None
        self.octets = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    @property
    def port(self) -> int:
        assert self._transport is not None
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    def datagram_received(self, data: bytes, addr: Address) -> None:
        # An end's other sockets are not those that the far side was told of.
        if self.end is None or addr[1] != self.end[1]:
            return
        self.octets += len(data)
        if not _is_media(data):
            self.pass_on(data)
            return
        queued = self.link.carry(len(data), self._loop.time())
        if queued is None:
            return
        if _is_rtcp(data):
            self._suffer(data, queued + next(self._rtcp).delay)
        else:
            self._meet(data, self._padding if data[0] & _PADDED else self._rtp, queued)

    def pass_on(self, data: bytes) -> None:
        if self.far is not None and self.far.end is not None:
            assert self.far._transport is not None
            self.far._transport.sendto(data, self.far.end)

    def _meet(self, data: bytes, fates: Iterator[Fate], queued: float) -> None:
        fate = next(fates)
        if not fate.lost:
            self._suffer(data, queued + fate.delay)

    def _suffer(self, data: bytes, delay: float) -> None:
        if delay:
            self._loop.call_later(delay, self.pass_on, data)
        else:
            self.pass_on(data)


def _is_media(data: bytes) -> bool:
    return len(data) > 1 and 128 <= data[0] <= 191


def _is_rtcp(data: bytes) -> bool:
    return 192 <= data[1] <= 223


async def main(impairment: Impairment, seed: str) -> None:
    """Until standard input ends."""
    loop = asyncio.get_running_loop()
    sides = {}
    for end in "ab":
        _, sides[end] = await loop.create_datagram_endpoint(
            lambda end=end: Side(impairment, f"{seed} {end}"),  # type: ignore[misc]
            local_addr=("0.0.0.0", 0),  # noqa: S104 - the ends choose an address of this machine
        )
    sides["a"].far, sides["b"].far = sides["b"], sides["a"]
    # What ``a`` sends to is what stands for ``b``.
    _tell({"a": sides["b"].port, "b": sides["a"].port})
    while line := await asyncio.to_thread(sys.stdin.readline):
        for what, told in json.loads(line).items():
            if what == "kbps":
                for side in sides.values():
                    side.link.kbps = told
            else:
                sides[what].end = (told[0], told[1])
        _tell({end: side.octets for end, side in sides.items()})
        for side in sides.values():
            side.octets = 0


def _tell(said: dict[str, int]) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Impairment(**json.loads(sys.argv[1])), sys.argv[2]))
