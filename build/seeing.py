"""Are these the pictures that were filmed? Decided by the number that each of the pattern carries.

A recorded call is read back as anybody's player would: decoded by FFmpeg, not by what wrote it.
"""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from hearing import Sound
from twocan.media.pictures.filming import pattern
from twocan.media.pictures.filming.pattern import Mark
from twocan.media.pictures.picture import Picture

SAME_PICTURES = 0.5  # of those that were sent: a busy machine leaves out some


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a film, `at` seconds from its beginning; without a mark it is none of ours."""

    at: float
    width: int
    height: int
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Film:
    """All that is to be seen and heard. The sound goes from second `begins` to `ends`."""

    pictures: list[Shown]
    sound: Sound
    begins: float
    ends: float

    @property
    def marks(self) -> list[Mark]:
        return [picture.mark for picture in self.pictures if picture.mark]

    @property
    def in_order(self) -> bool:
        """Whether no picture comes twice or after one that was filmed later."""
        numbers = [mark.frame for mark in self.marks]
        return numbers == sorted(set(numbers))

    def same(self, sent: int) -> bool:
        """Whether enough of so many pictures are there."""
        return self.in_order and len(self.marks) >= max(1, SAME_PICTURES * sent)


def read_webm(path: Path) -> Film:
    """The film of a call.

    Raises:
        ValueError: there is none, or it cannot be played.
    """
    pictures, sound = [], []
    try:
        with av.open(str(path)) as film:
            for frame in film.decode(video=0, audio=0):
                if isinstance(frame, av.VideoFrame):
                    pictures.append(_shown(frame))
                elif isinstance(frame, av.AudioFrame):
                    sound.append((float(frame.time or 0), frame.to_ndarray().mean(axis=0)))
    except (OSError, IndexError, av.FFmpegError) as fault:
        raise ValueError(f"{path} cannot be played: {fault}") from fault
    samples = np.concatenate([[], *(part for _, part in sound)])
    begins, ends = (sound[0][0], sound[-1][0] + len(sound[-1][1]) / _RATE) if sound else (0.0, 0.0)
    return Film(pictures, Sound(samples, _RATE), begins, ends)


_RATE = 48000  # Hz: at which Opus is decoded


def _shown(frame: av.VideoFrame) -> Shown:
    luma = np.asarray(frame.reformat(format="gray").to_ndarray(), np.uint8)
    mark = pattern.read(Picture(luma, luma, luma, 0.0))
    return Shown(float(frame.time or 0), frame.width, frame.height, mark)
