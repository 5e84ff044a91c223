"""Who may import whom, as a table, and the test that holds the source to it.

Faces drive the phone, the phone drives media and signalling, and these stand on parts that do no
I/O at all. A module or a library that is in no row fails: a new one must be given its place.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOTS = {"twocan": "client", "twocan_supernode": "supernode"}

# What a call is: values, rules and XML, no input or output. Time and the wire are arguments here.
CORE = {
    "twocan.address",
    "twocan.agreement",
    "twocan.call",
    "twocan.cards",
    "twocan.commands",
    "twocan.contents",
    "twocan.endings",
    "twocan.events",
    "twocan.initiation",
    "twocan.jingle",
    "twocan.jingle_ice",
    "twocan.jingle_rtp",
    "twocan.jws",
    "twocan.links",
    "twocan.messages",
    "twocan.one_line",
    "twocan.places",
    "twocan.proofs",
    "twocan.releases",
    "twocan.stanza",
    "twocan.states",
    "twocan.urls",
    "twocan.verification",
    "twocan.versions",
}

# A module imports from its own row and from those below it.
LAYERS = (
    {
        "twocan.__main__",
        "twocan.cli",
        "twocan.gui",
        "twocan.headless",
        "twocan.selftest",
        "twocan.soundcheck",
        "twocan.windowed",
    },
    {"twocan.desk", "twocan.handover", "twocan.install", "twocan.report", "twocan.ringing"},
    {"twocan.phone"},
    {
        "twocan.account",
        "twocan.licences",
        "twocan.media",
        "twocan.signalling",
        "twocan.trust",
        "twocan.xmpp",
    },
    CORE,
    {"twocan"},
)

# Each library that is not Python's own, and the only places that import it.
LIBRARIES = {
    "PySide6": {"twocan.gui"},
    "aioice": {"twocan.media"},
    "alembic": {"twocan_supernode.store"},
    "aiortc": {"twocan.media"},
    "av": {"twocan.media"},
    "cryptography": {"twocan", "twocan_supernode"},
    "AVFoundation": {"twocan.media.pictures.cameras"},
    "cv2": {"twocan.media.pictures"},
    "cv2_enumerate_cameras": {"twocan.media.pictures.cameras"},
    "fastapi": {"twocan_supernode.site"},
    "httpx": {
        "twocan_supernode.demo",
        "twocan_supernode.sessions",
        "twocan_supernode.site.running",
        "twocan_supernode.site.webhooks",
    },
    "jeepney": {"twocan.desk.metered", "twocan.desk.safe", "twocan.gui.around.session_bus"},
    "jinja2": {"twocan_supernode.demo", "twocan_supernode.site"},
    "jwt": {"twocan_supernode"},
    "mss": {"twocan.media.pictures.filming.screens"},
    "prometheus_client": {"twocan_supernode.site.metrics"},
    "psycopg": {"twocan_supernode.store"},
    "pydantic": {"twocan_supernode.site"},
    "pydantic_core": {"twocan_supernode.site"},
    "pylibsrtp": {"twocan.media.transport"},
    "psutil": {"twocan.media.pictures.sending.battery"},
    "numpy": {"twocan"},
    "keyring": {"twocan.desk.safe"},
    "shiboken6": {"twocan.gui"},
    "slixmpp": {"twocan.xmpp"},
    "pulsectl": {"twocan.media.devices"},
    "pywebrtc_audio": {"twocan.media.echo"},
    "sounddevice": {"twocan.media.devices"},
    "sqlalchemy": {"twocan_supernode.store"},
    "starlette": {"twocan_supernode.demo", "twocan_supernode.site"},
    "uvicorn": {
        "twocan_supernode.demo",
        "twocan_supernode.site.connections",
        "twocan_supernode.site.serving",
    },
    "uvloop": {"twocan_supernode.site.loop"},
}

# Neither these nor anything of ours that they import knows of asyncio.
WITHOUT_ASYNCIO = CORE | {
    "twocan.media.adaptation",
    "twocan.media.descriptions",
    "twocan.media.echo",
    "twocan.media.keypad",
    "twocan.media.losses",
    "twocan.media.opus",
    "twocan.media.outgoing",
    "twocan.media.pictures.figures",
    "twocan.media.pictures.picture",
    "twocan.media.pictures.quality",
    "twocan.media.pictures.receiving.arriving",
    "twocan.media.pictures.receiving.assembly",
    "twocan.media.pictures.receiving.estimate",
    "twocan.media.pictures.receiving.freezes",
    "twocan.media.pictures.receiving.looks",
    "twocan.media.pictures.receiving.patience",
    "twocan.media.pictures.receiving.showing",
    "twocan.media.pictures.sending.pacing",
    "twocan.media.pictures.sending.rate",
    "twocan.media.pictures.sending.sizing",
    "twocan.media.pictures.vp8.codec",
    "twocan.media.pictures.vp8.libvpx",
    "twocan.media.pictures.vp8.payload",
    "twocan.media.pictures.vp8.settings",
    "twocan.media.playout",
    "twocan.media.red",
    "twocan.media.reports",
    "twocan.media.sound",
    "twocan.media.stats",
    "twocan.media.telephone_event",
    "twocan.media.tones",
}

# Not even through others.
STRANGERS = (
    ("twocan.xmpp", "twocan.media"),
    ("twocan.media", "twocan.xmpp"),
    ("twocan", "twocan_supernode"),
    ("twocan_supernode", "twocan"),
)

# --- reading the source ----------------------------------------------------------------------


def read(root: Path) -> dict[str, set[str]]:
    """Every module of ours below `root`, and the dotted names that it imports, anywhere in it."""
    files = {
        _name(path.relative_to(root / folder)): path
        for package, folder in ROOTS.items()
        for path in (root / folder / package).rglob("*.py")
    }
    return {
        name: {_known(target, files) for target in _imported(name, path)}
        for name, path in files.items()
    }


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _imported(module: str, path: Path) -> Iterator[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(), path)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=source, names=names, level=level):
                above = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                base = ".".join([*above, *filter(None, [source])])
                yield from (f"{base}.{alias.name}" for alias in names)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__")
                | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(target)), *_],
            ):
                yield target


def _known(target: str, ours: Mapping[str, Path]) -> str:
    """The module that `target` names: `from a.b import c` names a.b.c, or a thing in a.b."""
    if target.partition(".")[0] in ROOTS and target not in ours:
        return target.rpartition(".")[0] or target
    return target


# --- the rules -------------------------------------------------------------------------------


def violations(imports: Mapping[str, set[str]]) -> list[str]:
    rules = (unplaced, upward, misplaced_libraries, loops_in_pure_parts, strangers_met)
    return sorted(found for rule in rules for found in rule(imports))


def unplaced(imports: Mapping[str, set[str]]) -> Iterator[str]:
    for module in imports:
        if is_in(module, {"twocan"}) and _layer(module) is None:
            yield f"{module} has no place in LAYERS"


def upward(imports: Mapping[str, set[str]]) -> Iterator[str]:
    for module, target in _pairs(imports):
        here, there = _layer(module), _layer(target)
        if here is not None and there is not None and there < here:
            yield f"{module} imports {target}, which is above it"


def misplaced_libraries(imports: Mapping[str, set[str]]) -> Iterator[str]:
    for module, target in _pairs(imports):
        library = target.partition(".")[0]
        if library in ROOTS or library in sys.stdlib_module_names:
            continue
        if library not in LIBRARIES:
            yield f"{module} imports {library}, which has no place in LIBRARIES"
        elif not is_in(module, LIBRARIES[library]):
            yield f"{module} imports {library}, which is not its business"


def loops_in_pure_parts(imports: Mapping[str, set[str]]) -> Iterator[str]:
    for module in imports:
        if is_in(module, WITHOUT_ASYNCIO) and reaches(module, "asyncio", imports):
            yield f"{module} reaches asyncio"


def strangers_met(imports: Mapping[str, set[str]]) -> Iterator[str]:
    for module in imports:
        for one, other in STRANGERS:
            if is_in(module, {one}) and reaches(module, other, imports):
                yield f"{module} reaches {other}"


def is_in(module: str, places: set[str]) -> bool:
    """Whether `module` is one of `places`, or inside one that is a package."""
    return any(module == place or module.startswith(place + ".") for place in places)


def reaches(module: str, target: str, imports: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    ahead = [module]
    while ahead:
        at = ahead.pop()
        if at not in seen:
            seen.add(at)
            ahead.extend(imports.get(at, ()))
    return any(is_in(name, {target}) for name in seen - {module})


def _pairs(imports: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    return ((module, target) for module, targets in imports.items() for target in targets)


def _layer(module: str) -> int | None:
    """The row of a module of ours; `twocan` itself is a row's member only under its own name."""
    for index, row in enumerate(LAYERS):
        if module in row or is_in(module, row - {"twocan"}):
            return index
    return None


# --- the tests -------------------------------------------------------------------------------


def test_the_source_keeps_to_the_table() -> None:
    assert violations(read(ROOT)) == []


def test_the_table_names_no_module_that_is_gone() -> None:
    assert set().union(*LAYERS) <= set(read(ROOT))


@pytest.mark.parametrize(
    ("path", "source", "complaint"),
    [
        ("client/twocan/new.py", "", "twocan.new has no place in LAYERS"),
        ("client/twocan/phone.py", "import twocan.cli", "phone imports twocan.cli, which is above"),
        ("client/twocan/call.py", "from twocan import xmpp", "call imports twocan.xmpp, which is"),
        ("client/twocan/call.py", "from .media.audio import Tone", "call imports twocan.media.aud"),
        ("client/twocan/cli.py", "import PySide6.QtCore", "cli imports PySide6, which is not its"),
        (
            "client/twocan/phone.py",
            "from slixmpp import JID",
            "phone imports slixmpp, which is not",
        ),
        ("client/twocan/media/audio.py", "import sounddevice", "imports sounddevice, which is not"),
        ("client/twocan/phone.py", "def f(): import cv2", "phone imports cv2, which is not its"),
        ("client/twocan/call.py", "import requests", "requests, which has no place in LIBRARIES"),
        ("client/twocan/jingle.py", "import asyncio", "twocan.jingle reaches asyncio"),
        ("client/twocan/verification.py", "from asyncio import Queue", "twocan.call reaches async"),
        ("client/twocan/xmpp.py", "from twocan import media", "twocan.xmpp reaches twocan.media"),
        (
            "client/twocan/account.py",
            "from twocan.xmpp import X",
            "media.audio reaches twocan.xmpp",
        ),
        ("client/twocan/cli.py", "import twocan_supernode", "twocan.cli reaches twocan_supernode"),
        ("supernode/twocan_supernode/node.py", "from twocan.call import Call", "reaches twocan"),
        ("supernode/twocan_supernode/node.py", "import slixmpp", "node imports slixmpp, which is"),
        (
            "client/twocan/phone.py",
            "import importlib\nimportlib.import_module('twocan.cli')",
            "phone imports twocan.cli, which is above it",
        ),
    ],
)
def test_a_violation_is_noticed(tmp_path: Path, path: str, source: str, complaint: str) -> None:
    good = {
        "client/twocan/__init__.py": "__version__ = '1'",
        "client/twocan/cli.py": "from twocan import __version__, phone",
        "client/twocan/phone.py": "import asyncio\nfrom twocan import media, xmpp",
        "client/twocan/xmpp.py": "import slixmpp\nfrom twocan.signalling import Signalling",
        "client/twocan/media/__init__.py": "",
        "client/twocan/media/audio.py": "import av\nfrom twocan.account import Account",
        "client/twocan/signalling.py": "from twocan.call import Call",
        "client/twocan/account.py": "import json",
        "client/twocan/jingle.py": "",
        "client/twocan/call.py": "from twocan.verification import code",
        "client/twocan/verification.py": "import hashlib",
        "supernode/twocan_supernode/node.py": "import jwt",
    }
    plant(tmp_path, good)
    assert violations(read(tmp_path)) == []

    plant(tmp_path, {path: source})

    assert complaint in "\n".join(violations(read(tmp_path)))


def plant(root: Path, files: Mapping[str, str]) -> None:
    for path, source in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(source)


def test_the_headless_face_loads_nothing_of_the_window_or_of_devices() -> None:
    ask = "import sys, twocan.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "twocan.cli" in loaded
    assert not {"PySide6", "cv2", "sounddevice", "keyring", "jwt"} & set(loaded)
