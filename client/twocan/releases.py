"""Releases of the program: the signed document that says what the newest version is.

``{"release": "<JSON text>", "signature": "<base64>"}``. The signature is Ed25519 (RFC 8032) over
the very bytes of that text, and nothing of it is read before they are found to be signed. What it
says: ``{"version": "1.2.0", "files": {"linux-x86_64": {"url", "size", "sha256"}, …}}``. Fields that
are not known are a newer program's, and are let be.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from twocan.urls import Url, UrlError
from twocan.versions import is_newer, numbers

WHERE = "/.well-known/twocan/release.json"
"""On which path of its domain a supernode tells of releases (RFC 8615)."""
LARGEST = 200_000_000
"""Bytes of a file."""
KEY_BYTES = 32

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PLATFORM = re.compile(r"[a-z0-9]+-[a-z0-9_]+")
_SYSTEMS = {"win32": "windows", "darwin": "macos"}
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


class ReleaseError(ValueError):
    """The document cannot be used: one line, what is wrong with it."""


class NotSigned(ReleaseError):
    """Whoever wrote it does not have the key."""


@dataclass(frozen=True, slots=True)
class File:
    """The program for one platform, as it is downloaded. ``size`` is in bytes, ``sha256`` in
    hexadecimal, small letters. Raises ``ReleaseError``."""

    url: Url
    size: int
    sha256: str

    def __post_init__(self) -> None:
        if not 0 < self.size <= LARGEST:
            raise ReleaseError(f"its size is not from 1 to {LARGEST} bytes")
        if not _SHA256.fullmatch(self.sha256):
            raise ReleaseError("its sha256 is not 64 hexadecimal digits in small letters")


@dataclass(frozen=True, slots=True)
class Release:
    """``files``: by platform, as ``platform_name`` calls it."""

    version: str
    files: Mapping[str, File]


def platform_name(system: str, machine: str) -> str:
    """``linux-x86_64``: what a release calls a platform. As ``sys.platform`` and
    ``platform.machine()`` have them."""
    small = machine.lower()
    return f"{_SYSTEMS.get(system, system)}-{_MACHINES.get(small, small)}"


def parse_key(text: str) -> bytes:
    """The public key that is written there in base64. Raises ``ReleaseError``."""
    key = _decoded(text.strip(), "the key")
    if len(key) != KEY_BYTES:
        raise ReleaseError(f"the key has {len(key)} bytes in place of {KEY_BYTES}")
    return key


def opened(document: bytes, key: bytes) -> Release:
    """The release that a document tells of, if whoever has the private half of ``key`` signed it.

    Raises ``ReleaseError``.
    """
    said = _object(document, "the document")
    text, signature = _text(said, "release"), _decoded(_text(said, "signature"), "the signature")
    try:
        signed = text.encode()
    except UnicodeEncodeError:
        raise NotSigned("its release is no text that could be signed") from None
    _verify(signed, signature, key)
    return _understood(_object(signed, "the release"))


def newer_file(release: Release, than: str, platform: str) -> File | None:
    """What to download in place of version ``than``; None: nothing, it is not older, or there is
    no newer one for this platform."""
    return release.files.get(platform) if is_newer(release.version, than) else None


def _verify(text: bytes, signature: bytes, key: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except InvalidSignature:
        raise NotSigned("its signature is not by the key that this program knows") from None


def _understood(said: dict[str, object]) -> Release:
    version = _text(said, "version")
    try:
        numbers(version)
    except ValueError as error:
        raise ReleaseError(str(error)) from None
    files = said.get("files")
    if not isinstance(files, dict):
        raise ReleaseError('it has no "files"')
    # What is said of platforms that have another form of name is a newer program's.
    ours = {name: about for name, about in files.items() if _PLATFORM.fullmatch(name)}
    return Release(version, {name: _file(name, about) for name, about in ours.items()})


def _file(platform: str, said: object) -> File:
    if not isinstance(said, dict):
        raise ReleaseError(f"what it says of {platform} is no JSON object")
    size = said.get("size")
    if isinstance(size, bool) or not isinstance(size, int):
        raise ReleaseError(f"its size of {platform} is no whole number")
    try:
        return File(Url(_text(said, "url")), size, _text(said, "sha256"))
    except UrlError as error:
        raise ReleaseError(f"its url of {platform} {error}") from None


def _object(content: bytes, what: str) -> dict[str, object]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise ReleaseError(f"{what} is not JSON") from None
    if not isinstance(said, dict):
        raise ReleaseError(f"{what} is no JSON object")
    return said


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        raise ReleaseError(f'it has no "{name}", or that is not text')
    return value


def _decoded(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ReleaseError(f"{what} is not base64") from None
