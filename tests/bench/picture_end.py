"""One end of a measured call with pictures, in a process of its own.

``python picture_end.py WHO CLIP.y4m SAID.wav HEARD.wav SEEN`` reads and obeys orders as ``end.py``
does, and answers ``["stop"]`` once HEARD.wav and SEEN (``Notes.write``) are written. What card and
notes cost is not in its CPU time.
"""

import asyncio
import sys
import time
from pathlib import Path

from card import Card
from end import Described, Phone, card_orders, obey
from picture_clip import Clip
from picture_notes import Notes

# Each end imports only what it needs.


def phone_of(who: str, card: Card, clip: Clip, notes: Notes) -> Phone:
    if who == "aiortc":
        from stock_pictures import StockPicturePhone

        return StockPicturePhone(card, clip, notes)
    from reel import NotingScreen, Reel
    from twocan.media.pictures.picture import Sights
    from twocan.media.sound import Ends
    from twocan_phone import TwocanPhone

    sights = Sights(lambda: Reel(clip, notes), lambda: NotingScreen(notes))
    return TwocanPhone(lambda: Ends(card.microphone, card.speaker), sights)


async def main(who: str, clip: Path, said: Path, heard: Path, seen: Path) -> None:
    card, notes = Card(), Notes()
    of_card = card_orders(card, said, heard)

    async def cpu() -> Described:
        return {"seconds": time.process_time() - card.cost - notes.cost}

    async def stop() -> Described | None:
        notes.write(seen)
        return await of_card["stop"]()

    try:
        phone = phone_of(who, card, Clip(clip), notes)
        await obey(phone, **{**of_card, "cpu": cpu, "stop": stop})
    finally:
        card.close()


if __name__ == "__main__":
    who, *paths = sys.argv[1:]
    asyncio.run(main(who, *map(Path, paths)))
