"""How fast copies of libopus and libvpx code what a call codes, with a call's own settings.

A library that was made small may have become slow. The phone's own coders run over the speech and
the film of the measured calls; what counts is processor time, so that neighbours on the machine
disturb little, and copies take turns, so that they disturb all of them alike.
"""

import itertools
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from statistics import median
from typing import TypeVar
from unittest.mock import patch

import numpy as np

import picture_clip
from twocan.media import opus
from twocan.media.files import SoundFile
from twocan.media.pictures.picture import Picture
from twocan.media.pictures.vp8 import codec, libvpx
from twocan.media.sound import Samples

PICTURES = 60
"""Of the film: two seconds, with one key frame."""
FRAMES = 220
"""Of speech, of 20 ms each."""

_SPEECH = Path(__file__).parents[2] / "assets" / "speech.wav"
_SIZE = picture_clip.Size(640, 480)
_SOUND = opus.Coding(28_000)
"""What a call codes on a clean network."""
_Of = TypeVar("_Of")
_Made = TypeVar("_Made")

Copy = tuple[Path, Path]
"""A libopus and a libvpx."""


def side_by_side(copies: Mapping[str, Copy], rounds: int = 7) -> dict[str, dict[str, float]]:
    """The medians of what ``measure`` says of each copy; they take turns."""
    said: dict[str, list[dict[str, float]]] = {name: [] for name in copies}
    for _, (name, copy) in itertools.product(range(rounds), copies.items()):
        said[name].append(measure(*copy))
    return {
        name: {metric: median(one[metric] for one in all_of_it) for metric in all_of_it[0]}
        for name, all_of_it in said.items()
    }


def measure(opus_path: Path, vpx_path: Path) -> dict[str, float]:
    """Processor time in µs: of 20 ms of sound, and of a picture of 640x480, coded and decoded."""
    with _opened(opus_path, vpx_path):
        return {**_sound(), **_pictures()}


@contextmanager
def _opened(opus_path: Path, vpx_path: Path) -> Iterator[None]:
    """The phone's coders use these copies, and none besides."""
    with (
        patch.object(opus, "candidates", lambda: iter([str(opus_path)])),
        patch.object(libvpx, "candidates", lambda: iter([str(vpx_path)])),
    ):
        _forget()
        yield
    _forget()


def _forget() -> None:
    opus._library.cache_clear()
    libvpx.library.cache_clear()


def _sound() -> dict[str, float]:
    frames = _speech()
    with closing(opus.Encoder(_SOUND)) as encoder, closing(opus.Decoder()) as decoder:
        packets, coding = _timed(encoder.encode, frames)
        _, decoding = _timed(decoder.decode, packets)
    return {"opus_encode": coding, "opus_decode": decoding}


def _pictures() -> dict[str, float]:
    film = _film()
    coding = codec.Coding(_SIZE.width, _SIZE.height, 1_700_000, picture_clip.RATE)
    with closing(codec.Encoder(coding)) as encoder, closing(codec.Decoder()) as decoder:
        coded, encoding = _timed(encoder.encode, film)
        _, decoding = _timed(decoder.decode, [one.data for one in coded if one])
    return {"vp8_encode": encoding, "vp8_decode": decoding}


def _timed(do: Callable[[_Of], _Made], things: list[_Of]) -> tuple[list[_Made], float]:
    """What became of all, and µs for each."""
    began = time.thread_time_ns()
    made = [do(thing) for thing in things]
    return made, (time.thread_time_ns() - began) / 1000 / len(things)


@cache
def _speech() -> list[Samples]:
    with closing(SoundFile(_SPEECH)) as file:
        return [np.concatenate([file.read(), file.read()]) for _ in range(FRAMES)]


@cache
def _film() -> list[Picture]:
    with tempfile.TemporaryDirectory() as folder:
        picture_clip.make(Path(folder, "film.y4m"), _SIZE)
        clip = picture_clip.Clip(Path(folder, "film.y4m"))
        return [_picture(clip, number) for number in range(PICTURES)]


def _picture(clip: picture_clip.Clip, number: int) -> Picture:
    y, u, v = (np.copy(plane) for plane in clip.planes(number))
    return Picture(y, u, v, number / picture_clip.RATE)
