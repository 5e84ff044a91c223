"""The command that makes account files, and what it refuses."""

import json
import time
from datetime import datetime
from pathlib import Path

import jwt
import pytest

from running import Supernode
from twocan_supernode.__main__ import main
from twocan_supernode.state import State


def mint(state: Path, *options: str) -> int:
    """Its exit code; wrong usage that argparse finds ends the program instead."""
    try:
        return main(["mint", "--state", str(state), *options])
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else -1


def test_an_account_file_holds_what_a_phone_needs(
    supernode: Supernode, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = int(time.time())
    assert mint(supernode.state, "--site", near, "--person", "person-1", "--valid", "30m") == 0
    account = json.loads(capsys.readouterr().out)
    assert set(account) == {"address", "token", "host", "port", "ca", "expires"}
    assert account["address"] == supernode.mint("person-1")["address"]
    assert (account["host"], account["port"]) == (supernode.host, supernode.ports["xmpps"])
    assert Path(account["ca"]).read_bytes() == supernode.ca.read_bytes()
    key = State(supernode.state).site(near).key().public_key()
    claims = jwt.decode(account["token"], key, algorithms=["ES256"])
    assert claims["jid"] == account["address"]
    assert claims["exp"] - claims["iat"] in {1799, 1800}  # whole seconds
    assert before + 1799 <= claims["exp"] == datetime.fromisoformat(account["expires"]).timestamp()


def test_an_account_file_is_for_its_owner_alone(
    supernode: Supernode, near: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "account.json"
    options = ("--site", near, "--person", "person-1", "--output", str(file))
    assert mint(supernode.state, *options) == 0
    assert capsys.readouterr() == ("", "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())["address"] == supernode.mint("person-1")["address"]


def test_nothing_is_written_for_a_person(supernode: Supernode, near: str) -> None:
    ours = [path for path in supernode.state.rglob("*") if "ejabberd" not in path.parts]
    before = {path: path.stat().st_mtime_ns for path in ours}
    assert mint(supernode.state, "--site", near, "--person", "someone new") == 0
    after = [path for path in supernode.state.rglob("*") if "ejabberd" not in path.parts]
    assert {path: path.stat().st_mtime_ns for path in after} == before


@pytest.mark.parametrize(
    "time_given", ["", "1", "h", "-1h", "0s", "1w", "1.5h", "1h30m", "999999d"]
)
def test_a_time_that_is_none_is_refused(
    supernode: Supernode, near: str, time_given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--site", near, "--person", "person-1", f"--valid={time_given}")
    assert mint(supernode.state, *options) == 2
    said = capsys.readouterr().err
    assert said.endswith(f"{time_given!r} is no time such as 90s, 30m, 1h or 7d\n")


@pytest.mark.parametrize("site", ["unknown.localhost", "near.localhost.", "../near.localhost", ""])
def test_a_site_that_is_not_there_is_refused(
    supernode: Supernode, site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mint(supernode.state, "--site", site, "--person", "person-1") == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert said.splitlines()[-1].startswith("twocan-supernode")


def test_a_folder_that_is_not_there_is_refused_and_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state"
    assert mint(state, "--site", "near.localhost", "--person", "person-1") == 2
    said = capsys.readouterr().err
    assert said == f"twocan-supernode: no site near.localhost in {state}: it has no sites\n"
    assert not state.exists()


def test_before_the_first_run_nobody_knows_the_ports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    State(tmp_path).add_site("near.localhost")
    assert mint(tmp_path, "--site", "near.localhost", "--person", "person-1") == 1
    assert capsys.readouterr().err == (
        f"twocan-supernode: no node ran in {tmp_path} yet: run one first, for its host and port\n"
    )


def test_a_person_without_an_id_is_refused(supernode: Supernode, near: str) -> None:
    assert mint(supernode.state, "--site", near, "--person", "") == 2


def test_a_file_that_cannot_be_written_is_said_so(
    supernode: Supernode, near: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "missing" / "account.json"
    options = ("--site", near, "--person", "person-1", "--output", str(file))
    assert mint(supernode.state, *options) == 1
    assert "No such file or directory" in capsys.readouterr().err
