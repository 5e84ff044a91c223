"""Media that are loaded while it rings: a call rings before, and is the same call after."""

import asyncio
import subprocess
import sys
from collections.abc import Callable

import pytest

from twocan.media.audio import Null, Tone
from twocan.media.ends import clocked
from twocan.media.identity import Identity
from twocan.media.late import LateMedia
from twocan.media.session import CallMedia
from twocan.messages import Content, Transport

Make = Callable[[Identity], CallMedia]

FOUND = Content("audio", "initiator", transport=Transport("u", "p", ()))


class Loading:
    """Loads once it is let to."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.made: list[CallMedia] = []

    async def __call__(self) -> Make:
        await self.may.wait()
        return self._make

    def _make(self, identity: Identity) -> CallMedia:
        media = CallMedia(print, lambda: clocked(Tone(440), Null()), identity=identity)
        self.made.append(media)
        return media


def test_a_call_rings_before_anything_of_its_media_is_loaded() -> None:
    said = (
        "import asyncio, sys\n"
        "from twocan.desk.equipment import Equipment\n"
        "from twocan.desk.settings import Settings\n"
        "heavy = {'numpy', 'aiortc', 'av', 'sounddevice'}\n"
        "async def main():\n"
        "    one = Settings(microphone='silence', speaker='null', ringer='null')\n"
        "    e = Equipment(one, far=print, near=print, changed=print)\n"
        "    media = e.make_media(print)\n"
        "    print(len(media.fingerprints), *heavy & {*sys.modules})\n"
        "    await media.prepare([])\n"
        "    print(*sorted(heavy & {*sys.modules}))\n"
        "    await media.close()\n"
        "    await e.close()\n"
        "asyncio.run(main())"
    )
    ended = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["1", "aiortc av numpy"]
    assert ended.stderr == ""


async def test_what_it_rang_with_is_what_it_describes() -> None:
    loading = Loading()
    media = LateMedia(loading)
    committed = media.fingerprints
    loading.may.set()
    await media.prepare([])
    [content] = await media.offer()
    assert content.transport is not None
    [described] = content.transport.fingerprints
    assert [(described.hash, described.value)] == [(each.hash, each.value) for each in committed]
    assert LateMedia(loading).fingerprints != committed
    await media.close()


async def test_what_is_said_of_it_meanwhile_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    added: list[Content] = []
    pressed: list[str] = []
    monkeypatch.setattr(CallMedia, "add_candidates", lambda _, contents: added.extend(contents))
    monkeypatch.setattr(CallMedia, "press", lambda _, keys: pressed.append(keys))
    loading = Loading()
    media = LateMedia(loading)
    media.add_candidates([FOUND])
    media.press("1a")
    with pytest.raises(ValueError, match="'x' is no key"):
        media.press("x")
    media.drop_pictures()
    assert (media.quiet, media.bundle, await media.figures()) == (0.0, (), None)
    loading.may.set()
    await media.prepare([])
    assert (added, pressed) == ([FOUND], ["1A"])
    media.add_candidates([FOUND])
    media.press("2")
    assert (added, pressed) == ([FOUND, FOUND], ["1A", "2"])
    await media.close()


async def test_a_call_that_ends_before_it_is_loaded_opens_nothing() -> None:
    loading = Loading()
    media = LateMedia(loading)
    preparing = asyncio.create_task(media.prepare([]))
    await asyncio.sleep(0)
    await media.close()
    loading.may.set()
    await preparing
    assert loading.made == []
