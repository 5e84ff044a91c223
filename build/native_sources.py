"""Fetches the sources of the native parts: from where this machine's apt and pip fetch theirs.

No address is written down here: Debian's servers are those of apt's own configuration, asked for
other suites than the machine runs; PyPI or its stand-in is the one that pip is set to. What came is
trusted for its checksum alone, and kept, so that a second build needs no network. A file that
somebody puts into the folder by hand is as good.

Suites move on. So what is looked for in Debian is not the release that the list names, but any that
has the same files: makers' archives stay the same from one of Debian's revisions to the next.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from native_plan import Source

_SUITES = "sid forky trixie"
_LINK = re.compile(r"Found link (\S+?)(?:#\S*)? \(from ")
_PATIENCE_SECONDS = 60


class SourceError(Exception):
    """A source cannot be had; the words say which and what may help."""


def fetched(source: Source, folder: Path) -> list[Path]:
    """The files of `source` in `folder`, verified, in the order of its list.

    Raises:
        SourceError: one cannot be had, or is not what its checksum says.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / name: sha256 for name, sha256 in source.files.items()}
    if not all(file.exists() for file in files):
        with tempfile.TemporaryDirectory(dir=folder, prefix=".coming-") as coming:
            fetch = {"debian": _from_debian, "pypi": _from_pypi}[source.origin]
            fetch(source, Path(coming), folder)
            for name in source.files:
                _verify(Path(coming, name), source.files[name])
                Path(coming, name).replace(folder / name)
    for file, sha256 in files.items():
        _verify(file, sha256)
    return list(files)


def _verify(file: Path, sha256: str) -> None:
    if not file.exists():
        raise SourceError(f"{file.name} did not come with its source package")
    with file.open("rb") as data:
        found = hashlib.file_digest(data, "sha256").hexdigest()
    if found != sha256:
        raise SourceError(
            f"{file.name} has the checksum {found} instead of {sha256}: remove {file} where it is"
            " there; if the new one is wrong too, trust neither"
        )


# --- Debian ----------------------------------------------------------------------------------


def _from_debian(source: Source, coming: Path, folder: Path) -> None:
    with _alone(folder):
        apt, *options = _apt(folder / "apt")
        cache = str(Path(apt).with_name("apt-cache"))
        for lists_are_new in (False, True):
            if lists_are_new:
                _run([apt, *options, "update"], coming)
            listed = _run([cache, *options, "showsrc", "--only-source", source.package], coming)
            version = next(releases_with(source.files, listed.stdout), source.version)
            release = f"{source.package}={version}"
            ended = _run([apt, *options, "source", "--download-only", release], coming)
            # Servers that are about to drop a release may still have the files that count.
            if all((coming / name).exists() for name in source.files):
                return
    why = _last_line(ended).rstrip(".")
    raise SourceError(
        f"Debian ({_SUITES}) does not give {source.package}={source.version}: {why}."
        " If it was replaced by a newer one, put that into build/recipes/sources.toml"
    )


def releases_with(files: Mapping[str, str], listed: str) -> Iterator[str]:
    """Of the versions that `apt-cache showsrc` lists, those that have all of the files."""
    for release in listed.split("\n\n"):
        said = re.search(r"^Version: (\S+)$", release, re.MULTILINE)
        found = re.findall(r"^ ([0-9a-f]{64}) \d+ (\S+)$", release, re.MULTILINE)
        if said and {(sha256, name) for name, sha256 in files.items()} <= set(found):
            yield said[1]


def _apt(state: Path) -> list[str]:
    """apt-get with a list of servers, and with a memory, of its own; apt-cache takes the same."""
    apt = shutil.which("apt-get")
    if not apt:
        raise SourceError("Debian's sources come through apt, which is not here")
    (state / "lists").mkdir(parents=True, exist_ok=True)
    servers = state / "debian.sources"
    servers.write_text("\n".join(_stanzas(apt)))
    settings = {
        "Dir::Etc::sourcelist": servers,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": state / "lists",
        "Dir::Cache": state,
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        # It would download as a user of its own, who may not write here. What came is verified.
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
    }
    options = [f"-o{name}={value}" for name, value in settings.items()]
    return [apt, "--quiet=2", *options]


def _stanzas(apt: str) -> Iterator[str]:
    """For each server that gives this machine Debian itself, what apt's .sources say of one."""
    servers = debian_servers(apt)
    if not servers:
        raise SourceError("apt knows no server of Debian: run 'apt-get update' as root, then again")
    for server in servers:
        yield f"Types: deb-src\nURIs: {server}\nSuites: {_SUITES}\nComponents: main"
        yield "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"


def debian_servers(apt: str, *which: str) -> list[str]:
    """Where this machine has Debian from. ``which``: more that apt's index targets are asked for,
    such as ``Codename: bookworm``."""
    form = ("--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian", *which)
    targets = subprocess.run(
        [apt, "indextargets", *form], check=False, capture_output=True, text=True
    )
    return sorted(set(targets.stdout.split()))


# --- PyPI ------------------------------------------------------------------------------------


def _from_pypi(source: Source, coming: Path, _: Path) -> None:
    # `pip download` would also run the package's own code, to know what it depends on; its list of
    # links is all that is wanted of it.
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    told = _run([*pip, "index", "versions", source.package, "--no-binary=:all:", "-vv"], coming)
    links = {link.rsplit("/", 1)[-1]: link for link in _LINK.findall(told.stdout)}
    for name in source.files:
        if name not in links:
            raise SourceError(f"pip finds no {name} of {source.package}: {_last_line(told)}")
        _download(links[name], coming / name)


def _download(link: str, file: Path) -> None:
    if not link.startswith(("https://", "http://", "file://")):
        raise SourceError(f"pip names {link}, which is no address to download from")
    try:
        with (
            urllib.request.urlopen(link, timeout=_PATIENCE_SECONDS) as answer,  # noqa: S310 # seen above
            file.open("wb") as out,
        ):
            shutil.copyfileobj(answer, out)
    except OSError as error:
        raise SourceError(f"{file.name} could not be downloaded: {error}") from None


# --- both ------------------------------------------------------------------------------------


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        check=False,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )


def _last_line(ended: subprocess.CompletedProcess[str]) -> str:
    return (ended.stdout.strip().splitlines() or ["nothing was said"])[-1]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time: two apts cannot share a memory."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
