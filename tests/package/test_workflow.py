"""The workflow that makes the download on three systems: pinned, with few rights, and up to date.

It is read line by line: nothing that is installed here reads YAML.
"""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / ".github/workflows/package.yml").read_text("utf-8")
SYSTEMS = ("linux", "windows", "macos")


def job(name: str) -> str:
    """The lines of one job."""
    _, _, jobs = TEXT.partition("\njobs:\n")
    found = re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", jobs, re.MULTILINE)
    assert found, f"there is no job {name}"
    return found[1]


def scripts(text: str) -> list[str]:
    """What is run, of one line or of many."""
    block = r"^( *)(?:- )?run: (?:\|\n((?:\1  +.*\n)+)|(.+)\n)"
    return [many or one for _, many, one in re.findall(block, text, re.MULTILINE)]


def test_it_makes_the_download_on_three_systems_and_nothing_else() -> None:
    _, _, jobs = TEXT.partition("\njobs:\n")
    assert tuple(re.findall(r"^  (\w+):$", jobs, re.MULTILINE)) == SYSTEMS


def test_it_may_read_and_nothing_more() -> None:
    assert "\npermissions:\n  contents: read\n" in TEXT
    assert TEXT.count("permissions:") == 1
    assert "write" not in TEXT
    assert "secrets" not in TEXT
    assert "pull_request_target" not in TEXT


def test_what_others_wrote_is_pinned_to_what_it_was() -> None:
    used = re.findall(r"uses: (.*)", TEXT)
    assert len(used) == 8
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_a_checkout_leaves_no_token_behind() -> None:
    assert TEXT.count("actions/checkout@") == TEXT.count("persist-credentials: false") == 3


def test_nothing_that_others_write_gets_into_a_script() -> None:
    assert len(scripts(TEXT)) == 9
    assert not any("${{" in script for script in scripts(TEXT))


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_ends_in_time_tests_the_frozen_file_and_keeps_it(system: str) -> None:
    lines = job(system)
    assert re.search(r"^    timeout-minutes: ", lines, re.MULTILINE)
    (tested,) = (script for script in scripts(lines) if "selftest" in script)
    for asked in ("--version", "--licenses", "selftest"):
        assert re.search(rf"dist/\S*twocan\S* {asked}\b", tested), asked
    assert lines.index("selftest") < lines.index("actions/upload-artifact@")
    assert "if-no-files-found: error" in lines


def test_linux_is_made_where_its_oldest_system_is() -> None:
    assert "    container: debian:12\n" in job("linux")
    assert "run: make package\n" in job("linux")


def test_what_it_names_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for asked in re.findall(r'"\.\[([\w,]+)\]"', TEXT):
        assert set(asked.split(",")) <= set(project["optional-dependencies"])
    for file in ("installer.spec", "build/dmg", "constraints.txt"):
        assert file in TEXT
        assert (ROOT / file).is_file()


def test_two_runs_of_one_branch_do_not_race() -> None:
    assert "\nconcurrency:\n  group: package-${{ github.ref }}\n" in TEXT
