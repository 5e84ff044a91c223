"""VP8 (RFC 6386) through libvpx itself, the one that PyAV brings.

PyAV's own encoder has to be made anew for every bit rate, which costs a key frame each time. An
encoder or a decoder belongs to one thread at a time; Python's lock is let go while libvpx works.
"""

from ctypes import byref, c_int, c_void_p, string_at
from typing import Any

import numpy as np

from twocan.media.pictures.picture import Coded, Picture, Plane
from twocan.media.pictures.vp8 import libvpx
from twocan.media.pictures.vp8 import settings as vp8_settings
from twocan.media.pictures.vp8.libvpx import Context, Image, Settings, Vp8Error, check, library
from twocan.media.pictures.vp8.settings import CLOCK, Coding, Pace

__all__ = ["LARGEST", "Coding", "Decoder", "Encoder", "Vp8Error", "dimensions", "is_key"]

LARGEST = 4096 * 2304
"""Pixels in the largest picture that is decoded: libvpx holds four such, 60 MB."""


class Encoder:
    """Makes VP8 of pictures. Raises Vp8Error where there is no libvpx."""

    def __init__(self, coding: Coding) -> None:
        self._vpx = library()
        self._coding = coding
        self._pace = Pace(coding.rate)
        self._image = Image(fmt=libvpx.I420, bit_depth=8, x_chroma_shift=1, y_chroma_shift=1)
        self._settings = Settings()
        self._context: Context | None = self._made(coding.width, coding.height)

    def tune(self, coding: Coding) -> None:
        """Code as ``coding`` says from the next picture on. It costs no key frame.

        The size changes with the first picture that has it, so that late ones of the old size do
        not cost a key frame each way.
        """
        context = _open(self._context)
        if coding == self._coding:
            return
        if coding.rate != self._coding.rate:
            self._pace.expect(coding.rate)
        self._coding = coding
        self._apply(context)

    def encode(self, picture: Picture, *, key: bool = False) -> Coded | None:
        """The picture coded, or None where the rate control left it out; a key frame never is.

        One of another size than the picture before is coded in its own, as a key frame. The planes
        are read where they are; only rows that libvpx cannot walk are copied.
        """
        context = _open(self._context)
        if (picture.width, picture.height) != (self._settings.g_w, self._settings.g_h):
            context = self._resize(picture.width, picture.height)
        planes = _walkable(picture)
        self._point_at(picture, planes)
        begin, duration = self._pace.next(picture.at)
        flags = libvpx.FORCE_KEY if key else 0
        check(
            self._vpx.vpx_codec_encode(
                byref(context), byref(self._image), begin, duration, flags, libvpx.REALTIME
            ),
            context,
        )
        return self._coded(context, round(picture.at * CLOCK) & 0xFFFFFFFF)

    def close(self) -> None:
        """Give its memory back; it encodes no more."""
        context, self._context = self._context, None
        if context:
            self._vpx.vpx_codec_destroy(byref(context))

    def __del__(self) -> None:
        if getattr(self, "_context", None):
            self.close()

    def _resize(self, width: int, height: int) -> Context:
        # libvpx could shrink the one that there is, which saves some milliseconds out of hundreds.
        # But what it had saved up for large pictures it then spends on small ones (30 % too much
        # for half a second, just as the link got narrow), and after growing it drops pictures.
        context = self._made(width, height)
        self.close()
        self._context = context
        return context

    def _made(self, width: int, height: int) -> Context:
        vpx, settings, context = self._vpx, Settings(), Context()
        check(vpx.vpx_codec_enc_config_default(vpx.vpx_codec_vp8_cx(), byref(settings), 0))
        vp8_settings.settle(settings, width, height)
        vp8_settings.spend(settings, self._coding)
        for version in libvpx.ENCODER_VERSIONS:
            result = vpx.vpx_codec_enc_init_ver(
                byref(context), vpx.vpx_codec_vp8_cx(), byref(settings), 0, version
            )
            if result != libvpx.ABI_MISMATCH:
                break
        check(result, context)
        self._settings = settings
        self._apply(context)
        return context

    def _apply(self, context: Context) -> None:
        vpx, settings = self._vpx, self._settings
        vp8_settings.spend(settings, self._coding)
        check(vpx.vpx_codec_enc_config_set(byref(context), byref(settings)), context)
        pixels = settings.g_w * settings.g_h
        for control, value in vp8_settings.controls(self._coding, pixels):
            check(vpx.vpx_codec_control_(byref(context), control, c_int(value)), context)

    def _point_at(self, picture: Picture, planes: tuple[Plane, Plane, Plane]) -> None:
        image = self._image
        image.w = image.d_w = picture.width
        image.h = image.d_h = picture.height
        for number, plane in enumerate(planes):
            image.planes[number] = plane.ctypes.data
            image.stride[number] = plane.strides[0]

    def _coded(self, context: Context, timestamp: int) -> Coded | None:
        iterator = c_void_p()
        while packet := self._vpx.vpx_codec_get_cx_data(byref(context), byref(iterator)):
            if packet.contents.kind == libvpx.FRAME_PACKET:
                frame = packet.contents.frame
                data = string_at(frame.buf, frame.sz)
                return Coded(data, timestamp, bool(frame.flags & libvpx.IS_KEY))
        return None


class Decoder:
    """Makes pictures of VP8. Raises Vp8Error where there is no libvpx."""

    def __init__(self) -> None:
        self._vpx = library()
        # After a key frame that failed, libvpx would go on with whatever its memory holds.
        self._whole = False
        self._context: Context | None = None
        # More threads would help only with frames in several partitions, which hardly anybody
        # sends, and cost more processor time in all.
        context, settings = Context(), libvpx.DecoderSettings(1, 0, 0)
        interface = self._vpx.vpx_codec_vp8_dx()
        version = libvpx.DECODER_VERSION
        check(
            self._vpx.vpx_codec_dec_init_ver(
                byref(context), interface, byref(settings), 0, version
            ),
            context,
        )
        self._context = context

    def decode(self, data: bytes, at: float = 0.0) -> Picture | None:
        """The picture of a frame, to be shown ``at``, or None where it shows none.

        Its planes are libvpx's own: good until the next frame is decoded or the decoder closed, and
        not to be written to. Raises Vp8Error for what is damaged, no frame at all, or larger than
        ``LARGEST``, and from then on for everything up to the next key frame.
        """
        context = _open(self._context)
        whole, self._whole = self._whole or is_key(data), False
        _refuse(data)
        if not whole:
            raise Vp8Error("a frame that leans on what was never decoded: ask for a key frame")
        check(self._vpx.vpx_codec_decode(byref(context), data, len(data), None, 0), context)
        self._refuse_damaged(context)
        self._whole = True
        iterator = c_void_p()
        image = self._vpx.vpx_codec_get_frame(byref(context), byref(iterator))
        return self._picture(image.contents, at) if image else None

    def close(self) -> None:
        """Give its memory back; it decodes no more, and the pictures that it made are gone."""
        context, self._context = self._context, None
        if context:
            self._vpx.vpx_codec_destroy(byref(context))

    def __del__(self) -> None:
        if getattr(self, "_context", None):
            self.close()

    def _refuse_damaged(self, context: Context) -> None:
        # A frame whose end is missing is decoded as if zeros followed, and only this tells.
        damaged = c_int()
        check(
            self._vpx.vpx_codec_control_(byref(context), libvpx.GET_CORRUPTED, byref(damaged)),
            context,
        )
        if damaged.value:
            raise Vp8Error("a frame that ends too early: ask for a key frame")

    def _picture(self, image: Image, at: float) -> Picture:
        whole = image.d_w, image.d_h
        half = (image.d_w + 1) // 2, (image.d_h + 1) // 2
        y, u, v = (
            np.asarray(_Memory(self, image.planes[number], size, image.stride[number]))
            for number, size in enumerate((whole, half, half))
        )
        return Picture(y, u, v, at)


class _Memory:
    """A plane within a decoder, and what keeps it from going while somebody looks."""

    def __init__(self, decoder: Decoder, address: int, size: tuple[int, int], stride: int) -> None:
        self._decoder = decoder
        self.__array_interface__: dict[str, Any] = {
            "version": 3,
            "typestr": "|u1",
            "shape": (size[1], size[0]),
            "strides": (stride, 1),
            "data": (address, True),  # not to be written to: later frames are made of it
        }


def is_key(data: bytes) -> bool:
    """Whether a frame stands on its own (RFC 6386 §9.1). An empty one does not."""
    return bool(data) and not data[0] & 1


def dimensions(data: bytes) -> tuple[int, int] | None:
    """Width and height of a key frame; None for any other, and for what is none.

    RFC 6386 §9.1: three bytes of tag, three of start code, then two times 14 bits, each with two
    more of a scaling that nobody uses.
    """
    if len(data) < 10 or not is_key(data) or data[3:6] != b"\x9d\x01\x2a":
        return None
    width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    return width, height


def _walkable(picture: Picture) -> tuple[Plane, Plane, Plane]:
    y, u, v = _rows(picture.y), _rows(picture.u), _rows(picture.v)
    # libvpx knows of one stride for both.
    if u.strides != v.strides:
        u, v = np.array(u, order="C"), np.array(v, order="C")
    return y, u, v


def _rows(plane: Plane) -> Plane:
    return plane if plane.strides[1] == 1 else np.array(plane, order="C")


def _refuse(data: bytes) -> None:
    # libvpx would give a gigabyte to a header of ten bytes that says 16383x16383, and takes
    # nothing at all for the end of the stream.
    if not data:
        raise Vp8Error("a frame of no bytes: drop it")
    if not is_key(data):
        return
    size = dimensions(data)
    if size is None:
        raise Vp8Error("a key frame without its header: ask for another")
    if not 0 < size[0] * size[1] <= LARGEST:
        raise Vp8Error(f"a picture of {size[0]}x{size[1]} is not decoded: send a smaller one")


def _open(context: Context | None) -> Context:
    if context is None:
        raise Vp8Error("it was closed: make another")
    return context
