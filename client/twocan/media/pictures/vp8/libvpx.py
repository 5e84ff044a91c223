"""libvpx as it lies in memory: its structures, its functions, and the library itself.

The one that PyAV brings is 1.16. The structures below and all the numbers have been the same since
1.8 (2019), so any of these may stand in for it: the configuration of an encoder has only grown at
its end, and libvpx fills it in itself.
"""

import ctypes
from collections.abc import Iterator
from ctypes import (
    POINTER,
    Structure,
    byref,
    c_char_p,
    c_int,
    c_int64,
    c_long,
    c_size_t,
    c_uint,
    c_ulong,
    c_void_p,
)
from functools import cache

from twocan.media import libraries

ENCODER_VERSIONS = (39, 37, 36, 32, 30, 25, 24, 23)
"""VPX_ENCODER_ABI_VERSION of 1.16 and 1.17, of 1.15.2, 1.15.0, 1.14, 1.13, 1.12, 1.10 and 1.8."""
DECODER_VERSION = 12
"""VPX_DECODER_ABI_VERSION of all of them."""

OK, ABI_MISMATCH = 0, 3
I420 = 0x102
REALTIME = 1
"""The deadline that means: as fast as VP8E_SET_CPUUSED says."""
FORCE_KEY = 1
FRAME_PACKET = 0
IS_KEY = 1
CBR = 1
KEY_FRAMES_ON_REQUEST = 0

# vp8cx.h and vp8dx.h
SET_SPEED = 13
SET_NOISE_SENSITIVITY = 15
SET_STATIC_THRESHOLD = 17
SET_TOKEN_PARTITIONS = 18
GET_QUANTIZER = 20
SET_LARGEST_KEY_FRAME = 26
SET_SCREEN_CONTENT = 31
GET_CORRUPTED = 257


class Context(Structure):
    """vpx_codec_ctx_t: one encoder or decoder."""

    _fields_ = (
        ("name", c_char_p),
        ("iface", c_void_p),
        ("err", c_int),
        ("err_detail", c_char_p),
        ("init_flags", c_long),
        ("config", c_void_p),
        ("priv", c_void_p),
    )


class Rational(Structure):
    """vpx_rational_t."""

    _fields_ = (("num", c_int), ("den", c_int))


class Buffer(Structure):
    """vpx_fixed_buf_t."""

    _fields_ = (("buf", c_void_p), ("sz", c_size_t))


class Settings(Structure):
    """vpx_codec_enc_cfg_t: how an encoder is to code."""

    _fields_ = (
        ("g_usage", c_uint),
        ("g_threads", c_uint),
        ("g_profile", c_uint),
        ("g_w", c_uint),
        ("g_h", c_uint),
        ("g_bit_depth", c_int),
        ("g_input_bit_depth", c_uint),
        ("g_timebase", Rational),
        ("g_error_resilient", c_uint),
        ("g_pass", c_int),
        ("g_lag_in_frames", c_uint),
        ("rc_dropframe_thresh", c_uint),
        ("rc_resize_allowed", c_uint),
        ("rc_scaled_width", c_uint),
        ("rc_scaled_height", c_uint),
        ("rc_resize_up_thresh", c_uint),
        ("rc_resize_down_thresh", c_uint),
        ("rc_end_usage", c_int),
        ("rc_twopass_stats_in", Buffer),
        ("rc_firstpass_mb_stats_in", Buffer),
        ("rc_target_bitrate", c_uint),
        ("rc_min_quantizer", c_uint),
        ("rc_max_quantizer", c_uint),
        ("rc_undershoot_pct", c_uint),
        ("rc_overshoot_pct", c_uint),
        ("rc_buf_sz", c_uint),
        ("rc_buf_initial_sz", c_uint),
        ("rc_buf_optimal_sz", c_uint),
        ("rc_2pass_vbr_bias_pct", c_uint),
        ("rc_2pass_vbr_minsection_pct", c_uint),
        ("rc_2pass_vbr_maxsection_pct", c_uint),
        ("rc_2pass_vbr_corpus_complexity", c_uint),
        ("kf_mode", c_int),
        ("kf_min_dist", c_uint),
        ("kf_max_dist", c_uint),
        # Layers and VP9's own, as libvpx fills them in; room for what later versions add.
        ("rest", c_uint * 256),
    )


class Image(Structure):
    """vpx_image_t: a picture, wherever its planes are."""

    _fields_ = (
        ("fmt", c_int),
        ("cs", c_int),
        ("range", c_int),
        ("w", c_uint),
        ("h", c_uint),
        ("bit_depth", c_uint),
        ("d_w", c_uint),
        ("d_h", c_uint),
        ("r_w", c_uint),
        ("r_h", c_uint),
        ("x_chroma_shift", c_uint),
        ("y_chroma_shift", c_uint),
        ("planes", c_void_p * 4),
        ("stride", c_int * 4),
        ("bps", c_int),
        ("user_priv", c_void_p),
        ("img_data", c_void_p),
        ("img_data_owner", c_int),
        ("self_allocd", c_int),
        ("fb_priv", c_void_p),
    )


class CodedFrame(Structure):
    """The frame of a vpx_codec_cx_pkt_t."""

    _fields_ = (
        ("buf", c_void_p),
        ("sz", c_size_t),
        ("pts", c_int64),
        ("duration", c_ulong),
        ("flags", c_uint),
    )


class Packet(Structure):
    """The beginning of a vpx_codec_cx_pkt_t: libvpx makes them, we only read."""

    _fields_ = (("kind", c_int), ("frame", CodedFrame))


class DecoderSettings(Structure):
    """vpx_codec_dec_cfg_t."""

    _fields_ = (("threads", c_uint), ("w", c_uint), ("h", c_uint))


_CONTEXT, _ITERATOR = POINTER(Context), POINTER(c_void_p)

# The third argument of a control is variadic, and Apple's arm64 passes those differently: it must
# stay out of argtypes.
_SIGNATURES: libraries.Signatures = {
    "vpx_codec_version_str": (c_char_p, ()),
    "vpx_codec_err_to_string": (c_char_p, (c_int,)),
    "vpx_codec_error_detail": (c_char_p, (_CONTEXT,)),
    "vpx_codec_destroy": (c_int, (_CONTEXT,)),
    "vpx_codec_control_": (c_int, (_CONTEXT, c_int)),
    "vpx_codec_vp8_cx": (c_void_p, ()),
    "vpx_codec_enc_config_default": (c_int, (c_void_p, POINTER(Settings), c_uint)),
    "vpx_codec_enc_init_ver": (c_int, (_CONTEXT, c_void_p, POINTER(Settings), c_long, c_int)),
    "vpx_codec_enc_config_set": (c_int, (_CONTEXT, POINTER(Settings))),
    "vpx_codec_encode": (c_int, (_CONTEXT, POINTER(Image), c_int64, c_ulong, c_long, c_ulong)),
    "vpx_codec_get_cx_data": (POINTER(Packet), (_CONTEXT, _ITERATOR)),
    "vpx_codec_vp8_dx": (c_void_p, ()),
    "vpx_codec_dec_init_ver": (
        c_int,
        (_CONTEXT, c_void_p, POINTER(DecoderSettings), c_long, c_int),
    ),
    "vpx_codec_decode": (c_int, (_CONTEXT, c_char_p, c_uint, c_void_p, c_long)),
    "vpx_codec_get_frame": (POINTER(Image), (_CONTEXT, _ITERATOR)),
}


class Vp8Error(Exception):
    """A picture or a frame that cannot be coded, or no library to do it: one line."""


@cache
def library() -> ctypes.CDLL:
    """libvpx. Python's lock is let go during its calls. Raises Vp8Error where there is none."""
    if found := libraries.opened(candidates(), _SIGNATURES):
        return found
    raise Vp8Error(
        "libvpx was not found: it comes with PyAV's wheels; "
        "with another PyAV, install libvpx 1.8 or newer (Debian: libvpx7)"
    )


def candidates() -> Iterator[str]:
    """Where libvpx may be, the likeliest first."""
    return libraries.candidates("vpx")


def version() -> str:
    """Of libvpx, in its own words. Raises Vp8Error where there is none."""
    said: bytes = library().vpx_codec_version_str()
    return said.decode()


def check(result: int, context: Context | None = None) -> None:
    """Raise Vp8Error with what libvpx says of ``result``, unless all went well."""
    if result == OK:
        return
    if result == ABI_MISMATCH:
        raise Vp8Error(f"libvpx {version()} is not known here: use the one of PyAV's wheels")
    said: bytes = library().vpx_codec_err_to_string(result)
    detail: bytes | None = None
    if context is not None:
        detail = library().vpx_codec_error_detail(byref(context))
    raise Vp8Error(f"libvpx: {said.decode()}" + (f": {detail.decode()}" if detail else ""))
