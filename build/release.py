"""Signs what is handed out: a key pair once, and for each version the document that phones ask for.

    python build/release.py keys FOLDER
    python build/release.py sign --key FILE --version X --url-base https://… FILE... > release.json

``keys`` makes ``release.key``, which stays with whoever publishes (nobody else may read it, and it
is never shown), and ``release.pub``, which ``make package RELEASE_KEY=FILE`` puts into the program.
Each FILE is named after its platform, as ``linux-x86_64=dist/twocan``; without, it is the one of
this machine. What is printed belongs on each supernode's domain at
``/.well-known/twocan/release.json``, and the files at the URL base.
"""

import argparse
import base64
import hashlib
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from twocan.releases import ReleaseError, opened, platform_name

PRIVATE, PUBLIC = "release.key", "release.pub"


class Refused(Exception):
    """It cannot be done: one line, why and what to do."""


def make_keys(folder: Path) -> Path:
    """A new pair of keys in ``folder``; where the public one is. Raises ``Refused``.

    A key that is there is never written over: phones that know it could not be updated any more.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    if (folder / PUBLIC).exists():
        raise Refused(f"there is a {PUBLIC} in {folder} already: name another folder")
    _write_new(folder / PRIVATE, key.private_bytes_raw(), 0o600)
    _write_new(folder / PUBLIC, key.public_key().public_bytes_raw(), 0o644)
    return folder / PUBLIC


def read_key(path: Path) -> Ed25519PrivateKey:
    """The private key in this file, which nobody else can read. Raises ``Refused``."""
    try:
        if os.name != "nt" and path.stat().st_mode & 0o077:
            raise Refused(f"others can read {path}: say chmod 600, or make new keys if they did")
        raw = base64.b64decode(path.read_text("ascii").strip(), validate=True)
        return Ed25519PrivateKey.from_private_bytes(raw)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        # Not what is wrong with it: it may be most of a key.
        raise Refused(f"{path} is no key that was made by {Path(__file__).name} keys") from None


def signed(key: Ed25519PrivateKey, version: str, url_base: str, files: Sequence[str]) -> str:
    """The document that tells of these files, as a phone will read it. Raises ``Refused``."""
    said = {"version": version, "files": _described(files, url_base.rstrip("/"))}
    text = json.dumps(said, sort_keys=True)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    document = json.dumps({"release": text, "signature": signature}, indent=2) + "\n"
    try:
        opened(document.encode(), key.public_key().public_bytes_raw())
    except ReleaseError as error:
        raise Refused(f"no phone would take it: {error}") from None
    return document


def _described(files: Sequence[str], url_base: str) -> dict[str, dict[str, object]]:
    described: dict[str, dict[str, object]] = {}
    for file in files:
        of, is_named, path = file.rpartition("=")
        name = of if is_named else platform_name(sys.platform, platform.machine())
        if name in described:
            raise Refused(f"there are two files for {name}: say PLATFORM=FILE for each")
        described[name] = _about(Path(path), url_base)
    return described


def _about(path: Path, url_base: str) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {
            "url": f"{url_base}/{path.name}",
            "size": path.stat().st_size,
            "sha256": digest,
        }
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from None


def _write_new(path: Path, key: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise Refused(f"there is a {path.name} in {path.parent} already: name another") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(key).decode() + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is typed; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.verb == "keys":
            print(make_keys(options.folder))
        else:
            key = read_key(options.key)
            sys.stdout.write(signed(key, options.version, options.url_base, options.files))
    except Refused as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="release", description="Signs what is handed out.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    keys = verbs.add_parser("keys", help="make a pair of keys")
    keys.add_argument("folder", type=Path, metavar="FOLDER")
    sign = verbs.add_parser("sign", help="print the document that tells of a version")
    sign.add_argument("--key", type=Path, required=True, metavar="FILE", help="the private key")
    sign.add_argument("--version", required=True, metavar="X", help="as 1.2.0")
    sign.add_argument("--url-base", required=True, metavar="URL", help="where the files will be")
    sign.add_argument("files", nargs="+", metavar="[PLATFORM=]FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())
