"""Where ejabberd is, and how it is started from there without being installed."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from twocan_supernode.errors import SupernodeError

VARIABLE = "TWOCAN_EJABBERD"

# Where things are in the folder that a node lives in.
CONFIGURATION = "ejabberd.yml"
RESOLVER = "inetrc"
DATABASE = "db"
LOG = "log/ejabberd.log"
API = "api.sock"  # its commands, for who may enter the folder
MESSAGES = "messages"  # where it hands out what people send (tap)


@dataclass(frozen=True, slots=True)
class Installation:
    """A tree of unpacked packages, or the system's own (``/``)."""

    root: Path
    erlang_runtime: Path  # erts: the folder of the virtual machine's programs
    libraries: Path  # the folder that holds ejabberd and the Erlang libraries packaged beside it

    def command(self, folder: Path, clustered: Sequence[str] = ()) -> list[str]:
        """A node that lives in ``folder``, as the one process that this command becomes.

        Without ``-name``, which is among what makes it ``clustered``, it is no part of any Erlang
        network, and is always called nonode@nohost, which its database remembers and insists on.
        """
        database = str(folder / DATABASE).replace("\\", "\\\\").replace('"', '\\"')
        return [
            *(str(self.erlang_runtime / "bin/erlexec"), "-noinput"),
            *("-boot", str(self._erlang / "bin/start_clean")),
            *("+P", "250000"),
            *("+sbwt", "none"),  # idle schedulers sleep at once instead of spinning
            *("-os_mon", "start_cpu_sup", "false", "-os_mon", "start_disksup", "false"),
            *("-mnesia", "dir", f'"{database}"'),
            *clustered,
            *("-s", "ejabberd"),
        ]

    def environment(self, folder: Path) -> dict[str, str]:
        """The whole environment of a node that lives in ``folder``."""
        return {
            "ROOTDIR": str(self._erlang),
            "BINDIR": str(self.erlang_runtime / "bin"),
            "EMU": "beam",
            "PROGNAME": "erl",
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "ERL_LIBS": str(self.libraries),
            "ERL_INETRC": str(folder / RESOLVER),
            "ERL_CRASH_DUMP_BYTES": "0",  # a dump would hold every secret that was in memory
            "EJABBERD_CONFIG_PATH": str(folder / CONFIGURATION),
            "EJABBERD_LOG_PATH": str(folder / LOG),
            **self._own_shared_libraries(),
        }

    @property
    def _erlang(self) -> Path:
        return self.erlang_runtime.parent

    def _own_shared_libraries(self) -> dict[str, str]:
        if self.root == Path("/"):
            return {}
        folders = [self.libraries, self.root / "lib" / self.libraries.name]
        return {"LD_LIBRARY_PATH": ":".join(map(str, folders))}


def find(chosen: Path | None, environ: Mapping[str, str] = os.environ) -> Installation:
    """ejabberd in the chosen folder (by option or TWOCAN_EJABBERD), else ours, else the system's.

    Raises SupernodeError when there is none.
    """
    if not chosen and environ.get(VARIABLE):
        chosen = Path(environ[VARIABLE])
    places = [chosen] if chosen else [Path(sys.prefix) / "opt/ejabberd", Path("/")]
    for place in places:
        if installation := _inside(place.absolute()):
            return installation
    raise SupernodeError(
        f"there is no ejabberd with mod_isolation and mod_logxml in "
        f"{' or '.join(map(str, places))}: unpack one with `make ejabberd`, or install the "
        "packages ejabberd, ejabberd-mod-isolation and ejabberd-mod-logxml"
    )


def _inside(root: Path) -> Installation | None:
    runtimes = sorted(root.glob("usr/lib/erlang/erts-*/bin/erlexec"))
    isolations = sorted(root.glob("usr/lib/*/ejabberd-*/ebin/mod_isolation.beam"))
    if not runtimes or not isolations or not isolations[-1].with_name("mod_logxml.beam").exists():
        return None
    return Installation(root, runtimes[-1].parents[1], isolations[-1].parents[2])
