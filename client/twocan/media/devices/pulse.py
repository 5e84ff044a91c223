"""Devices behind PulseAudio, or PipeWire in its stead: what most desktops have.

PortAudio reaches such a server through ALSA, as one device called "pulse", and sees nothing of
what is behind it. So the server itself is asked what there is, and told to move our streams.

A stream is opened wherever the server puts it and moved before its first block is let in. The
environment's PULSE_SINK could name the device instead, but the environment is the whole process's,
and changing it while other threads read it can crash them. A move takes less than a millisecond.

After a stream ran dry, ALSA's plugin silently makes another one of it, which is again wherever the
server puts it. So streams are watched, and one that is found astray is moved back.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from twocan.media.devices.choosing import Device, Direction, is_worn, named_apart
from twocan.media.devices.portaudio import Port, PortAudio, Stream
from twocan.media.sound import SoundError

log = logging.getLogger(__name__)

PORTS = ("pulse", "pipewire")
"""What ALSA calls the way to a sound server."""

_APPEARS_SECONDS = 0.3
_NO_DEVICE = "auto_null"
"""The server's own stand-in where it has no device."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The server's number for a stream of ours, and the device that it is to be at."""

    index: int
    device: Device


class Pulse:
    """The devices of a sound server, which may die and come back."""

    restarts = False

    def __init__(self, library: PortAudio) -> None:
        """Raises SoundError where no server answers, or ALSA has no way to it."""
        try:
            import pulsectl
        except (ImportError, OSError) as error:
            raise SoundError(f"cannot ask a sound server: {error}") from error
        self._pulsectl: Any = pulsectl
        self._broken = (pulsectl.PulseError, pulsectl.PulseDisconnected)
        self._ports = [port for port in library.ports() if port.name in PORTS]
        if not self._ports:
            raise SoundError("ALSA has no way to a sound server: install its plugins")
        self._server: Any = None
        self._noted = self._moved = False
        self._places: dict[Stream, _Place] = {}
        """Where each stream of ours is to be."""
        if not self._connect():
            raise SoundError("no sound server answers")

    def changed(self) -> bool:
        if self._server is None:
            return self._connect()
        try:
            # To pulsectl a timeout of 0 is one of for ever.
            self._server.event_listen(timeout=0.0001)
        except self._broken:
            self._disconnect()
            return True
        noted, self._noted = self._noted, False
        if self._moved:
            self._moved = False
            self._lead_back()
        return noted

    def devices(self) -> tuple[Device, ...]:
        try:
            return named_apart(tuple(self._find())) if self._server else ()
        except self._broken:
            self._disconnect()
            return ()

    def open(self, device: Device, stream: Callable[[Port], Stream]) -> Stream:
        try:
            before = self._ours(device.direction)
            opened = stream(self._ports[0])
            index = self._appeared(device.direction, before)
            self._places = {s: place for s, place in self._places.items() if not s.ended}
            if index is not None:
                self._places[opened] = _Place(index, device)
                self.lead(opened, device)
        except self._broken as error:
            self._disconnect()
            raise SoundError("the sound server went away") from error
        return opened

    def lead(self, stream: Stream, device: Device) -> bool:
        place = self._places.get(stream)
        if place is None or self._server is None:
            return False
        try:
            if device.direction is Direction.MICROPHONE:
                there = self._server.get_source_by_name(device.key).index
                self._server.source_output_move(place.index, there)
            else:
                there = self._server.get_sink_by_name(device.key).index
                self._server.sink_input_move(place.index, there)
        except self._broken as error:
            log.info("a stream cannot be led to %s: %s", device.name, error)
            return False
        self._places[stream] = _Place(place.index, device)
        return True

    def _lead_back(self) -> None:
        """Find streams that are others now, and have them where they were to be."""
        with suppress(*self._broken):
            for direction in Direction:
                places = {s: p for s, p in self._places.items() if p.device.direction is direction}
                there = self._ours(direction)
                new = sorted(there - {place.index for place in places.values()})
                gone = [s for s, p in places.items() if p.index not in there and not s.ended]
                for stream, index in zip(gone, new, strict=False):
                    self._places[stream] = _Place(index, places[stream].device)
                    self.lead(stream, places[stream].device)

    def close(self) -> None:
        self._disconnect()

    def _connect(self) -> bool:
        server = self._pulsectl.Pulse("Twocan", connect=False)
        try:
            # With a timeout, pulsectl always waits for the whole of it.
            server.connect()
            server.event_mask_set("sink", "source", "server", "card", "sink_input", "source_output")
            server.event_callback_set(self._note)
        except self._broken:
            server.close()
            return False
        self._server = server
        return True

    def _disconnect(self) -> None:
        if self._server is not None:
            server, self._server = self._server, None
            with suppress(*self._broken):
                server.close()

    def _note(self, event: Any) -> None:
        if event.facility in ("sink_input", "source_output"):
            self._moved = self._moved or event.t == "new"
        else:
            self._noted = True

    def _find(self) -> Iterator[Device]:
        defaults = self._server.server_info()
        for source in self._server.source_list():
            # What a speaker plays can be recorded, but is no microphone.
            if source.proplist.get("device.class") != "monitor":
                default = source.name == defaults.default_source_name
                yield _device(Direction.MICROPHONE, source, default)
        for sink in self._server.sink_list():
            if sink.name != _NO_DEVICE:
                yield _device(Direction.SPEAKER, sink, sink.name == defaults.default_sink_name)

    def _appeared(self, direction: Direction, before: set[int]) -> int | None:
        """The stream of ours that the server did not have before."""
        until = time.monotonic() + _APPEARS_SECONDS
        while not (new := self._ours(direction) - before):
            if time.monotonic() > until:
                log.info("the sound server does not show our stream")
                return None
            time.sleep(0.002)
        return max(new)

    def _ours(self, direction: Direction) -> set[int]:
        streams = (
            self._server.source_output_list()
            if direction is Direction.MICROPHONE
            else self._server.sink_input_list()
        )
        us = str(os.getpid())
        return {s.index for s in streams if s.proplist.get("application.process.id") == us}


def _device(direction: Direction, found: Any, default: bool) -> Device:
    port = found.port_active
    worn = is_worn(
        found.description,
        found.proplist.get("device.form_factor", ""),
        port.name if port else "",
    )
    return Device(direction, found.description, found.name, default, worn)
