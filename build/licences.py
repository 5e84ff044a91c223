"""Gathers the licences of all that is inside a frozen program into one text, assets/licenses.txt.

For who freezes:

    parts = collect(files, natives)   # of every file inside, and of the stub's static libraries
    write(parts, file)

``files`` are the paths that they were taken from: modules, libraries, data. Not those that the
build made itself out of others (archives, stripped copies). ``natives`` gives, for each native part
that was built from source and is used, the folder of what was made
(``Built.prefixes[name].parent``).

What no package says of itself is in build/licences/parts.toml. A part without a text, a library
that came with a package unsaid, and a file that is nobody's fail the build.
"""

import re
import sys
import sysconfig
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import native_plan
from origins import ROOT, Kind, Origin, Origins, spelled, version_of
from twocan.licences import UNKNOWN, expression

TEXTS = Path(__file__).parent / "licences"
ALWAYS = ("pyinstaller",)
"""Its start program is inside, and is none of the files that it was asked to freeze."""

_WHAT_TO_DO = "Put what is missing into build/licences, and say so in parts.toml there"
_A_TEXT = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
_NO_TEXT = {".py", ".pyc"}
_A_LIBRARY = re.compile(r"\.(so|dll|dylib)(\.|$)")
_COMMON = Path("/usr/share/common-licenses")
_CITED = re.compile(r"/usr/share/common-licenses/([\w.+-]*\w)")
_HOMES = ("homepage", "home", "source", "source code", "repository")
_WIDTH = 100


class LicenceError(Exception):
    """Something inside may not be given away like this: a line for each, and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """Something inside that others made. ``licence``: as SPDX writes it, where that is known."""

    name: str
    version: str
    licence: str
    home: str
    texts: tuple[str, ...]


def collect(
    files: Iterable[Path], natives: Mapping[str, Path], origins: Origins | None = None
) -> list[Part]:
    """What is inside, ourselves first. Raises ``LicenceError``, which says all that is wrong."""
    origins = origins or Origins(natives)
    table = tomllib.loads((TEXTS / "parts.toml").read_text("utf-8"))
    found, nobodys = origins.of(files)
    wrong = [
        f"{file} is nobody's: it is in no package of Python or of the system" for file in nobodys
    ]
    for name in ALWAYS:
        found.setdefault(Origin(Kind.PACKAGE, name), set())
    packages = {each.name: paths for each, paths in found.items() if each.kind is Kind.PACKAGE}
    wrong += _unsaid(packages, table)
    parts = [_ourselves()]
    parts += [_python()] if Origin(Kind.PYTHON) in found else []
    parts += [_package(name, origins.distributions, table) for name in packages]
    parts += _carried(packages, natives, table)
    parts += [_native(name, folder, table) for name, folder in natives.items()]
    parts += [_of_system(each.name) for each in found if each.kind is Kind.SYSTEM]
    wrong += [f"{part.name} has no text of its licence" for part in parts if not part.texts]
    if wrong:
        raise LicenceError("\n".join([*wrong, _WHAT_TO_DO]))
    return [parts[0], *sorted(parts[1:], key=lambda part: (part.name.lower(), part))]


def write(parts: Sequence[Part], file: Path) -> None:
    """One text: a list of the parts, then each licence once, under the names of whose it is."""
    whose: dict[str, list[str]] = {}
    for part in parts:
        for text in part.texts:
            whose.setdefault(text, []).append(part.name)
    listed = [_line(part) for part in parts]
    blocks = [f"{'=' * _WIDTH}\n{', '.join(names)}\n\n{text}" for text, names in whose.items()]
    head = f"{parts[0].name} {parts[0].version} and what is inside it, each under its own licence."
    body = "\n".join([head, "", *listed, "", "\n\n".join(blocks), ""])
    file.write_text(body, encoding="utf-8", newline="\n")


def _line(part: Part) -> str:
    named = f"{part.name} {part.version}".rstrip()
    return "  ".join(filter(None, [f"{named:<40}", f"{part.licence:<40}", part.home])).rstrip()


# --- The parts -----------------------------------------------------------------------------------


def _ourselves() -> Part:
    from twocan import __version__

    return Part("Twocan", __version__, "Apache-2.0", "", (_read(ROOT / "LICENSE"),))


def _python() -> Part:
    version = ".".join(map(str, sys.version_info[:3]))
    places = (
        Path(sys.base_prefix),
        Path(sysconfig.get_path("stdlib")),
        Path(sys.base_prefix, "lib"),
    )
    texts = [place / name for place in places for name in ("LICENSE.txt", "LICENSE")]
    found = [_read(text) for text in texts if text.is_file()]
    return Part("Python", version, "PSF-2.0", "https://www.python.org", tuple(found[:1]))


def _package(name: str, installed: Mapping[str, Distribution], table: Mapping[str, Any]) -> Part:
    if name not in installed:
        return Part(name, "", "", "", ())
    package = installed[name]
    inside = [file for file in package.files or () if _is_text(file.parts)]
    texts = [_read(Path(str(package.locate_file(file)))) for file in sorted(inside)]
    texts += [_read(TEXTS / text) for text in table["packages"].get(name, ())]
    licence = table["expressions"].get(name) or expression(package)
    named = package.metadata["Name"]
    return Part(named, package.version, licence, _home(package), _once(texts))


def _is_text(parts: Sequence[str]) -> bool:
    if not parts[0].endswith(".dist-info") or Path(parts[-1]).suffix in _NO_TEXT:
        return False
    return bool(_A_TEXT.search(parts[-1])) or parts[1:2] == ("licenses",)


def _home(package: Distribution) -> str:
    about = package.metadata
    if "Home-page" in about:
        return about["Home-page"]
    pages = [each.partition(", ") for each in about.get_all("Project-URL") or []]
    named = {label.lower(): page for label, _, page in pages}
    return next((named[label] for label in _HOMES if label in named), "")


def _carried(
    packages: Mapping[str, Collection[Path]], natives: Collection[str], table: Mapping[str, Any]
) -> Iterator[Part]:
    """What packages carry inside without a word, but for what was built from source instead."""
    built = {_plain(name) for name in natives}
    for name, row in table["parts"].items():
        hosts = [each for each in row["within"] if _carries(packages, each, row)]
        if hosts and _plain(name) not in built:
            texts = [_read(TEXTS / text) for text in row["texts"]]
            yield Part(name, "", row["licence"], row["home"], _once(texts))


def _carries(packages: Mapping[str, Collection[Path]], name: str, row: Mapping[str, Any]) -> bool:
    if name not in packages or "files" not in row:
        return name in packages
    return any(_named(file, row) for file in packages[name])


def _unsaid(packages: Mapping[str, Collection[Path]], table: Mapping[str, Any]) -> list[str]:
    """The libraries that came with a package which bundles, and that are in no row."""
    return [
        f"{file.name} came with {package}, and nothing says what it is"
        for package in table["bundling"]
        for file in sorted(packages.get(package, ()))
        if _A_LIBRARY.search(file.name) and _is_bundled(file)
        if not any(_named(file, row) for row in table["parts"].values() if package in row["within"])
    ]


def _is_bundled(file: Path) -> bool:
    """Whether a library is no module of the package's own: where wheels put what they bundle."""
    return file.parent.name.endswith((".libs", ".dylibs", "portaudio-binaries"))


def _named(file: Path, row: Mapping[str, Any]) -> bool:
    return any(fnmatch(file.name, pattern) for pattern in row.get("files", ()))


def _native(name: str, folder: Path, table: Mapping[str, Any]) -> Part:
    texts = [_read(text) for text in sorted((folder / "licences").glob("*")) if text.is_file()]
    row = table["natives"].get(name, {})
    texts += [_read(TEXTS / text) for text in row.get("texts", ())]
    source = native_plan.read((ROOT / "build/recipes/sources.toml").read_text("utf-8"))[name].source
    if source is None:
        # It is a part of our own.
        texts.append(_read(ROOT / "LICENSE"))
    version = source.version if source else ""
    return Part(name, version, row.get("licence", UNKNOWN), row.get("home", ""), _once(texts))


def _of_system(package: str) -> Part:
    file = Path("/usr/share/doc", package, "copyright")
    text = _read(file) if file.is_file() else ""
    cited = [_COMMON / name for name in sorted(set(_CITED.findall(text)))]
    home = re.search(r"^Source: *(\S+)$", text, re.MULTILINE)
    texts = _once([text, *(_read(each) for each in cited if each.is_file())])
    return Part(package, version_of(package), UNKNOWN, home[1] if home else "", texts)


def _plain(name: str) -> str:
    return spelled(name).removeprefix("lib")


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))


def _read(file: Path) -> str:
    """A text, so that two of the same are equal: lines without what is blank around them all."""
    lines = file.read_text("utf-8", errors="replace").replace("\f", "").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n")
