"""Opus (RFC 6716) through libopus itself: the one that PyAV brings, reached by ctypes.

PyAV's own codecs hide what a call needs: in-band redundancy and concealment on receipt, and a bit
rate, an expected loss and silences that can be set from one frame to the next on sending.

All sound is mono at 48 kHz, 16 bit. An encoder or a decoder belongs to one thread at a time.
"""

import ctypes
from collections.abc import Iterator
from ctypes import POINTER, byref, c_char_p, c_int, c_int32, c_void_p
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np

from twocan.media import libraries
from twocan.media.sound import SAMPLE_RATE, Samples

LONGEST = 5760
"""Samples in the longest packet there can be, 120 ms (RFC 6716 §2.1.4)."""

STEP = 120
"""Sound is lost, concealed and recovered in multiples of 2.5 ms."""

_LONGEST_PAYLOAD = 1275 * 3
_FRAMES = {120, 240, 480, 960, 1920, 2880}


class OpusError(Exception):
    """A packet that is not Opus, or a library that cannot be used: one line."""


class Application(IntEnum):
    """What an encoder is for (opus_defines.h)."""

    VOIP = 2048
    AUDIO = 2049
    LOW_DELAY = 2051


class Bandwidth(IntEnum):
    """The highest pitches that are coded (opus_defines.h)."""

    WIDE = 1103
    """To 8 kHz."""
    SUPER_WIDE = 1104
    """To 12 kHz."""
    FULL = 1105
    """To 20 kHz."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How an encoder is to spend its bits; it may change from one frame to the next."""

    bitrate: int
    """In bit/s, on average."""
    fec: bool = False
    """Whether packets carry the frame before them as well, in coarse (RFC 6716 §2.1.7)."""
    expected_loss: int = 0
    """In per cent of packets, 0 to 100: the more, the less a frame leans on the one before."""
    dtx: bool = True
    """Whether silence is left out."""
    complexity: int = 9
    """0 to 10: how much of the processor better sound may cost."""
    bandwidth: Bandwidth = Bandwidth.FULL


class Encoder:
    """Makes packets of sound. Raises OpusError where there is no libopus."""

    def __init__(
        self, coding: Coding, application: Application = Application.VOIP, *, voice: bool = True
    ) -> None:
        self._opus = _library()
        error = c_int()
        self._state = self._opus.opus_encoder_create(SAMPLE_RATE, 1, application, byref(error))
        _check(error.value)
        self._packet = ctypes.create_string_buffer(_LONGEST_PAYLOAD)
        self._coding: Coding | None = None
        if voice:
            self._set(_SIGNAL, _VOICE)
        self.tune(coding)

    def tune(self, coding: Coding) -> None:
        """Code as ``coding`` says from the next frame on."""
        if coding == self._coding:
            return
        # What is refused half way must not pass for what was set before.
        self._coding = None
        self._set(_BITRATE, coding.bitrate)
        self._set(_FEC, int(coding.fec))
        self._set(_EXPECTED_LOSS, coding.expected_loss)
        self._set(_DTX, int(coding.dtx))
        self._set(_COMPLEXITY, coding.complexity)
        self._set(_MAX_BANDWIDTH, coding.bandwidth)
        self._coding = coding

    def encode(self, samples: Samples) -> bytes:
        """The packet of one frame: 2.5, 5, 10, 20, 40 or 60 ms.

        A packet of one or two bytes says silence: it need not be sent (RFC 7587 §3.1.3).
        """
        if samples.size not in _FRAMES:
            raise OpusError(f"{samples.size} samples are no frame: give 10 or 20 ms")
        samples = np.ascontiguousarray(samples, np.int16)
        length = self._opus.opus_encode(
            _open(self._state), samples.ctypes.data, samples.size, self._packet, len(self._packet)
        )
        _check(length)
        return self._packet.raw[:length]

    def close(self) -> None:
        """Give its memory back; it encodes no more."""
        state, self._state = self._state, None
        if state:
            self._opus.opus_encoder_destroy(state)

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self.close()

    def _set(self, request: int, value: int) -> None:
        _check(self._opus.opus_encoder_ctl(_open(self._state), request, c_int32(value)))


class Decoder:
    """Makes sound of packets. Raises OpusError where there is no libopus."""

    def __init__(self) -> None:
        # A sound card waits for what is decoded. Where Python's lock was let go for these 30 µs,
        # getting it back could take as long as another thread wants it.
        self._opus = _library(hold=True)
        error = c_int()
        self._state = self._opus.opus_decoder_create(SAMPLE_RATE, 1, byref(error))
        _check(error.value)
        self._sound = np.zeros(LONGEST, np.int16)
        self._address = self._sound.ctypes.data

    def decode(self, packet: bytes) -> Samples:
        """The sound of a packet, as long as ``duration`` says. Raises OpusError."""
        duration(packet)
        return self._decode(packet, LONGEST, fec=False)

    def conceal(self, count: int) -> Samples:
        """``count`` samples, a multiple of ``STEP``, that sound as if nothing were missing."""
        return self._decode(None, count, fec=False)

    def recover(self, packet: bytes, count: int) -> Samples:
        """The ``count`` samples before ``packet`` from what it carries of them.

        What it does not carry is concealed. Raises OpusError.
        """
        duration(packet)
        return self._decode(packet, count, fec=True)

    def close(self) -> None:
        """Give its memory back; it decodes no more."""
        state, self._state = self._state, None
        if state:
            self._opus.opus_decoder_destroy(state)

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self.close()

    def _decode(self, packet: bytes | None, count: int, *, fec: bool) -> Samples:
        if not 0 < count <= LONGEST or count % STEP:
            raise OpusError(f"{count} samples cannot be decoded: give a multiple of {STEP}")
        length = len(packet) if packet else 0
        state = _open(self._state)
        got = self._opus.opus_decode(state, packet, length, self._address, count, int(fec))
        _check(got)
        return self._sound[:got].copy()


def duration(packet: bytes) -> int:
    """Samples at 48 kHz in a packet. Raises OpusError for what is no packet (RFC 6716 §3.4)."""
    samples = _library(hold=True).opus_packet_get_nb_samples(packet, len(packet), SAMPLE_RATE)
    # No packet is of no frames (§3.2.5); libopus finds out only when it is decoded.
    _check(samples or _INVALID_PACKET)
    return int(samples)


def has_fec(packet: bytes) -> bool:
    """Whether a packet carries the frame before it. Raises OpusError for what is no packet."""
    carried = _library(hold=True).opus_packet_has_lbrr(packet, len(packet))
    _check(carried)
    return bool(carried)


def version() -> str:
    """Of libopus, in its own words. Raises OpusError where there is none."""
    said: bytes = _library().opus_get_version_string()
    return said.decode()


_INVALID_PACKET = -4
_SIGNAL, _VOICE = 4024, 3001
_BITRATE, _MAX_BANDWIDTH, _COMPLEXITY = 4002, 4004, 4010
_FEC, _EXPECTED_LOSS, _DTX = 4012, 4014, 4016

# The third argument of a ctl is variadic, and Apple's arm64 passes those differently: it must
# stay out of argtypes.
_SIGNATURES = {
    "opus_encoder_create": (c_void_p, (c_int32, c_int, c_int, POINTER(c_int))),
    "opus_encoder_ctl": (c_int, (c_void_p, c_int)),
    "opus_encode": (c_int32, (c_void_p, c_void_p, c_int, c_char_p, c_int32)),
    "opus_encoder_destroy": (None, (c_void_p,)),
    "opus_decoder_create": (c_void_p, (c_int32, c_int, POINTER(c_int))),
    "opus_decode": (c_int, (c_void_p, c_char_p, c_int32, c_void_p, c_int, c_int)),
    "opus_decoder_destroy": (None, (c_void_p,)),
    "opus_packet_get_nb_samples": (c_int, (c_char_p, c_int32, c_int32)),
    "opus_packet_has_lbrr": (c_int, (c_char_p, c_int32)),
    "opus_get_version_string": (c_char_p, ()),
    "opus_strerror": (c_char_p, (c_int,)),
}


def _open(state: int | None) -> int:
    # libopus asserts or dies where it is given nothing.
    if not state:
        raise OpusError("it was closed: make another")
    return state


def _check(result: int) -> None:
    if result < 0:
        # Held, since the sound card may wait for what is bad as well.
        said: bytes = _library(hold=True).opus_strerror(result)
        raise OpusError(f"libopus: {said.decode()}")


@cache
def _library(*, hold: bool = False) -> ctypes.CDLL:
    """libopus, with Python's lock let go during its calls, or held."""
    kind = ctypes.PyDLL if hold else ctypes.CDLL
    if library := libraries.opened(candidates(), _SIGNATURES, kind):
        return library
    raise OpusError(
        "libopus was not found: it comes with PyAV's wheels; "
        "with another PyAV, install libopus 1.4 or newer (Debian: libopus0)"
    )


def candidates() -> Iterator[str]:
    """Where libopus may be, the likeliest first."""
    return libraries.candidates("opus")
