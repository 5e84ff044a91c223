"""Releases: what is signed, what is not, and which of them is news."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from twocan.releases import (
    LARGEST,
    File,
    NotSigned,
    ReleaseError,
    newer_file,
    opened,
    parse_key,
    platform_name,
)
from twocan.urls import Url
from twocan.versions import is_newer, numbers

OWNER, STRANGER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
KEY = OWNER.public_key().public_bytes_raw()
SHA256 = "0f" * 32
LINUX: dict[str, Any] = {
    "url": "https://files.example/twocan",
    "size": 26_000_000,
    "sha256": SHA256,
}
WHOLE: dict[str, Any] = {"version": "1.2.0", "files": {"linux-x86_64": LINUX}}


def document(release: object = WHOLE, by: Ed25519PrivateKey = OWNER) -> bytes:
    """What whoever has this key says of a release."""
    text = release if isinstance(release, str) else json.dumps(release)
    signature = base64.b64encode(by.sign(text.encode())).decode()
    return json.dumps({"release": text, "signature": signature}).encode()


def changed(**about: object) -> dict[str, Any]:
    """The release, but for something that is said of its one file; None leaves it out."""
    said = {name: value for name, value in (LINUX | about).items() if value is not None}
    return WHOLE | {"files": {"linux-x86_64": said}}


def refused(said: bytes) -> str:
    with pytest.raises(ReleaseError) as error:
        opened(said, KEY)
    assert str(error.value).isprintable()
    return str(error.value)


# --- What is signed ------------------------------------------------------------------------------


def test_a_release_that_its_owner_signed() -> None:
    release = opened(document(), KEY)

    assert release.version == "1.2.0"
    file = File(Url("https://files.example/twocan"), 26_000_000, SHA256)
    assert release.files == {"linux-x86_64": file}


def test_what_a_newer_program_says_is_let_be() -> None:
    said = {
        "version": "1.2",
        "files": {"linux-x86_64": LINUX | {"delta": {}}, "Plan 9": "anything"},
        "notes": ["new"],
    }
    wrapped = json.loads(document(said)) | {"more": 1}

    release = opened(json.dumps(wrapped).encode(), KEY)

    assert list(release.files) == ["linux-x86_64"]


def test_what_a_stranger_signed_is_not_even_read() -> None:
    for said in (WHOLE, "no JSON at all", "[" * 60_000):
        with pytest.raises(NotSigned):
            opened(document(said, by=STRANGER), KEY)


@given(st.data())
def test_one_changed_character_is_noticed(data: st.DataObject) -> None:
    said = json.loads(document())
    text = said["release"]
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda each: each != text[at]))
    said["release"] = text[:at] + other + text[at + 1 :]

    with pytest.raises(NotSigned):
        opened(json.dumps(said).encode(), KEY)


def test_spaces_count_since_bytes_are_signed() -> None:
    said = json.loads(document())
    said["release"] += " "
    with pytest.raises(NotSigned):
        opened(json.dumps(said).encode(), KEY)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "the document is not JSON"),
        (b"<html>", "the document is not JSON"),
        (b"\xff\xfe", "the document is not JSON"),
        (b"[" * 60_000, "the document is not JSON"),
        (b"[]", "the document is no JSON object"),
        (b"{}", 'no "release"'),
        (b'{"release": {}, "signature": ""}', 'no "release"'),
        (b'{"release": "{}"}', 'no "signature"'),
        (b'{"release": "{}", "signature": "not base64!"}', "the signature is not base64"),
        (b'{"release": "{}", "signature": "\\u00fc"}', "the signature is not base64"),
        (b'{"release": "{}", "signature": "AA AA"}', "the signature is not base64"),
        (b'{"release": "{}", "signature": ""}', "its signature is not by the key"),
        (b'{"release": "{}", "signature": "AAAA"}', "its signature is not by the key"),
        (b'{"release": "\\ud800", "signature": ""}', "no text that could be signed"),
    ],
)
def test_a_document_that_is_none(said: bytes, why: str) -> None:
    assert why in refused(said)


@pytest.mark.parametrize(
    ("release", "why"),
    [
        ("{", "the release is not JSON"),
        ("[]", "the release is no JSON object"),
        (WHOLE | {"version": 1.2}, 'no "version"'),
        (WHOLE | {"version": "1.2-beta"}, "is no version"),
        (WHOLE | {"version": "../1"}, "is no version"),
        ({"version": "1.2"}, 'no "files"'),
        (WHOLE | {"files": [LINUX]}, 'no "files"'),
        (WHOLE | {"files": {"windows-x86_64": "https://files.example"}}, "windows-x86_64 is no"),
        (changed(url=None), 'no "url"'),
        (changed(url="http://files.example/twocan"), "is not secure"),
        (changed(url="https://me@files.example/"), "names a user"),
        (changed(url="https://files.example/#top"), "has a fragment"),
        (changed(url="https://files.example/a b"), "has a character"),
        (changed(url="ftp://files.example/"), "is no https:// address"),
        (changed(url="https://f\u0131les.example/"), "names no host"),
        (changed(size=None), "is no whole number"),
        (changed(size=True), "is no whole number"),
        (changed(size=1e6), "is no whole number"),
        (changed(size="9"), "is no whole number"),
        (changed(size=0), "its size is not from 1"),
        (changed(size=-1), "its size is not from 1"),
        (changed(size=LARGEST + 1), "its size is not from 1"),
        (changed(sha256=None), 'no "sha256"'),
        (changed(sha256="0f" * 31), "its sha256"),
        (changed(sha256="0F" * 32), "its sha256"),
        (changed(sha256="../" + SHA256[3:]), "its sha256"),
    ],
)
def test_a_signed_release_that_cannot_be_used(release: object, why: str) -> None:
    assert why in refused(document(release))


def test_the_largest_file_is_taken() -> None:
    assert opened(document(changed(size=LARGEST)), KEY).files["linux-x86_64"].size == LARGEST


# --- Keys ----------------------------------------------------------------------------------------


def test_a_key_is_written_in_base64() -> None:
    assert parse_key(base64.b64encode(KEY).decode() + "\n") == KEY


@pytest.mark.parametrize("text", ["", "AAAA", "no key", base64.b64encode(bytes(33)).decode()])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(ReleaseError):
        parse_key(text)


# --- Which is news -------------------------------------------------------------------------------


@pytest.mark.parametrize("than", ["1", "1.1", "1.1.9", "0.9.12"])
def test_a_newer_version_is_news(than: str) -> None:
    assert newer_file(opened(document(), KEY), than, "linux-x86_64") is not None


@pytest.mark.parametrize("than", ["1.2", "1.2.0", "1.2.0.0", "1.2.1", "1.10", "2"])
def test_the_same_one_or_an_older_one_is_none(than: str) -> None:
    assert newer_file(opened(document(), KEY), than, "linux-x86_64") is None


def test_a_file_for_others_is_none_for_us() -> None:
    assert newer_file(opened(document(), KEY), "1.1", "windows-x86_64") is None


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("linux", "x86_64", "linux-x86_64"),
        ("linux", "aarch64", "linux-aarch64"),
        ("win32", "AMD64", "windows-x86_64"),
        ("darwin", "arm64", "macos-aarch64"),
    ],
)
def test_what_platforms_are_called(system: str, machine: str, name: str) -> None:
    assert platform_name(system, machine) == name


# --- Versions ------------------------------------------------------------------------------------

VERSIONS = st.lists(st.integers(0, 999_999), min_size=1, max_size=4)


def written(parts: list[int]) -> str:
    return ".".join(map(str, parts))


@given(VERSIONS, VERSIONS)
def test_versions_are_compared_number_by_number(one: list[int], other: list[int]) -> None:
    padded = [each + [0] * (4 - len(each)) for each in (one, other)]
    assert is_newer(written(one), written(other)) == (padded[0] > padded[1])


@given(st.text(max_size=12))
def test_whatever_is_a_version_is_safe_in_the_name_of_a_file(text: str) -> None:
    try:
        numbers(text)
    except ValueError:
        return
    assert set(text) <= set("0123456789.")
    assert not text.startswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "1.",
        ".1",
        "1..2",
        "v1",
        "1.2-3",
        "01.2",
        "1.2.3.4.5",
        "1 ",
        "\u0661.\u0662",
        "1" * 7,
        "-1",
    ],
)
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match="is no version"):
        numbers(text)
