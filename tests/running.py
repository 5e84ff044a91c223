"""A real supernode for tests: the command itself, with its state in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from twocan_supernode.mint import account_file
from twocan_supernode.state import State

SUPERNODE = [sys.executable, "-m", "twocan_supernode"]
_ENDS_WITHIN = 30.0


class Supernode:
    """A node that can be started, asked for accounts, stopped and crashed, again and again.

    As a context it is started at once, and gone at the end.
    """

    def __init__(self, state: Path, sites: Sequence[str] = (), options: Sequence[str] = ()) -> None:
        self.state = state
        self.ready: dict[str, Any] = {}
        named = [word for site in sites for word in ("--site", site)]
        self._command = [*SUPERNODE, "run", "--state", str(state), *named, *options]
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def host(self) -> str:
        host: str = self.ready["host"]
        return host

    @property
    def ports(self) -> dict[str, int]:
        """``xmpps``, ``xmpp``, ``https``, ``stun`` and ``ws``."""
        ports: dict[str, int] = self.ready["ports"]
        return ports

    @property
    def site(self) -> str:
        """The first of its sites."""
        site: str = self.ready["sites"][0]
        return site

    @property
    def ca(self) -> Path:
        return Path(self.ready["ca"])

    def start(self) -> None:
        """Returns once it serves; RuntimeError with what it said if it never does."""
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """As ``start``, of a process that was started."""
        assert self._process
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            _, said = self.wait()
            raise RuntimeError(f"the supernode did not start: {said}")
        self.ready = json.loads(line)

    def mint(
        self, person: str, site: str | None = None, valid: timedelta = timedelta(hours=1)
    ) -> dict[str, Any]:
        """A new account file for a person of a site (the first one), as the dictionary it holds."""
        return account_file(State(self.state), site or self.site, person, valid)

    def stop(self) -> tuple[int, str]:
        """Asks it to stop, and waits as ``wait`` does."""
        if self._process:
            self._process.terminate()
        return self.wait()

    def wait(self) -> tuple[int, str]:
        """Its exit code, and what it said on standard error; (0, "") if it does not run."""
        if not self._process:
            return 0, ""
        process, self._process = self._process, None
        try:
            _, said = process.communicate(timeout=_ENDS_WITHIN)
        finally:
            process.kill()
            process.wait()
        return process.returncode, said

    def crash(self) -> None:
        """Kills the launcher and its ejabberd outright, so that nothing says goodbye to anyone."""
        ejabberd = self.ejabberd()
        self.orphan()
        os.kill(ejabberd, signal.SIGKILL)

    def orphan(self) -> None:
        """Kills the launcher outright; its ejabberd is left to notice."""
        assert self._process
        self._process.kill()
        self.wait()

    def ejabberd(self) -> int:
        """The process ID of its ejabberd."""
        assert self._process
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return int(children.read_text())
