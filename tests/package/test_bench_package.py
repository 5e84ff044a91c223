"""What `make bench SUITE=package` takes for granted: its sums, its site, its look at the cache."""

import json
import os
import re
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from twocan import links
from twocan.account import understand
from twocan.desk.settings_file import SettingsFile

# After all else: nothing there is to stand in the way of a module of the same name.
sys.path.append(str(Path(__file__).parents[1] / "bench"))

import packaged
import packaged_links
import packaged_starts
from packaged_links import Site
from packaged_starts import Home, forget, remembered
from processes import Failed
from window_screen import Place

STUB = Path(__file__).parents[2] / "build" / "stub"


# --- The file ------------------------------------------------------------------------------------


def test_where_there_is_no_download_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="nothing is not there: `make package` makes it"):
        packaged.the_file({"TWOCAN_FILE": str(tmp_path / "nothing")})


def test_a_file_that_is_named_is_measured_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "twocan"
    file.touch()
    assert packaged.the_file({"TWOCAN_FILE": str(file)}) == file


def test_a_case_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packaged._wanted(" start, file") == ["start", "file"]
    assert packaged._wanted("") == list(packaged.CASES)
    with pytest.raises(SystemExit, match="there is no quick; there is file, unpacked"):
        packaged._wanted("quick")


def test_what_has_two_names_is_there_once(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "one").write_bytes(bytes(1000))
    (tmp_path / "another").write_bytes(bytes(10))
    (tmp_path / "link").symlink_to("inside/one")
    (tmp_path / "folder").symlink_to("inside")
    os.link(tmp_path / "inside" / "one", tmp_path / "same")
    assert packaged.bytes_in(tmp_path) == 1010


# --- Its libraries -------------------------------------------------------------------------------


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    for name in ("libopus.so.0", "libvpx.so.12", "libopusfile.so.0"):
        (tmp_path / name).touch()
    return tmp_path


def test_what_calls_use_is_beside_the_program(inside: Path) -> None:
    ours = (inside / "libopus.so.0", inside / "libvpx.so.12")
    assert packaged.libraries_in(inside) == ours


def test_what_came_with_pyav_goes_before_what_came_with_others(inside: Path) -> None:
    (inside / "av.libs").mkdir()
    own = inside / "av.libs" / "libvpx-0123.so.12"
    own.touch()
    assert packaged.libraries_in(inside) == (inside / "libopus.so.0", own)


def test_a_program_without_one_cannot_be_compared(inside: Path) -> None:
    (inside / "libvpx.so.12").unlink()
    with pytest.raises(Failed, match="there is no libvpx in"):
        packaged.libraries_in(inside)


# --- Its starts ----------------------------------------------------------------------------------


def test_what_shows_how_far_a_first_start_is_is_not_taken_for_the_phone() -> None:
    said = (STUB / "picture.h").read_text()
    high = max(int(found) for found in re.findall(r"^    HEIGHT = (\d+),", said, re.MULTILINE))
    assert not packaged_starts._is_phone(Place(1, 0, 0, 720, 2 * high))
    assert packaged_starts._is_phone(Place(1, 0, 0, 400, 660))


def test_what_is_forgotten_has_to_be_read_again(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}").write_bytes(bytes(100_000))
    (tmp_path / "empty").touch()
    (tmp_path / "link").symlink_to("1")
    assert remembered(tmp_path) == 1
    forget(tmp_path)
    if is_in_memory(tmp_path):
        pytest.skip("the file system is nowhere but in memory")
    assert remembered(tmp_path) == 0
    (tmp_path / "1").read_bytes()
    assert remembered(tmp_path) == 1 / 20, "looking reads nothing"


def is_in_memory(folder: Path) -> bool:
    kinds = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    above = [(mount[1], mount[2]) for mount in kinds if folder.is_relative_to(mount[1])]
    # In a tree of its own (chroot) a process may not be told what its folders are on.
    return max(above, key=lambda one: len(one[0]), default=("", ""))[1] in ("tmpfs", "ramfs")


# --- Its links -----------------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"callee": "somebody"}) as site:
        yield site


def redeem(link: str) -> object:
    """What the site says."""
    launch = links.parse(link)
    asked = urllib.request.Request(launch.redeem, json.dumps({"code": launch.code}).encode())  # noqa: S310
    with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310 - it is ours
        return json.load(answer)


def test_its_links_are_such_as_a_phone_follows_and_it_says_when(site: Site) -> None:
    link, before = site.link(), time.monotonic()
    assert redeem(link) == {"callee": "somebody"}
    assert before <= site.asked(link) <= time.monotonic()


def test_a_link_of_an_earlier_run_is_not_taken_for_this_ones(site: Site) -> None:
    earlier, link = site.link(), site.link()
    redeem(earlier)
    with pytest.raises(Failed, match="another link was followed"):
        site.asked(link)


def test_a_phone_trusts_the_site_and_uses_no_device(tmp_path: Path, site: Site) -> None:
    packaged_links.trust(Home(tmp_path, {}), site)
    settings = SettingsFile(tmp_path / ".config" / "twocan" / "settings.json").load()
    assert settings.trusted_sites == (links.parse(site.link()).site,)
    assert (settings.microphone, settings.speaker) == ("tone:440", "null")


def test_the_account_that_it_gives_names_no_authority() -> None:
    minted = {"address": "a@site.example", "token": "t", "host": "h", "port": 1, "ca": "/ca.pem"}
    says = packaged_links.what_a_site_says(minted, "b@site.example")
    assert "ca" not in says["account"]
    assert understand(says["account"], "it").address == "a@site.example"
    assert says["callee"]["address"] == "b@site.example"
