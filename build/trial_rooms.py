"""Where a finished file is tried out: as a person who has nothing yet, and whose PATH is empty."""

import asyncio
import json
import os
import shutil
from asyncio.subprocess import Process
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, Signals

from programs import Program, ProgramError

_ENV = "/usr/bin/env"
_ERRORS = "errors.log"
_LOOKS_EVERY = 0.05
_NO_DEVICES = "pcm.none { type hw card 31 }\nctl.none { type hw card 31 }\n"
"""What ALSA has: no sound card, and no way to a sound server. PortAudio needs an entry."""


@dataclass(frozen=True, slots=True)
class Room:
    """A computer, as far as the file can tell.

    ``folder``: all that can be written there, under the same name outside. ``file``: what the
    download is called there. ``lead``: words that lead in. ``user``: the number of who lives
    there; None: it is whoever makes the trial.
    """

    name: str
    folder: Path
    file: Path
    lead: tuple[str | Path, ...] = ()
    user: int | None = None

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def errors(self) -> str:
        """What was said on standard error by what ``run`` ran last."""
        return (self.folder / _ERRORS).read_text(errors="replace")

    def furnish(self) -> None:
        """Make what is there before anything runs: an empty home, a session, an empty PATH."""
        self.folder.mkdir(mode=0o700)
        self._give(self.folder)
        for name in ("home", "session", "path"):
            (self.folder / name).mkdir(mode=0o700)
            self._give(self.folder / name)
        self._write("no_devices.conf", _NO_DEVICES)

    def words(self, *arguments: str | Path, **environment: str) -> list[str | Path]:
        """What starts the file with these arguments, and with nothing in its environment but what
        every session has, and ``environment``."""
        said = {
            "HOME": self.home,
            "PATH": self.folder / "path",
            "XDG_RUNTIME_DIR": self.folder / "session",
            # Nobody's devices are used: they are different everywhere.
            "ALSA_CONFIG_PATH": self.folder / "no_devices.conf",
            "PULSE_SERVER": "unix:/nonexistent",
            # Else Qt starts a bus where it finds none, and the bus never ends.
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            **environment,
        }
        set_up = (f"{name}={value}" for name, value in said.items())
        return [*self.lead, _ENV, "-i", *set_up, self.file, *arguments]

    def take(self, file: Path) -> Path:
        """A copy of the file that can be read there."""
        copy = self.folder / file.name
        shutil.copyfile(file, copy)
        self._give(copy)
        return copy

    def take_account(self, file: Path) -> Path:
        """A copy of an account file, with a copy of the authority that it trusts."""
        account = json.loads(file.read_text())
        account["ca"] = str(self.take(Path(account["ca"])))
        return self._write(file.name, json.dumps(account))

    def what_is_at_home(self) -> set[str]:
        """The path of everything there."""
        return {str(each.relative_to(self.home)) for each in self.home.rglob("*")}

    async def has(self, name: str, within: float) -> None:
        """Until that is at home. Raises ProgramError."""
        try:
            async with asyncio.timeout(within):
                while not self._is_at_home(name):
                    await asyncio.sleep(_LOOKS_EVERY)
        except TimeoutError:
            raise ProgramError(f"{name} was not made in {within:.0f} s") from None

    def _is_at_home(self, name: str) -> bool:
        return os.path.lexists(self.home / name)

    def _write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_text(text)
        self._give(file)
        return file

    def _give(self, path: Path) -> None:
        if self.user is not None:
            os.chown(path, self.user, self.user)


class Tried(Program):
    """The file, as it runs. What it says on standard error goes to a log, to be quoted."""

    def __init__(self, _name: str, process: Process, log: Path | None) -> None:
        super().__init__("it", process, log)

    async def said(self, within: float, code: int = 0) -> str:
        """All that it prints, once it ended of itself, with ``code``.

        Raises:
            ProgramError: it ended otherwise, or not in ``within`` seconds.
        """
        assert self._process.stdout
        try:
            async with asyncio.timeout(within):
                said = (await self._process.stdout.read()).decode(errors="replace")
                ended = await self._process.wait()
        except TimeoutError:
            raise self._error(f"it did not end in {within:.0f} s") from None
        if ended != code:
            raise self._error("\n".join([f"it ended with code {ended}", *said.splitlines()[-10:]]))
        return said

    @property
    def pid(self) -> int:
        """Of whatever it has become."""
        return self._process.pid

    def signal(self, number: Signals) -> None:
        """Send it that, and all that it started."""
        self._signal(number)

    async def quit(self, within: float) -> None:
        """Have it end, as a session does that is over. Raises as ``said`` does."""
        async with asyncio.timeout(within):
            while not self._minds(SIGTERM):
                await asyncio.sleep(_LOOKS_EVERY)
        self.signal(SIGTERM)
        await self.said(within)

    def _minds(self, number: Signals) -> bool:
        """Whether it does not just die of this, which a phone that just begins does."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
        return bool(int(caught.split()[1], 16) & 1 << number - 1)


async def run(
    room: Room, *arguments: str | Path, within: float, code: int = 0, **environment: str
) -> str:
    """What the file prints on standard output that was started so. See ``Tried.said``."""
    words = room.words(*arguments, **environment)
    async with Tried.running(*words, log=room.folder / _ERRORS) as tried:
        return await tried.said(within, code)


def expect(held: object, otherwise: str) -> None:
    """Raises ProgramError, with these words, unless it held."""
    if not held:
        raise ProgramError(otherwise)
