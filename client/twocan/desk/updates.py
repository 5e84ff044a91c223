"""New versions of the program: looked for, downloaded and prepared while nobody talks.

Once somebody is signed in, and a minute has passed without a call, the domain of their account is
asked what the newest version is; when next, see ``update_times``. Nothing is said of who asks. A
call that begins stops whatever is being done, in that moment; it goes on after a minute without
one. What fails leaves a word for the settings, and waits.
"""

import asyncio
import platform
import random
import ssl
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from twocan.desk import update_times
from twocan.desk.downloading import Download, UpdateError
from twocan.desk.metered import is_metered
from twocan.desk.preparing import prepare
from twocan.desk.release_asking import document_at, release_in, well_known
from twocan.desk.state import DeskView, Finding, Stage, Standing, Update
from twocan.desk.update_notes import Notebook, Notes
from twocan.desk.work import Aside, Work
from twocan.releases import File, Release, ReleaseError, newer_file, opened, platform_name
from twocan.urls import Url
from twocan.versions import is_newer

_by_chance = random.SystemRandom().random

_PASSING = {
    Finding.SILENT,
    Finding.UNREACHABLE,
    Finding.TOO_SLOW,
    Finding.CUT_SHORT,
    Finding.METERED,
}
"""What may be over in hours; what was downloaded by then is not lost."""


@dataclass(frozen=True, slots=True)
class Program:
    """The one that runs. ``key``: the public half of what its successors are signed with."""

    version: str
    key: bytes
    platform: str = field(
        default_factory=lambda: platform_name(sys.platform, platform.machine()),
    )


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: without a call before anything is done, between two looks at the clock, for an
    answer, for each piece of a file, and for a file to unpack itself."""

    quiet: float = 15.0
    look: float = 600.0
    answer: float = 20.0
    piece: float = 30.0
    unpack: float = 300.0


class Updates:
    """``folder``: for what is downloaded, and nothing else. ``wall``: seconds since 1970.
    ``chance``: from 0 to 1. ``metered`` may wait. ``trust``: see ``asking.ask``."""

    def __init__(
        self,
        program: Program,
        folder: Path,
        *,
        pace: Pace = Pace(),
        wall: Callable[[], float] = time.time,
        chance: Callable[[], float] = _by_chance,
        where: Callable[[str], Url] = well_known,
        metered: Callable[[], bool] = is_metered,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._program, self._notebook = program, Notebook(folder)
        self._pace, self._wall, self._chance = pace, wall, chance
        self._where, self._metered, self._trust = where, metered, trust
        self._show: Callable[[Update], None] = lambda update: None
        self._work, self._aside = Work(), Aside("updates")
        self._opened = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._stopped: asyncio.Task[None] | None = None
        """The one before, which may be on its way out."""
        self._closing = False
        self._domain = ""
        self._on = True
        self._notes = Notes()
        self._release: Release | None = None
        """A newer one that is to be downloaded, and that has a file for us."""
        self._bring_at = 0.0
        """When that is to be tried."""
        self._prepared: str | None = None
        self._stage = Stage.RESTING

    def open(self, show: Callable[[Update], None]) -> None:
        """Read what is known; from now on ``show`` is called with every change."""
        self._show = show
        self._work.begin(self._open())

    def look(self, view: DeskView) -> None:
        """See whether something may be done now."""
        if self._closing:
            return
        if view.account is not None:
            self._domain = view.account.address.rpartition("@")[2]
        was_on, self._on = self._on, view.settings.updates
        if view.calls or not self._on:
            self._stop()
            if was_on and not self._on:
                self._release = None
                self._aside.do(self._notebook.clear)
        elif self._running is None and view.standing is Standing.ONLINE:
            self._running = self._work.begin(self._run())

    async def close(self) -> None:
        """Stop whatever is being done. It goes on with the next start."""
        self._closing = True
        self._stop()
        await self._work.finish()
        self._aside.close()

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._running, self._stopped = None, self._running

    async def _open(self) -> None:
        try:
            notes, document = await self._aside.do(
                lambda: (self._notebook.read(), self._notebook.release())
            )
            self._notes = self._still_true(notes)
            self._release = self._still_wanted(document) if self._on else None
            self._tell()
        finally:
            self._opened.set()

    def _still_true(self, notes: Notes) -> Notes:
        """What was written down by a start before this one, as far as it holds for this version."""
        if notes.version is None or (self._is_news(notes.version) and not notes.was_prepared):
            return notes
        # It is this one that was prepared, or it came to nothing: then it is looked for anew.
        is_newest = notes.was_prepared and not self._is_news(notes.version)
        came = None if notes.was_prepared else notes.came
        return replace(notes, version=None, came=Finding.NEWEST if is_newest else came)

    def _still_wanted(self, document: bytes) -> Release | None:
        try:
            release = opened(document, self._program.key)
        except ReleaseError:
            return None
        return release if self._file_of(release) is not None else None

    # --- While there is no call ---------------------------------------------------------------

    async def _run(self) -> None:
        await self._opened.wait()
        if self._stopped is not None:
            await asyncio.wait({self._stopped})
        await asyncio.sleep(self._pace.quiet)
        while True:
            try:
                await self._next()
            except UpdateError as error:
                await self._failed(error.finding)
            finally:
                self._enter(Stage.RESTING)

    async def _next(self) -> None:
        """Wait for what is to be done next, and do it."""
        if self._notes.due is None:
            await self._note(due=update_times.first(self._wall(), self._chance()))
        if self._release is not None and self._bring_at < self._due():
            await self._until(lambda: self._bring_at)
            await self._bring(self._release)
        else:
            await self._until(self._due)
            await self._ask()

    def _due(self) -> float:
        assert self._notes.due is not None
        return update_times.heeded(self._notes.due, self._wall())

    async def _until(self, due: Callable[[], float]) -> None:
        # A clock may be set, and a computer may sleep.
        while (left := due() - self._wall()) > 0:
            await self._note(due=self._due())
            await asyncio.sleep(min(left, self._pace.look))

    async def _ask(self) -> None:
        self._enter(Stage.ASKING)
        # First of all: whatever happens now, it is not asked again at once.
        now = self._wall()
        later = update_times.after(now, self._chance(), answered=False)
        await self._note(due=later, asked=now)
        document = await self._document()
        later = update_times.after(self._wall(), self._chance(), answered=True)
        await self._note(due=later)
        release = release_in(document, self._program.key)
        if not self._is_news(release.version):
            self._release = None
            await self._aside.do(self._notebook.clear)
            came = Finding.READY if self._prepared else Finding.NEWEST
            await self._note(came=came, version=self._prepared)
            return
        await self._note(came=None, version=release.version)
        if document is None or self._file_of(release) is None:
            raise UpdateError(Finding.NONE_FOR_US)
        await self._aside.do(lambda: self._notebook.keep_release(document))
        self._release, self._bring_at = release, 0.0

    async def _document(self) -> bytes | None:
        try:
            where = self._where(self._domain)
        except ValueError:
            raise UpdateError(Finding.UNREACHABLE) from None
        return await document_at(where, within=self._pace.answer, trust=self._trust)

    async def _bring(self, release: Release) -> None:
        """Download it, and have it prepared."""
        file = self._file_of(release)
        assert file is not None
        if await self._aside.do(self._metered):
            raise UpdateError(Finding.METERED)
        self._enter(Stage.FETCHING)
        program = self._notebook.folder / _file_name(release.version, file)
        await self._aside.do(lambda: self._make_room(program))
        await Download(
            file,
            program,
            self._aside,
            answer_within=self._pace.answer,
            piece_within=self._pace.piece,
            trust=self._trust,
        ).finish()
        self._enter(Stage.PREPARING)
        await prepare(program, within=self._pace.unpack)
        self._prepared, self._release = release.version, None
        await self._aside.do(self._notebook.clear)
        await self._note(came=Finding.READY, version=release.version)

    def _make_room(self, program: Path) -> None:
        try:
            self._notebook.make()
        except OSError:
            raise UpdateError(Finding.NOT_WRITTEN) from None
        self._notebook.clear(but=program)

    async def _failed(self, finding: Finding) -> None:
        if finding in _PASSING:
            self._bring_at = update_times.after(self._wall(), self._chance(), answered=False)
        elif finding is not Finding.NO_RELEASES:
            self._release = None
            await self._aside.do(self._notebook.clear)
        await self._note(came=finding)

    # --- What is known ------------------------------------------------------------------------

    def _is_news(self, version: str) -> bool:
        return is_newer(version, self._prepared or self._program.version)

    def _file_of(self, release: Release) -> File | None:
        return newer_file(release, self._program.version, self._program.platform)

    async def _note(self, **changes: float | str | Finding | None) -> None:
        notes = replace(self._notes, **changes)  # type: ignore[arg-type]
        if notes != self._notes:
            self._notes = notes
            await self._aside.do(lambda: self._notebook.write(notes))
            self._tell()

    def _enter(self, stage: Stage) -> None:
        self._stage = stage
        self._tell()

    def _tell(self) -> None:
        notes, ready = self._notes, self._prepared is not None
        stage = Stage.READY if ready else self._stage
        self._show(Update(self._prepared or notes.version, stage, notes.asked, notes.came))


def _file_name(version: str, file: File) -> str:
    # Windows starts what is called so, and nothing else.
    end = ".exe" if sys.platform == "win32" else ""
    return f"twocan-{version}-{file.sha256[:16]}{end}"
