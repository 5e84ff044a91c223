"""The tool that signs releases, as whoever publishes them types it."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import release
from twocan.releases import opened, parse_key, platform_name

BASE = "https://files.example/1.2.0/"


@pytest.fixture
def keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "keys"
    assert release.main(["keys", str(folder)]) == 0
    assert capsys.readouterr().out == f"{folder / 'release.pub'}\n"
    return folder


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "twocan"
    path.write_bytes(b"a program" * 1000)
    return path


def sign(keys: Path, *files: object, version: str = "1.2.0", base: str = BASE) -> int:
    key = str(keys / "release.key")
    named = ["--key", key, "--version", version, "--url-base", base]
    return release.main(["sign", *named, *map(str, files)])


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_is_signed_is_what_a_phone_takes(
    keys: Path, program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(keys, f"linux-x86_64={program}", f"windows-x86_64={program}") == 0

    key = parse_key((keys / "release.pub").read_text())
    told = opened(capsys.readouterr().out.encode(), key)
    assert (told.version, set(told.files)) == ("1.2.0", {"linux-x86_64", "windows-x86_64"})
    file = told.files["linux-x86_64"]
    assert file.url.text == "https://files.example/1.2.0/twocan"
    assert file.size == 9000
    assert file.sha256 == hashlib.sha256(program.read_bytes()).hexdigest()


def test_a_file_alone_is_for_this_machine(
    keys: Path, program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(keys, program) == 0
    told = json.loads(json.loads(capsys.readouterr().out)["release"])
    assert list(told["files"]) == [platform_name(sys.platform, os.uname().machine)]


def test_the_private_key_is_nobody_elses_and_never_shown(
    keys: Path, program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = (keys / "release.key").read_text().strip()
    assert (mode(keys), mode(keys / "release.key")) == (0o700, 0o600)

    sign(keys, program)
    (keys / "release.key").write_text(secret + "x")
    assert sign(keys, program) == 1

    said = capsys.readouterr()
    assert secret not in said.out + said.err
    assert "is no key that was made by" in said.err


def test_keys_are_never_written_over(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    assert release.main(["keys", str(keys)]) == 1
    (keys / "release.pub").unlink()
    assert release.main(["keys", str(keys)]) == 1
    (keys / "release.pub").write_bytes(before["release.pub"])
    (keys / "release.key").unlink()
    assert release.main(["keys", str(keys)]) == 1

    assert "already: name another" in capsys.readouterr().err
    assert [path.name for path in keys.iterdir()] == ["release.pub"]


def test_a_key_that_others_can_read_is_not_used(
    keys: Path, program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (keys / "release.key").chmod(0o640)
    assert sign(keys, program) == 1
    assert "others can read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"version": "1.2-beta"}, "no phone would take it: '1.2-beta' is no version"),
        ({"base": "http://files.example"}, "is not secure"),
        ({"base": "https://files.example/a b"}, "has a character"),
    ],
)
def test_what_no_phone_would_take_is_not_signed(
    keys: Path, program: Path, capsys: pytest.CaptureFixture[str], about: dict[str, str], why: str
) -> None:
    assert sign(keys, program, **about) == 1
    said = capsys.readouterr()
    assert (said.out, why in said.err) == ("", True)


def test_files_that_cannot_be_signed(
    keys: Path, program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    assert sign(keys, tmp_path / "gone") == 1
    assert sign(keys, empty) == 1
    assert sign(keys, program, program) == 1
    missing, small, twice = capsys.readouterr().err.splitlines()
    assert "gone cannot be read" in missing
    assert "its size is not from 1" in small
    assert "there are two files for" in twice


def test_as_it_is_typed(tmp_path: Path, program: Path) -> None:
    tool = [sys.executable, str(Path(release.__file__))]
    keys = tmp_path / "keys"
    subprocess.run([*tool, "keys", str(keys)], check=True, capture_output=True)

    named = ["--key", str(keys / "release.key"), "--version", "2.0", "--url-base", BASE]
    command = [*tool, "sign", *named, str(program)]
    signed = subprocess.run(command, check=True, capture_output=True)

    key = parse_key((keys / "release.pub").read_text())
    assert opened(signed.stdout, key).version == "2.0"
