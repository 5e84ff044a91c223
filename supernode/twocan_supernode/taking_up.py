"""Has a node take up what changed while it runs: its sites' origins and keys, its certificate.

All of it is in files, which are looked at every second. What ejabberd reads itself is written
anew, and ejabberd told to read it; nobody's session ends by that.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from twocan_supernode import configuration, installation
from twocan_supernode.configuration import Settings
from twocan_supernode.errors import SupernodeError
from twocan_supernode.own_certificate import OwnCertificate
from twocan_supernode.site.settings import FILE, SiteSettings
from twocan_supernode.state import Site, State, write_private

log = logging.getLogger(__name__)

_LOOKS_EVERY = 1.0

_Looks = tuple[tuple[int, int, int] | None, ...]


class Sessions(Protocol):
    """What of ``sessions`` is needed here."""

    async def take_up(self) -> None: ...


def origins(sites: Iterable[Site]) -> list[str]:
    """Of all their pages. Raises SupernodeError when a site's settings cannot be read."""
    return sorted({each for site in sites for each in SiteSettings.load(site.folder).origins})


class TakingUp:
    """What a node with these ``settings`` may have to take up; ``own``: its certificate."""

    def __init__(self, state: State, settings: Settings, own: OwnCertificate | None) -> None:
        self._state = state
        self._settings = settings
        self._own = own
        self._sites = [site for site in state.sites() if site.name in settings.sites]
        self._seen: _Looks | None = None
        self._owed = False

    async def run(self, sessions: Sessions) -> None:
        """For ever."""
        said = ""
        while True:
            try:
                await self.look(sessions)
                said = ""
            except (SupernodeError, OSError) as error:
                if said != (said := str(error)):
                    log.warning(
                        "what changed is not taken up, and what there was goes on: %s", said
                    )
            await asyncio.sleep(_LOOKS_EVERY)

    async def look(self, sessions: Sessions) -> None:
        """Once. What is wrong is not looked at again before it changes once more."""
        before, self._seen = self._seen, tuple(map(_look, self._files()))
        if before != self._seen:
            # The first time it may be what the node started with.
            self._owed = self._write() or before is not None or self._owed
        if self._owed:
            await sessions.take_up()
            self._owed = False

    def _files(self) -> list[Path]:
        of_sites = [file for site in self._sites for file in (site.folder / FILE, site.public_jwk)]
        return [*of_sites, *((self._own.chain, self._own.key) if self._own else ())]

    def _write(self) -> bool:
        """Whether any of what ejabberd reads is another than before."""
        settings = replace(self._settings, origins=origins(self._sites))
        text = configuration.render(settings).encode()
        written = _written(self._state.ejabberd / installation.CONFIGURATION, text)
        if self._own:
            content = self._own.read(settings.sites, datetime.now(UTC))
            written = _written(self._state.certificate, content) or written
        return written


def _look(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _written(file: Path, content: bytes) -> bool:
    if file.read_bytes() == content:
        return False
    write_private(file, content)
    return True
