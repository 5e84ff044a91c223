"""How a Linux desktop knows us: what is written, what is left alone, what real tools make of it."""

import os
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installed import ASSETS, Home
from twocan.install import mime_lists, writing
from twocan.install.linux import Desktop, Places, made_entry
from twocan.install.registration import of_this_system, record
from twocan.install.starting import settle, tend

LINK = "twocan:launch?redeem=https%3A%2F%2Fsite.example%2Fr&code=0123456789abcdef"
KIND = "x-scheme-handler/twocan"
DEFAULT = f"[Default Applications]\n{KIND}=%s\n"
OTHER = "org.example.Other.desktop"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    home.enter(monkeypatch)
    return home


@pytest.fixture
def me(home: Home, monkeypatch: pytest.MonkeyPatch) -> str:
    """The program that runs, and is the current one."""
    mine = home.unpack("1.0")
    home.be(monkeypatch, mine)
    settle([])
    return mine


@pytest.fixture
def desktop(home: Home, me: str) -> Desktop:
    return known(home)


def known(home: Home) -> Desktop:
    desktop = of_this_system(home.programs)
    assert isinstance(desktop, Desktop)
    return desktop


def places(home: Home) -> Places:
    return Places.of_this_person(home.environment)


def another_phone(home: Home) -> Path:
    """A program of somebody else's that opens our links, too."""
    entry = home.data / "applications" / OTHER
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text(f"[Desktop Entry]\nType=Application\nName=O\nExec=true %u\nMimeType={KIND};\n")
    return entry


def decide(home: Home, text: str, name: str = "mimeapps.list") -> Path:
    home.config.mkdir(exist_ok=True)
    path = home.config / name
    path.write_text(text)
    return path


def defaults(home: Home, name: str = "mimeapps.list") -> list[str]:
    return mime_lists.chosen((home.config / name).read_bytes())


# --- What is written -------------------------------------------------------------------------


def test_the_first_start_makes_us_known(home: Home, me: str) -> None:
    tend()
    where = places(home)
    assert f"Exec={home.programs.stable} %u\nTryExec={home.programs.stable}\n" in (
        where.entry.read_text()
    )
    assert where.icon.read_bytes() == (ASSETS / "twocan.svg").read_bytes()
    assert mime_lists.chosen(where.cache.read_bytes(), mime_lists.CACHE) == ["twocan.desktop"]
    assert defaults(home) == ["twocan.desktop"]
    assert known(home).is_right()


def test_the_second_start_writes_nothing(
    home: Home, me: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tend()
    before = home.tree()

    def written(*_: object, **_more: object) -> None:
        raise AssertionError("it was right")

    monkeypatch.setattr(writing, "put", written)
    tend()
    assert home.tree() == before


@pytest.mark.parametrize("harm", ["entry", "icon", "cache", "defaults"])
def test_what_is_gone_is_written_again(home: Home, me: str, harm: str) -> None:
    tend()
    before = home.tree()
    where = places(home)
    lost = where.defaults[-1] if harm == "defaults" else getattr(where, harm)
    lost.unlink()
    assert not known(home).is_right()
    tend()
    assert home.tree() == before


def test_an_entry_that_starts_something_else_is_repaired(home: Home, me: str) -> None:
    tend()
    entry = places(home).entry
    entry.write_text(entry.read_text().replace(str(home.programs.stable), "/gone/twocan"))
    tend()
    assert str(home.programs.stable) in entry.read_text()


def test_an_entry_that_a_person_hid_from_the_menu_stays_hidden(home: Home, me: str) -> None:
    tend()
    entry = places(home).entry
    entry.write_text(entry.read_text() + "NoDisplay=true\n")
    before = home.tree()
    tend()
    assert home.tree() == before


@pytest.mark.parametrize("says", ["Hidden=true", "MimeType=text/html;", "TryExec=/gone/twocan"])
def test_an_entry_that_opens_no_links_any_more_is_repaired(home: Home, me: str, says: str) -> None:
    tend()
    entry, before = places(home).entry, home.tree()
    entry.write_text(entry.read_text() + says + "\n")
    tend()
    assert home.tree() == before


def test_only_the_current_program_repairs(
    home: Home, me: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = home.unpack("1.1")
    home.make_current(newer)
    before = home.tree()
    tend()
    assert home.tree() == before


def test_a_list_that_is_a_link_stays_one(home: Home, desktop: Desktop, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.list"
    kept.write_text("[Default Applications]\ntext/html=browser.desktop\n")
    kept.chmod(0o600)
    home.config.mkdir(exist_ok=True)
    (home.config / "mimeapps.list").symlink_to(kept)
    assert desktop.repair() == []
    assert (home.config / "mimeapps.list").is_symlink()
    assert "text/html=browser.desktop" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert defaults(home) == ["twocan.desktop"]


def test_a_checkout_starts_its_own_python(home: Home) -> None:
    command = ["/a venv/bin/python", "-m", "twocan"]
    entry = made_entry((ASSETS / "twocan.desktop").read_text(), command)
    assert 'Exec="/a venv/bin/python" -m twocan %u\n' in entry
    assert "TryExec=/a venv/bin/python\n" in entry


# --- Whose links they are --------------------------------------------------------------------


def test_whoever_starts_a_download_wants_it_to_open_links(home: Home, desktop: Desktop) -> None:
    another_phone(home)
    decide(home, DEFAULT % OTHER)
    assert desktop.repair() == []
    assert defaults(home) == ["twocan.desktop", OTHER]


def test_another_program_that_was_chosen_since_keeps_the_links(
    home: Home, desktop: Desktop
) -> None:
    another_phone(home)
    desktop.repair()
    path = decide(home, DEFAULT % f"{OTHER};twocan.desktop")
    assert desktop.is_right()
    assert desktop.repair() == []
    assert path.read_text() == DEFAULT % f"{OTHER};twocan.desktop"
    # It says so itself, for once: twocan install.
    assert desktop.repair(take=True) == []
    assert defaults(home)[0] == "twocan.desktop"


def test_one_that_is_gone_keeps_nothing(home: Home, desktop: Desktop) -> None:
    other = another_phone(home)
    desktop.repair()
    decide(home, DEFAULT % OTHER)
    other.unlink()
    assert not desktop.is_right()
    desktop.repair()
    assert defaults(home) == ["twocan.desktop", OTHER]


def test_a_person_who_refused_us_is_not_asked_again(home: Home, desktop: Desktop) -> None:
    desktop.repair()
    refusal = f"[Removed Associations]\n{KIND}=twocan.desktop;\n"
    path = decide(home, refusal)
    assert desktop.is_right()
    assert desktop.repair() == []
    assert path.read_text() == refusal
    desktop.repair(take=True)
    assert defaults(home) == ["twocan.desktop"]
    assert mime_lists.chosen(path.read_bytes(), mime_lists.REMOVED) == []


def test_a_list_of_this_desktop_alone_is_heeded(
    home: Home, me: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "Unity:GNOME")
    another_phone(home)
    decide(home, DEFAULT % OTHER, "gnome-mimeapps.list")
    elsewhere = decide(home, DEFAULT % OTHER, "kde-mimeapps.list")
    desktop = known(home)
    assert desktop.repair() == []
    assert defaults(home, "gnome-mimeapps.list") == ["twocan.desktop", OTHER]
    assert defaults(home) == ["twocan.desktop"]
    assert elsewhere.read_text() == DEFAULT % OTHER

    decide(home, DEFAULT % OTHER, "gnome-mimeapps.list")
    assert desktop.is_right(), "chosen since, for this desktop"


def test_an_entry_in_a_folder_of_its_vendor_is_known(home: Home) -> None:
    inside = home.data / "applications" / "kde4" / "other.desktop"
    inside.parent.mkdir(parents=True)
    inside.touch()
    where = places(home)
    assert where.knows("kde4-other.desktop")
    assert not where.knows("kde4/other.desktop")
    assert not where.knows("../applications/kde4-other.desktop")


# --- What is wrong with the folders ----------------------------------------------------------


def test_what_cannot_be_written_is_told_and_the_rest_is(home: Home, desktop: Desktop) -> None:
    home.config.write_text("a file where a folder has to be")
    (home.data / "icons").write_text("another")
    troubles = [str(each) for each in desktop.repair()]
    assert len(troubles) == 2
    assert all("a file where a folder has to be" in each for each in troubles)
    assert places(home).entry.exists()


@pytest.mark.parametrize("fails_at", range(4))
def test_a_full_disk_leaves_each_file_old_or_new(
    home: Home, me: str, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    another_phone(home)
    decide(home, DEFAULT % OTHER)
    before = home.tree()
    known(home).repair()
    after = home.tree()
    known(home).remove()
    left = fails_at
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "No space left on device", str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    troubles = known(home).repair()
    assert len(troubles) == 4 - fails_at
    for path, about in home.tree().items():
        assert about in (before.get(path), after.get(path)), path
    assert not list(home.folder.rglob(".*.twocan"))


def test_half_a_file_that_a_crash_left_is_replaced_and_goes(home: Home, desktop: Desktop) -> None:
    desktop.repair()
    entry = places(home).entry
    half = writing.beside(entry)
    half.write_text("hal")
    entry.unlink()
    desktop.repair()
    assert not half.exists()
    half.write_text("hal")
    desktop.remove()
    assert not half.exists()


def test_folders_are_listed_before_they_are_made(home: Home, desktop: Desktop) -> None:
    desktop.repair()
    made = record(home.programs).made()
    assert home.data / "icons" / "hicolor" / "scalable" / "apps" in made
    assert home.data / "applications" in made
    assert home.config in made
    assert home.data not in made
    depths = [len(each.parts) for each in made]
    assert depths == sorted(depths, reverse=True)


# --- The lists -------------------------------------------------------------------------------

GROUPS = [b"[Default Applications]", b"[Added Associations]", b" [Removed Associations] ", b"[X]"]
LINES = [*GROUPS, b"", b"# a word", b"text/html=a.desktop;", b"name=\xff\xfe", b"no key"]
OF_OURS = [b"x-scheme-handler/twocan" + end for end in (b"=", b"=;", b"=a.desktop", b" = a;b;")]
texts = st.builds(
    lambda lines, last: b"".join(line + end for line, end in lines) + last,
    st.lists(st.tuples(st.sampled_from(LINES + OF_OURS), st.sampled_from([b"\n", b"\r\n"]))),
    st.sampled_from([b"", b"\r", b"# a word\r", *LINES, *OF_OURS]),
)
groups = st.sampled_from([mime_lists.DEFAULTS, mime_lists.CACHE])


@given(texts | st.binary(), groups)
def test_what_was_added_goes_away_and_leaves_the_list_as_it_was(text: bytes, group: bytes) -> None:
    ours = mime_lists.with_ours(text, group)
    assert mime_lists.chosen(ours, group)[0] == "twocan.desktop"
    assert mime_lists.with_ours(ours, group) == ours
    assert mime_lists.without_ours(ours) == text
    assert mime_lists.without_ours(text) == text


@given(groups)
def test_a_list_that_was_made_goes_away_unless_others_use_it(group: bytes) -> None:
    made = mime_lists.with_ours(None, group)
    assert mime_lists.without_ours(made) is None
    used = made + b"text/html=a.desktop\n"
    assert mime_lists.without_ours(used) == group + b"\ntext/html=a.desktop\n"


def test_we_are_found_in_every_group_and_removed() -> None:
    text = (
        b"[Added Associations]\r\nx-scheme-handler/twocan=a.desktop;twocan.desktop;\r\n"
        b"[Default Applications]\nx-scheme-handler/twocan=twocan.desktop\n"
        b"x-scheme-handler/twocan=twocan.desktop;b.desktop\nx-scheme-handler/tel=twocan.desktop\n"
    )
    assert mime_lists.without_ours(text) == (
        b"[Added Associations]\r\nx-scheme-handler/twocan=a.desktop;\r\n"
        b"[Default Applications]\n"
        b"x-scheme-handler/twocan=b.desktop\nx-scheme-handler/tel=twocan.desktop\n"
    )


# --- What real tools make of it --------------------------------------------------------------


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def said(home: Home, *words: str, **environment: str) -> str:
    done = subprocess.run(
        words,
        env=home.environment
        | {"DISPLAY": ":nowhere", "DBUS_SESSION_BUS_ADDRESS": "disabled:", **environment},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    return (done.stdout + done.stderr).strip()


def heard(home: Home, *words: str, **environment: str) -> list[str]:
    """How a tool started a program of ours, which says so into a pipe."""
    os.mkfifo(home.record)
    listening = os.open(home.record, os.O_RDONLY | os.O_NONBLOCK)
    try:
        told = said(home, *words, **environment)
        assert select.select([listening], [], [], 20)[0], told
        return os.read(listening, 65536).decode().split("\0")[:-1]
    finally:
        os.close(listening)
        home.record.unlink()


@needs("desktop-file-validate")
def test_the_entry_is_valid(home: Home, desktop: Desktop) -> None:
    desktop.repair()
    assert said(home, "desktop-file-validate", str(places(home).entry)) == ""


@needs("xdg-mime")
def test_xdg_mime_names_us(home: Home, desktop: Desktop) -> None:
    desktop.repair()
    assert said(home, "xdg-mime", "query", "default", KIND) == "twocan.desktop"


@needs("gio")
def test_gio_names_us(home: Home, desktop: Desktop) -> None:
    desktop.repair()
    told = said(home, "gio", "mime", KIND, LC_ALL="C.UTF-8")
    assert "twocan.desktop" in told.splitlines()[0]
    assert told.count("twocan.desktop") == 3, "the default, and registered, and recommended"


@needs("update-desktop-database")
def test_the_cache_is_what_the_tool_would_make(home: Home, desktop: Desktop) -> None:
    another_phone(home)
    desktop.repair()
    cache = places(home).cache
    ours = mime_lists.chosen(cache.read_bytes(), mime_lists.CACHE)
    said(home, "update-desktop-database", str(cache.parent))
    assert set(ours) <= set(mime_lists.chosen(cache.read_bytes(), mime_lists.CACHE))
    assert desktop.repair() == []
    assert desktop.is_right()


@needs("xdg-open")
@pytest.mark.parametrize("name", ["home", "Zoë-_.+,@=:ж"])
def test_xdg_open_starts_the_current_program_with_the_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    home = settled(tmp_path / name.replace(":", ""), monkeypatch)
    assert heard(home, "xdg-open", LINK) == [str(home.programs.stable), LINK]


# Without a desktop xdg-open takes no quotes (see desktop_entry.word); every desktop does.
STRANGE = [
    "a b",
    'say "so"',
    "it's",
    "$HOME",
    "100% %u %%",
    "back\\slash",
    "`id`",
    "Zoë ж 电话",
    "a=b%20",
]


@needs("gio")
@pytest.mark.parametrize("name", STRANGE)
def test_a_desktop_starts_the_program_in_any_folder_with_the_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    home = settled(tmp_path / name, monkeypatch)
    started = heard(home, "gio", "open", LINK, LC_ALL="C.UTF-8")
    assert started == [str(home.programs.stable), LINK]


@needs("gio")
@needs("xdg-open")
def test_xdg_open_in_a_desktop_starts_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = settled(tmp_path / "a b", monkeypatch)
    here = {"XDG_CURRENT_DESKTOP": "GNOME", "LC_ALL": "C.UTF-8"}
    assert heard(home, "xdg-open", LINK, **here) == [str(home.programs.stable), LINK]


@needs("gio")
def test_an_entry_whose_program_is_gone_starts_nothing(home: Home, desktop: Desktop) -> None:
    desktop.repair()
    (home.programs.folder / "current").unlink()
    assert "No default application" in said(home, "gio", "mime", KIND, LC_ALL="C.UTF-8")


def settled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(folder)
    home.enter(monkeypatch)
    home.be(monkeypatch, home.unpack("1.0"))
    settle([])
    assert known(home).repair() == []
    return home


# --- What it costs ---------------------------------------------------------------------------


def test_a_look_at_what_is_right_is_quick(home: Home, me: str) -> None:
    tend()
    # Of this thread alone, and once is enough: the machine may do much else.
    costs = []
    for _ in range(20):
        began = time.thread_time()
        tend()
        costs.append(time.thread_time() - began)
    assert min(costs) < 0.05, "seconds"
