"""How VP8 is coded for a call, and why so.

What is chosen was measured over a talking head, filmed by a moving camera and by a still one with
some noise: processor time of a picture coded and decoded, and SSIM of what is seen against what was
filmed, from the second second on. The peers' settings ran beside it: aiortc's, and Chromium's
(speed 6, adaptive denoising).

| | coded, ms | decoded, ms | SSIM, moving | SSIM, still |
|---|---|---|---|---|
| 480p, 1.7 Mb/s: speed 8 | 2.5 | 0.8 | 0.947 | 0.951 |
| aiortc's | 3.0 | 0.8 | 0.947 | 0.955 |
| Chromium's | 3.3 | 0.9 | 0.947 | 0.957 |
| speed 8 with denoising | 2.8 | 0.8 | 0.947 | 0.957 |
| this: speed 12 | 1.8 | 0.8 | 0.944 | 0.946 |
| 540p, 1.8 Mb/s: speed 8 | 3.2 | 1.1 | 0.971 | 0.950 |
| Chromium's | 4.7 | 1.2 | 0.963 | 0.955 |
| speed 8 with denoising | 4.1 | 1.2 | 0.963 | 0.955 |
| 720p, 2.5 Mb/s: speed 8 | 5.9 | 1.8 | 0.940 | 0.935 |
| aiortc's | 8.5 | 2.0 | 0.938 | 0.937 |
| Chromium's | 8.2 | 2.0 | 0.939 | 0.943 |
| speed 8 with denoising | 7.3 | 1.9 | 0.938 | 0.942 |
| this: speed 12 | 4.8 | 2.0 | 0.939 | 0.930 |
"""

from dataclasses import dataclass

from twocan.media.pictures.vp8 import libvpx
from twocan.media.pictures.vp8.libvpx import Settings, Vp8Error

CLOCK = 90000
"""Ticks in a second, of the times that an encoder is told."""

_PAUSE = 1.0
"""Seconds without a picture that say nothing of the frame rate: the camera was covered."""

_MOST_KBPS = 1_000_000

_PLENTY = 0.1
"""Bits per pixel with which a cheaper search for motion is made up for."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How an encoder is to spend its bits; it may change from one picture to the next.

    Raises Vp8Error where there are to be no pictures at all.
    """

    width: int
    height: int
    """What is expected. What counts is each picture's own size: see ``Encoder.encode``."""
    bitrate: int
    """In bit/s, on average."""
    rate: float
    """Pictures a second, as expected. What comes is measured."""
    text: bool = False
    """Whether it is a screen: sharp text over frame rate."""
    speed: int | None = None
    """1 to 16: the more, the less it costs and the worse it looks; None: as the size calls for."""

    def __post_init__(self) -> None:
        if not self.rate > 0:
            raise Vp8Error(f"{self.rate} pictures a second cannot be coded: close the encoder")


def settle(settings: Settings, width: int, height: int) -> None:
    """Say what stays as it is while an encoder lives."""
    settings.g_w, settings.g_h = width, height
    settings.g_timebase.num, settings.g_timebase.den = 1, CLOCK
    # A second thread spins while it waits: 1.3 to 2.4 times the processor time where both have a
    # core, ten times where others want it too. A picture is in time without.
    settings.g_threads = 1
    settings.g_lag_in_frames = 0
    # Resilience costs SSIM 0.001, and what it buys, decoding on after a loss, nobody should see:
    # what is lost is sent again, or a key frame is.
    settings.g_error_resilient = 0
    settings.kf_mode = libvpx.KEY_FRAMES_ON_REQUEST
    settings.rc_end_usage = libvpx.CBR
    settings.rc_resize_allowed = 0
    # A picture is left out once the buffer below has run dry; the value itself is not looked at.
    settings.rc_dropframe_thresh = 30
    settings.rc_min_quantizer = 2
    # In milliseconds of the bit rate. No room above the level that is aimed at: what was saved up
    # at 2.5 Mb/s would be spent when 1 is all there is (1.31 in the next half second with 500, 600
    # and 1000, 0.98 with these), and pictures look the same. All of it is there to begin with, so
    # that the first key frame costs no picture.
    settings.rc_buf_initial_sz = settings.rc_buf_optimal_sz = settings.rc_buf_sz = 400
    # With 50 % above, a step down overshoots more; less than all below lets a dry buffer stay dry.
    settings.rc_undershoot_pct, settings.rc_overshoot_pct = 100, 15
    # Golden frames get no bits of their own: 100 % more for them brings SSIM 0.004, and frames of
    # eight times the usual size that hold up the link for 200 ms.


def spend(settings: Settings, coding: Coding) -> None:
    """Say what may change from one picture to the next."""
    # At nothing, libvpx codes nothing and says that all is well.
    settings.rc_target_bitrate = min(max(1, round(coding.bitrate / 1000)), _MOST_KBPS)
    # The coarsest quantizers blur letters: what cannot be sharp in time is left out instead. Text
    # that is scrolled at 300 kb/s has SSIM 0.993 so, not 0.990, with 20 of 150 left out, not 9.
    settings.rc_max_quantizer = 45 if coding.text else 56


def controls(coding: Coding, pixels: int) -> tuple[tuple[int, int], ...]:
    """What else there is to say, each as a control and its value, in this order."""
    return (
        (libvpx.SET_SPEED, -(coding.speed or _speed(coding, pixels))),
        # It helps a noisy picture that does not move, blurs what does, costs 15 to 30 % (see
        # above), and has written past its buffers after a change of size (libvpx to 1.16).
        (libvpx.SET_NOISE_SENSITIVITY, 0),
        # In per cent of a frame: 150 ms of the link at 30 a second. Without a limit a key frame is
        # half as large again, for an SSIM of 0.0003 to 0.0009 when one comes every 2 s.
        (libvpx.SET_LARGEST_KEY_FRAME, max(300, round(15 * coding.rate))),
        # 1 spares the processor what does not move, without a trace to be seen.
        (libvpx.SET_STATIC_THRESHOLD, 100 if coding.text else 1),
        # 2 drops a frame that is far too large, such as a new page, and sends the next one coarser.
        (libvpx.SET_SCREEN_CONTENT, 2 if coding.text else 0),
        # One thread writes a frame, and one reads it.
        (libvpx.SET_TOKEN_PARTITIONS, 0),
    )


class Pace:
    """The times that the rate control is told: the camera's, without their jitter.

    libvpx takes one long interval for a new frame rate and gives the next picture as many bits more
    or less: at 10 ms of jitter, every twentieth frame is 2.5 times the usual size, and 1.2 times
    with this. Chromium says the nominal rate instead, and sends half the bit rate from a camera
    that slows down in the dark.
    """

    def __init__(self, rate: float) -> None:
        self._last: float | None = None
        self._clock = 0
        self.expect(rate)

    def expect(self, rate: float) -> None:
        """Pictures will come so often in a second."""
        self._interval = 1 / rate

    def next(self, at: float) -> tuple[int, int]:
        """When the picture of ``at`` begins, and how long it is shown, in ticks of ``CLOCK``."""
        last, self._last = self._last, at
        if last is not None and 0 < at - last < _PAUSE:
            self._interval += (at - last - self._interval) / 8
        begin, duration = self._clock, max(1, round(self._interval * CLOCK))
        self._clock += duration
        return begin, duration


def _speed(coding: Coding, pixels: int) -> int:
    # 6 to 8 look the same; 9 gives up quarter pixels of motion. The small ones cost so little that
    # 5 is free (SSIM 0.0015), and 720p so much that 12 has to do (0.001, and 0.005 of what stands
    # still), which is a fifth of the processor. Between them bits make up for it where there are
    # some: 480p at speed 12 and 1.5 Mb/s has SSIM 0.938, at speed 8 and 1.1 Mb/s 0.937.
    if pixels <= 352 * 288:
        return 5
    if pixels < 640 * 480:
        return 8
    plenty = coding.bitrate >= _PLENTY * pixels * coding.rate
    return 12 if plenty or pixels >= 1280 * 720 else 8
