"""Removing all of it: the person's folders are afterwards what they were before, byte for byte."""

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from installed import Home
from twocan import handover
from twocan.account import Account
from twocan.desk.accounts import Accounts
from twocan.desk.safe import Safe
from twocan.install import commands
from twocan.install.programs import Programs
from twocan.install.removing import Removal

OURS = "x-scheme-handler/twocan"
LISTS = {
    "none": None,
    "empty": b"",
    "others": b"[Default Applications]\ntext/html=b.desktop;\n\n[Added Associations]\na/b=c\n",
    "CRLF": b"[Default Applications]\r\ntext/html=browser.desktop\r\n",
    "no final newline": b"[Added Associations]\na/b=c.desktop",
    "a group alone, without an end": b"[Default Applications]",
    "duplicates": b"[Default Applications]\na/b=c\na/b=d\n[Default Applications]\na/b=e\n",
    "another phone": f"[Default Applications]\n{OURS}=other.desktop;more.desktop\n".encode(),
    "invalid UTF-8": b"[Default Applications]\nname=\xff\xfe\xc3\n# \x80\n",
    "words": b"# a person's own words\n\n\n[Default Applications]\n\n# more\na/b=c\n\n\n",
}
USED = """
import os, pathlib
from twocan.desk import autostart
from twocan.desk.folders import config_folder, data_folder, made
from twocan.desk.settings import Settings
from twocan.desk.settings_file import SettingsFile
from twocan.install.starting import settle, tend
settle([])
SettingsFile(made(config_folder()) / "settings.json").save(Settings(language="de"))
tend()
(made(data_folder()) / "history.sqlite").write_bytes(b"calls")
(data_folder() / "history.sqlite-wal").write_bytes(b"more")
(made(data_folder() / "update") / "asked.json").write_bytes(b"{}")
autostart.turn(True)
from twocan.handover import begin
begin([], os.environ).close()
"""
"""What a person does who uses a downloaded program for a while."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    home.data.mkdir(parents=True)
    home.enter(monkeypatch)
    return home


def use(home: Home, *versions: str) -> str:
    """Download these versions and use each; the last one's ID."""
    for version in versions:
        program = home.unpack(version)
        home.run(program, USED)
    return program


def furnish(home: Home) -> None:
    """What other programs of a person leave."""
    for name in ("applications", "icons/hicolor/48x48/apps", "twocan-notes"):
        (home.data / name).mkdir(parents=True)
    (home.data / "applications" / "mimeinfo.cache").write_text("[MIME Cache]\na/b=c.desktop;\n")
    (home.data / "applications" / "other.desktop").write_text("[Desktop Entry]\nName=Other\n")
    (home.config / "autostart").mkdir(parents=True)
    (home.config / "autostart" / "other.desktop").write_text("[Desktop Entry]\n")
    (home.config / "twocanrc").write_text("somebody else's\n")


# --- Every trace -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_home_is_as_it_was_before(home: Home, name: str) -> None:
    furnish(home)
    if (text := LISTS[name]) is not None:
        (home.config / "mimeapps.list").write_bytes(text)
    before = home.tree()
    program = use(home, "1.0")
    assert (home.config / "autostart" / "twocan.desktop").exists()

    code, out, _ = home.command(program, "uninstall", "--quiet", "--history")

    assert (code, out) == (0, "")
    assert home.tree() == before
    assert list((home.folder.parent / "run").iterdir()) == []


def test_an_empty_home_is_empty_again_after_two_versions(home: Home) -> None:
    before = home.tree()
    program = use(home, "1.0", "1.1")
    assert home.command(program, "uninstall", "--quiet", "--history")[0] == 0
    assert home.tree() == before


def test_lists_that_name_us_in_every_group_name_nobody_afterwards(home: Home) -> None:
    home.config.mkdir()
    groups = ("Default Applications", "Added Associations", "Removed Associations")
    lines = "".join(f"[{group}]\n{OURS}=twocan.desktop;a.desktop;\n" for group in groups)
    for name in ("mimeapps.list", "gnome-mimeapps.list"):
        (home.config / name).write_text(lines)
    program = use(home, "1.0")
    home.command(program, "uninstall", "--quiet")
    for name in ("mimeapps.list", "gnome-mimeapps.list"):
        assert (home.config / name).read_text() == lines.replace("twocan.desktop;", "")


def test_calls_are_remembered_unless_told(home: Home) -> None:
    before = home.tree()
    program = use(home, "1.0")

    code, out, _ = home.command(program, "uninstall", "--quiet")
    kept = set(home.tree()) - set(before)
    assert code == 0
    assert kept == {
        ".local/share/twocan",
        ".local/share/twocan/history.sqlite",
        ".local/share/twocan/history.sqlite-wal",
    }

    code, out, _ = home.command("", "uninstall", "--quiet", "--history")
    assert (code, out) == (0, "")
    assert home.tree() == before


def test_a_checkout_that_opens_links_goes_as_well(home: Home) -> None:
    before = home.tree()
    assert home.command("", "install", "--quiet")[0] == 0
    assert home.command("", "uninstall", "--quiet")[0] == 0
    assert home.tree() == before


def test_a_checkout_leaves_a_home_as_new_as_it_was(home: Home) -> None:
    shutil.rmtree(home.folder / ".local")
    assert home.command("", "install", "--quiet")[0] == 0
    assert home.command("", "uninstall", "--quiet")[0] == 0
    assert home.tree() == {}


def test_looking_for_a_phone_leaves_no_folder(home: Home) -> None:
    # Without a folder of the session phones meet beside the history.
    del home.environment["XDG_RUNTIME_DIR"]
    shutil.rmtree(home.folder / ".local")
    assert home.command("", "uninstall", "--quiet")[0] == 0
    assert home.tree() == {}


def test_once_the_program_is_gone_nothing_of_it_is_loaded_any_more(home: Home) -> None:
    program = use(home, "1.0")
    code = """
import atexit
from twocan.cli import run
from twocan.install.programs import Programs
remove_all = Programs.remove_all
def remove(self):
    remove_all(self)
    before = set(sys.modules)
    atexit.register(lambda: print("loaded", sorted(set(sys.modules) - before)))
Programs.remove_all = remove
run(["uninstall", "--quiet"])
"""
    assert "loaded []" in home.run(program, code).splitlines()


def test_where_nothing_was_installed_nothing_changes(home: Home) -> None:
    furnish(home)
    before = home.tree()
    assert home.command("", "uninstall", "--quiet")[0] == 0
    assert home.tree() == before


def test_what_a_person_put_beside_the_programs_stays(home: Home) -> None:
    program = use(home, "1.0")
    note = home.programs.folder / "note.txt"
    note.write_text("mine")
    assert home.command(program, "uninstall", "--quiet", "--history")[0] == 0
    assert list(home.programs.folder.iterdir()) == [note]


def test_what_a_link_of_ours_leads_to_stays(home: Home, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "theirs").touch()
    program = use(home, "1.0")
    (home.data / "twocan" / "linked").symlink_to(elsewhere)
    assert home.command(program, "uninstall", "--quiet", "--history")[0] == 0
    assert (elsewhere / "theirs").exists()


# --- Crashes and failures --------------------------------------------------------------------

_DYING = """
import os, pathlib, shutil, signal
def dying(call):
    def step(*arguments, **named):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return call(*arguments, **named)
    return step
left = LEFT
for owner, name in (
    (pathlib.Path, "replace"), (pathlib.Path, "rename"), (pathlib.Path, "unlink"),
    (pathlib.Path, "rmdir"), (shutil, "rmtree"),
):
    setattr(owner, name, dying(getattr(owner, name)))
from twocan.cli import run
run(["uninstall", "--quiet", "--history"])
print("done")
"""


@pytest.mark.timeout(180)
def test_killed_at_any_step_a_second_one_finishes_it(home: Home, tmp_path: Path) -> None:
    (home.config / "autostart").mkdir(parents=True)
    (home.config / "mimeapps.list").write_bytes(LISTS["others"] or b"")
    before = home.tree()
    program = use(home, "1.0")
    used = tmp_path / "used"
    home.folder.rename(used)
    died_at = 0
    while True:
        shutil.copytree(used, home.folder, symlinks=True)
        words = home.words(program, _DYING.replace("LEFT", str(died_at)))
        killed = subprocess.run(words, env=home.environment, capture_output=True, check=False)
        Removal(home.programs, history=True, find_safe=lambda: None).run()
        assert home.tree() == before, f"killed at step {died_at}"
        if killed.stdout:
            break
        shutil.rmtree(home.folder)
        died_at += 4
    assert died_at > 10


def test_a_phone_that_does_not_end_is_not_removed_under_its_feet(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(home, "1.0")
    before = home.tree()
    monkeypatch.setattr(handover, "quit_running", lambda within: False)
    with pytest.raises(commands.NotDone, match="did not end: close it"):
        commands.uninstall(print, print)
    assert home.tree() == before


def test_what_cannot_be_removed_is_told_and_the_rest_goes(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(home, "1.0")
    stuck = home.config / "twocan" / "settings.json"
    unlink = Path.unlink

    def refused(self: Path, missing_ok: bool = False) -> None:
        if self == stuck:
            raise PermissionError(13, "Permission denied", str(self))
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", refused)
    said: list[str] = []
    assert commands.uninstall(said.append, said.append) == 1
    assert f"not removed: {stuck}: Permission denied" in said
    assert not home.programs.folder.exists()


# --- The secrets of accounts -----------------------------------------------------------------


class Ring(KeyringBackend):
    """A keyring in memory, with something of others in it."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.items = {("others", "accounts"): "theirs"}
        self.asked: Callable[[], None] = lambda: None

    def get_password(self, service: str, username: str) -> str | None:
        self.asked()
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.items.pop((service, username), None) is None:
            raise PasswordDeleteError("no such password")


def test_no_account_is_left_in_the_keyring(home: Home) -> None:
    ring = Ring()
    accounts = Accounts(Safe(ring, "Demo keyring"))
    for number, length in enumerate((10, 5000)):
        accounts.keep(Account(f"p{number}@site.example", "s" * length, is_token=True))
    assert len(ring.items) > 5

    removal = Removal(home.programs, history=False, find_safe=lambda: Safe(ring, "Demo keyring"))
    removal.run()

    assert removal.left == []
    assert ring.items == {("others", "accounts"): "theirs"}


def test_a_keyring_that_fails_is_told(home: Home) -> None:
    ring = Ring()
    Accounts(Safe(ring, "Demo keyring")).keep(Account("p@site.example", "s3cret", is_token=True))

    def fail() -> None:
        raise RuntimeError("s3cret")

    ring.asked = fail
    removal = Removal(home.programs, history=False, find_safe=lambda: Safe(ring, "Demo keyring"))
    removal.run()

    assert len(removal.left) == 1
    assert "Demo keyring does not work" in removal.left[0]
    assert "s3cret" not in removal.left[0]


def test_without_a_keyring_that_is_said(home: Home) -> None:
    code, _, err = home.command("", "uninstall", "--quiet")
    assert code == 0
    assert "no keyring answers" in err


# --- Asking ----------------------------------------------------------------------------------


def test_it_asks_before_it_removes_anything(home: Home) -> None:
    before = home.tree()
    code, out, err = home.command("", "uninstall")
    assert (code, out) == (2, "")
    assert "say --quiet" in err
    assert home.tree() == before


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("YES", 0), ("n", 1), ("", 1), ("yo", 1)])
def test_what_is_answered_counts(home: Home, answer: str, code: int) -> None:
    use(home, "1.0")
    ours, theirs = pty.openpty()
    try:
        os.write(ours, f"{answer}\n".encode())
        done = subprocess.run(
            [sys.executable, "-m", "twocan", "uninstall"],
            env=home.environment,
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert "Remove Twocan" in done.stderr
    assert done.returncode == code
    assert Programs.of_this_person().folder.exists() is (code == 1)
    assert (home.data / "twocan" / "history.sqlite").exists()
    assert ("The history of your calls is still in" in done.stdout) is (code == 0)
