"""``twocan install``: what is typed, what is said, and what a checkout can do."""

import subprocess
import sys
from pathlib import Path

import pytest

from installed import Home
from twocan import __version__, cli
from twocan.install import commands
from twocan.install.linux import Places


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    home.enter(monkeypatch)
    return home


def entry(home: Home) -> str:
    return Places.of_this_person(home.environment).entry.read_text()


# --- A downloaded program --------------------------------------------------------------------


def test_it_becomes_current_and_says_where_it_is(home: Home) -> None:
    program = home.unpack("1.0")
    code, out, err = home.command(program, "install")
    assert (code, err) == (0, "")
    assert home.programs.current == program
    assert str(home.programs.stable) in out
    assert f"Exec={home.programs.stable} %u\n" in entry(home)
    assert home.started() is None, "it starts nothing"


def test_quiet_is_quiet(home: Home) -> None:
    assert home.command(home.unpack("1.0"), "install", "--quiet") == (0, "", "")


def test_an_older_one_is_refused_unless_it_is_meant(home: Home) -> None:
    old, new = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(new)
    before = home.tree()

    code, out, err = home.command(old, "install")
    assert (code, out) == (2, "")
    assert err == (
        f"twocan: version 1.1 is installed, which is newer than {__version__}: --older goes back "
        "to this one\n"
    )
    assert home.tree() == before

    assert home.command(old, "install", "--older")[0] == 0
    assert home.programs.current == old


def test_an_update_that_waits_is_forgotten_if_it_is_not_newer(home: Home) -> None:
    old, mine, newer = (home.unpack(f"1.{minor}") for minor in range(3))
    for waiting, left in ((newer, newer), (old, None), (mine, None)):
        with home.programs.locked():
            home.programs.make_next(waiting)
        assert home.command(mine, "install", "--quiet")[0] == 0
        assert (home.programs.current, home.programs.next) == (mine, left)


def test_whoever_installs_takes_the_links_back(home: Home) -> None:
    other = home.data / "applications" / "other.desktop"
    program = home.unpack("1.0")
    home.command(program, "install")
    other.write_text("[Desktop Entry]\n")
    chosen = home.config / "mimeapps.list"
    chosen.write_text("[Default Applications]\nx-scheme-handler/twocan=other.desktop\n")
    home.command(program, "install")
    assert "=twocan.desktop;other.desktop\n" in chosen.read_text()


def test_what_cannot_be_written_is_told_in_words(home: Home) -> None:
    program = home.unpack("1.0")
    home.config.write_text("a file where a folder has to be")
    code, _, err = home.command(program, "install")
    assert code == 1
    assert "not all is as it should be" in err
    assert "Traceback" not in err
    assert home.programs.current == program


def test_a_home_that_cannot_be_written_is_told_in_words(home: Home) -> None:
    (home.folder / ".local").write_text("a file where a folder has to be")
    code, out, err = home.command("", "install")
    assert (code, out) == (1, "")
    assert err.startswith("twocan: it could not be installed: ")
    assert "Traceback" not in err


# --- An update -------------------------------------------------------------------------------


def trials(monkeypatch: pytest.MonkeyPatch, code: int) -> list[object]:
    """What is started to test a program, which then ends with this code."""
    started: list[object] = []

    def run(words: list[object], **_: object) -> "subprocess.CompletedProcess[bytes]":
        started.append([str(word) for word in words])
        return subprocess.CompletedProcess([], code)

    monkeypatch.setattr(subprocess, "run", run)
    return started


def test_an_update_is_tested_and_waits(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    old, update = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(old)
    home.be(monkeypatch, update)
    started = trials(monkeypatch, 0)
    assert commands.install_next(print) == 0
    assert started == [[str(home.programs.folder / update / "twocan"), "selftest"]]
    assert (home.programs.current, home.programs.next) == (old, update)
    assert not Places.of_this_person(home.environment).entry.exists()


def test_an_update_that_does_not_work_is_no_update(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, update = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(old)
    home.be(monkeypatch, update)
    trials(monkeypatch, 4)
    with pytest.raises(commands.NotDone, match="selftest gave 4"):
        commands.install_next(print)
    assert home.programs.next is None


def test_an_update_that_tests_itself_for_ever_is_no_update(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = home.unpack("1.1")
    (home.programs.folder / update / "twocan").write_text("#!/bin/sh\nexec sleep 60\n")
    home.be(monkeypatch, update)
    monkeypatch.setattr(commands, "SELFTEST_WITHIN", 0.2)
    with pytest.raises(commands.NotDone, match="does not work here"):
        commands.install_next(print)
    assert home.programs.next is None


def test_an_older_update_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = home.unpack("1.0"), home.unpack("1.1")
    home.make_current(new)
    home.be(monkeypatch, old)
    trials(monkeypatch, 0)
    with pytest.raises(commands.NotDone, match="newer") as refused:
        commands.install_next(print)
    assert refused.value.code == 2
    assert home.programs.next is None


def test_to_go_back_is_done_now_or_not_at_all(home: Home) -> None:
    code, _, err = home.command(home.unpack("1.0"), "install", "--next", "--older")
    assert code == 2
    assert "--older goes back now" in err


def test_what_is_current_already_is_no_update(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = home.unpack("1.0")
    home.make_current(mine)
    home.be(monkeypatch, mine)
    trials(monkeypatch, 0)
    assert commands.install_next(print) == 0
    assert home.programs.next is None


# --- A checkout ------------------------------------------------------------------------------


def test_a_checkout_opens_links_with_its_own_python(home: Home) -> None:
    code, out, _ = home.command("", "install")
    assert code == 0
    assert f"{sys.executable} -m twocan" in out
    assert "-m twocan %u\n" in entry(home)
    assert home.programs.current is None


def test_a_checkout_is_no_update(home: Home) -> None:
    code, _, err = home.command("", "install", "--next")
    assert code == 2
    assert "--next is for a program that was downloaded" in err


# --- What else is typed ----------------------------------------------------------------------


def test_licences_are_shown(home: Home) -> None:
    code, out, _ = home.command("", "--licenses")
    assert code == 0
    assert "PySide6" in out or "Qt" in out


@pytest.mark.parametrize("typed", [["--version"], ["install", "--help"], ["uninstall", "--help"]])
def test_words_alone_load_nothing_that_installs(home: Home, typed: list[str]) -> None:
    ask = (
        "import atexit, sys; from twocan.cli import run\n"
        "atexit.register(lambda: print(*sys.modules)); run(sys.argv[1:])"
    )
    said = subprocess.run(
        [sys.executable, "-c", ask, *typed],
        env=home.environment, capture_output=True, text=True, check=True, timeout=50,
    ).stdout  # fmt: skip
    loaded = {each.split(".")[0] for each in said.split()}
    assert not {"PySide6", "keyring", "numpy", "slixmpp"} & loaded
    assert not {each for each in said.split() if each.startswith("twocan.install")}


def test_a_program_without_standard_streams_can_be_uninstalled(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a windowed program on Windows has none.
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert cli.run(["uninstall", "--quiet"]) == 0
    assert cli.run(["uninstall"]) == 2
