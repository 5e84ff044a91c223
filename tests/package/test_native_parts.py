"""Native parts: planned, fetched, made once, kept whole, and doing without what cannot be made."""

import hashlib
import io
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from native_parts import RECIPES, Built, build_parts
from native_plan import Part, PlanError, Source, keys, read, with_needs
from native_sources import SourceError, fetched, releases_with

# --- the plan ----------------------------------------------------------------------------------

PLAN = """
[window]
needs = ["glass", "frame"]
[glass]
debian = "sand"
version = "1.0-1"
tools = ["fire==3"]
files."sand_1.0.orig.tar.gz" = "{sha}"
[frame]
needs = ["glass"]
""".format(sha="a" * 64)


def test_parts_come_after_what_they_need() -> None:
    parts = read(PLAN)
    assert list(parts) == ["glass", "frame", "window"]
    assert parts["glass"] == Part(
        "glass",
        Source("debian", "sand", "1.0-1", {"sand_1.0.orig.tar.gz": "a" * 64}),
        tools=("fire==3",),
    )


def test_who_wants_one_part_gets_what_it_needs_and_no_more() -> None:
    parts = read(PLAN)
    assert [part.name for part in with_needs(parts, ["frame"])] == ["glass", "frame"]
    with pytest.raises(PlanError, match="there is no part 'door'; there are glass, frame, window"):
        with_needs(parts, ["door"])


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("[a", "sources.toml: "),
        ("a = 1", "'a' is no table"),
        ("['../a']", "'../a' is no table"),
        ("[a]\nneeds = ['b']", "a needs b, which is no part"),
        ("[a]\nneeds = ['b']\n[b]\nneeds = ['a']", "these need each other: "),
        ("[a]\nneed = ['b']", "a says 'need', which means nothing here"),
        ("[a]\nneeds = 'b'", "needs of a must be a list of words"),
        ("[a]\ndebian = 'a'\npypi = 'a'", "from debian or from pypi, not from both"),
        ("[a]\ndebian = 'a'", "a must say its version and its files"),
        (
            "[a]\npypi = 'a'\nversion = '1'\nfiles = {'a.tar' = 'abc'}",
            "a file name with its sha256",
        ),
        (
            f"[a]\npypi = 'a'\nversion = '1'\nfiles = {{'../a' = '{'0' * 64}'}}",
            "a file name with its sha256",
        ),
    ],
)
def test_what_is_wrong_in_a_plan_is_said(plan: str, words: str) -> None:
    with pytest.raises(PlanError) as caught:
        read(plan)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


RECIPE_FILES = {"glass.sh": b"melt", "glass.c": b"clear", "frame.sh": b"saw", "window.sh": b"put"}


def changed(plan: str = PLAN, machine: str = "gcc 12", **files: bytes) -> set[str]:
    """The parts whose key differs from that of the plan as it stands."""
    recipes = RECIPE_FILES | {name.replace("_", "."): data for name, data in files.items()}
    before = keys(read(PLAN), RECIPE_FILES, ["gcc 12"])
    after = keys(read(plan), recipes, [machine])
    return {name for name in before if before[name] != after[name]}


def test_a_key_changes_with_all_that_a_part_is_made_from_and_with_nothing_else() -> None:
    everything = {"glass", "frame", "window"}
    assert changed() == set()
    assert changed(window_sh=b"nail") == {"window"}
    assert changed(frame_sh=b"bend") == {"frame", "window"}
    assert changed(glass_c=b"green") == everything
    assert changed(glass_patch=b"new") == everything
    assert changed(glassy_sh=b"another part") == set()
    assert changed(plan=PLAN.replace("a" * 64, "b" * 64)) == everything
    assert changed(plan=PLAN.replace("fire==3", "fire==4")) == everything
    assert changed(machine="gcc 13") == everything


def test_every_part_of_the_download_has_its_recipe_and_no_recipe_is_left_over() -> None:
    parts = read((RECIPES / "sources.toml").read_text())
    for name in parts:
        assert "set -euo pipefail" in (RECIPES / f"{name}.sh").read_text()
    files = {file.name for file in RECIPES.iterdir() if file.is_file()}
    files -= {"sources.toml", "packages"}
    assert {name.partition(".")[0] for name in files} == set(parts)


# --- making ------------------------------------------------------------------------------------


class Workshop:
    """A folder of recipes, and one to keep what they make."""

    def __init__(self, folder: Path) -> None:
        self.recipes, self.cache = folder / "recipes", folder / "cache"
        self.ran = folder / "ran"
        self.said: list[str] = []
        self.recipes.mkdir()
        self.plan("")

    def plan(self, plan: str, **recipes: str) -> None:
        (self.recipes / "sources.toml").write_text(plan)
        for name, recipe in recipes.items():
            ran = f"echo {name} >> '{self.ran}'"
            (self.recipes / f"{name}.sh").write_text(f"set -euo pipefail\n{ran}\n{recipe}")

    def source(self, name: str, files: Mapping[str, str]) -> str:
        """An archive among the fetched sources, and its checksum."""
        sources = self.cache / "sources"
        sources.mkdir(parents=True, exist_ok=True)
        with tarfile.open(sources / name, "w:gz") as archive:
            for path, text in files.items():
                member = tarfile.TarInfo(f"top-1.0/{path}")
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text.encode()))
        return hashlib.sha256((sources / name).read_bytes()).hexdigest()

    def build(self, *wanted: str) -> Built:
        return build_parts(self.cache, 2, wanted, self.recipes, self.said.append)

    def runs(self) -> list[str]:
        return self.ran.read_text().split() if self.ran.exists() else []

    def kept(self) -> list[str]:
        """What somebody who looks into the cache takes for finished parts."""
        return [path.name.rsplit("-", 1)[0] for path in self.cache.glob("[!.]*-*")]


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


GLASS = """
mkdir -p "$PREFIX/lib/pkgconfig" "$PREFIX/include"
cp glass.h "$PREFIX/include"
echo glass > "$PREFIX/lib/libglass.so.3.1"
ln -s libglass.so.3.1 "$PREFIX/lib/libglass.so.3"
ln -s libglass.so.3.1 "$PREFIX/lib/libglass.so"
echo "prefix=$PREFIX" > "$PREFIX/lib/pkgconfig/glass.pc"
touch "$PREFIX/lib/libglass.la"
"""


def glass(shop: Workshop) -> str:
    """A plan with a part whose source is there."""
    sha = shop.source("glass.tar.gz", {"glass.h": "clear", "LICENSE": "free", "src/x.c": ""})
    return f"[glass]\npypi = 'glass'\nversion = '1'\nfiles.'glass.tar.gz' = '{sha}'\n"


def test_a_part_is_made_of_its_source_and_kept(shop: Workshop) -> None:
    shop.plan(glass(shop), glass=GLASS)
    built = shop.build()
    assert built.failed == {}
    prefix = built.prefixes["glass"]
    assert (prefix / "include/glass.h").read_text() == "clear"
    assert built.libraries == {"libglass.so.3": prefix / "lib/libglass.so.3.1"}
    assert [text.read_text() for text in built.licences["glass"]] == ["free"]
    assert (prefix / "lib/pkgconfig/glass.pc").read_text() == "prefix=${pcfiledir}/../..\n"
    assert not (prefix / "lib/libglass.la").exists()
    assert list((shop.cache / ".work").iterdir()) == []


def test_a_part_that_is_there_is_not_made_again(shop: Workshop) -> None:
    shop.plan(glass(shop), glass=GLASS)
    first = shop.build()
    assert shop.build() == first
    assert shop.runs() == ["glass"]
    assert shop.said[-1] == "glass: there"


def test_another_recipe_makes_another_part(shop: Workshop) -> None:
    shop.plan(glass(shop), glass=GLASS)
    first = shop.build().prefixes["glass"]
    shop.plan(glass(shop), glass=GLASS + "\necho more >> $PREFIX/include/glass.h")
    assert shop.build().prefixes["glass"] != first
    assert (first / "include/glass.h").read_text() == "clear"


def test_a_part_finds_what_it_needs_and_adds_its_own(shop: Workshop) -> None:
    plan = "[frame]\nneeds = ['glass']\n[window]\nneeds = ['frame']\n[door]\n"
    shop.plan(
        plan + glass(shop),
        glass=GLASS,
        frame='mkdir -p "$PREFIX/share"; cp "$PREFIX/lib/libglass.so" "$PREFIX/share/seen"',
        window='cat "$PREFIX/share/seen" "$PREFIX/include/glass.h" > "$PREFIX/window"',
        door='[ -z "$(ls "$PREFIX")" ]',
    )
    built = shop.build()
    assert built.failed == {}
    assert (built.prefixes["window"] / "window").read_text() == "glass\nclear"
    assert [path.name for path in built.prefixes["frame"].iterdir()] == ["share"]


def test_a_recipe_knows_the_version_of_its_source(shop: Workshop) -> None:
    shop.plan(
        glass(shop) + "[door]\n",
        glass=f'[ "$VERSION" = 1 ]; {GLASS}',
        door='[ "$VERSION" = "" ]',
    )
    assert shop.build().failed == {}


def test_wheels_are_collected(shop: Workshop) -> None:
    shop.plan("[a]", a='"$PYTHON" -m zipfile -c "$WHEELS/a-1-py3-none-any.whl" "$RECIPES/a.sh"')
    (wheel,) = shop.build().wheels
    assert zipfile.ZipFile(wheel).namelist() == ["a.sh"]


def test_what_fails_takes_along_only_what_needs_it(shop: Workshop) -> None:
    shop.plan(
        "[a]\n[b]\nneeds = ['a']\n[c]\nneeds = ['b']\n[d]\n",
        a="echo what went wrong; exit 3",
        b="true",
        c="true",
        d="true",
    )
    built = shop.build()
    assert set(built.prefixes) == {"d"}
    why = built.failed["a"]
    assert why.startswith(f"its recipe ended with 3; the end of {shop.cache / 'a.log'}:")
    assert why.endswith("what went wrong")
    assert built.failed["b"] == "it needs a"
    assert built.failed["c"] == "it needs a and b"
    assert shop.kept() == ["d"]


def test_a_part_that_failed_half_way_is_made_from_the_beginning(shop: Workshop) -> None:
    half = 'touch "$PREFIX/half" half; [ -e "{}" ]'.format(shop.cache / "now")
    shop.plan("[a]", a=f"[ ! -e half ]; [ ! -e $PREFIX/half ]; {half}")
    assert shop.build().failed
    (shop.cache / "now").touch()
    assert shop.build().failed == {}
    assert shop.runs() == ["a", "a"]


def test_two_at_once_make_it_once(shop: Workshop) -> None:
    shop.plan(glass(shop), glass=f"sleep 0.3\n{GLASS}")
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: shop.build(), range(2))
    assert first == second
    assert shop.runs() == ["glass"]
    assert "glass: somebody else is making it" in shop.said


def test_a_library_that_tells_where_it_was_made_is_refused(shop: Workshop) -> None:
    shop.plan("[a]", a='mkdir "$PREFIX/lib"; printf "x\\0$PREFIX/lib\\0" > "$PREFIX/lib/liba.so.1"')
    told = f"{shop.cache}/.work/a/prefix/lib"
    assert shop.build().failed == {"a": f"liba.so.1 tells a path of this machine: {told}"}


def test_so_is_one_within_a_wheel(shop: Workshop) -> None:
    make = 'echo "$PWD" > a.so; "$PYTHON" -m zipfile -c "$WHEELS/a.whl" a.so'
    shop.plan("[a]", a=make)
    assert "a.so in a.whl tells a path" in shop.build().failed["a"]


def test_so_is_one_that_tells_where_python_was(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "base_prefix", "/home/me/python")
    shop.plan("[a]", a='mkdir "$PREFIX/lib"; echo /home/me/python/lib > "$PREFIX/lib/liba.so.1"')
    why = shop.build().failed["a"]
    assert why == "liba.so.1 tells a path of this machine: /home/me/python/lib"


def test_a_part_without_a_recipe_is_a_word(shop: Workshop) -> None:
    shop.plan("[a]")
    assert shop.build().failed == {"a": "there is no recipe build/recipes/a.sh"}


def test_a_source_of_another_checksum_is_refused(shop: Workshop) -> None:
    plan = glass(shop)
    shop.source("glass.tar.gz", {"glass.h": "of another"})
    shop.plan(plan, glass=GLASS)
    why = shop.build().failed["glass"]
    assert why.startswith("glass.tar.gz has the checksum ")
    assert f"remove {shop.cache / 'sources/glass.tar.gz'}" in why
    assert shop.runs() == []


def test_so_is_one_that_cannot_be_unpacked(shop: Workshop) -> None:
    (shop.cache / "sources").mkdir(parents=True)
    (shop.cache / "sources/a.tar.gz").write_bytes(b"no archive")
    sha = hashlib.sha256(b"no archive").hexdigest()
    shop.plan(f"[a]\npypi = 'a'\nversion = '1'\nfiles.'a.tar.gz' = '{sha}'", a="true")
    assert shop.build().failed["a"].startswith("a.tar.gz cannot be unpacked: ")


# --- fetching ----------------------------------------------------------------------------------

SAND = b"sand"
FINE = hashlib.sha256(SAND).hexdigest()


RELEASES = f"""Package: sand
Version: 1.1-1
Checksums-Sha256:
 {"c" * 64} 4 sand_1.1.orig.tar.gz

Package: sand
Version: 1.0-3
Checksums-Sha256:
 {FINE} 4 sand_1.0.orig.tar.gz
 {"d" * 64} 9 sand_1.0-3.debian.tar.xz

Package: sand
Version: 1.0-2
Checksums-Sha256:
 {FINE} 4 sand_1.0.orig.tar.gz
 {"a" * 64} 9 sand_1.0-2.debian.tar.xz
"""
"""As `apt-cache showsrc` lists them."""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are found."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def apt(programs: Path, source: str, listed: str = "") -> None:
    """An apt that knows one server and lists these releases, and does that when it is asked for a
    source."""
    (programs / "apt-get").write_text(
        "#!/bin/sh\n"
        f'echo "$@" >> {programs}/asked\n'
        'case "$*" in\n'
        "indextargets*Label:*Debian*) echo http://example.org/debian/;;\n"
        f"*source*) {source};;\n"
        "esac\n"
    )
    (programs / "apt-get").chmod(0o755)
    (programs / "apt-cache").write_text(f"#!/bin/sh\nprintf '%s' '{listed}'\n")
    (programs / "apt-cache").chmod(0o755)


def debian(sha: str = FINE) -> Source:
    return Source("debian", "sand", "1.0-1", {"sand_1.0.orig.tar.gz": sha})


def test_debians_sources_come_from_the_servers_that_apt_knows(
    programs: Path, tmp_path: Path
) -> None:
    apt(programs, "printf sand > sand_1.0.orig.tar.gz")
    (file,) = fetched(debian(), tmp_path / "sources")
    assert file.read_bytes() == SAND
    servers = (tmp_path / "sources/apt/debian.sources").read_text()
    assert "Types: deb-src\nURIs: http://example.org/debian/\nSuites: sid forky trixie\n" in servers
    assert "sand=1.0-1" in (programs / "asked").read_text()


def test_what_was_fetched_once_is_not_fetched_again(programs: Path, tmp_path: Path) -> None:
    apt(programs, "printf sand > sand_1.0.orig.tar.gz")
    fetched(debian(), tmp_path / "sources")
    (programs / "apt-get").unlink()
    fetched(debian(), tmp_path / "sources")


def test_a_file_that_counts_is_enough_even_where_others_are_gone(
    programs: Path, tmp_path: Path
) -> None:
    apt(programs, "printf sand > sand_1.0.orig.tar.gz; exit 100")
    assert fetched(debian(), tmp_path / "sources")


def test_lists_that_do_not_know_it_are_renewed_once(programs: Path, tmp_path: Path) -> None:
    apt(programs, 'grep -q update$ "$0.log" && printf sand > sand_1.0.orig.tar.gz')
    script = programs / "apt-get"
    script.write_text(script.read_text().replace("case", 'echo "$@" >> "$0.log"\ncase', 1))
    grep = programs / "grep"
    grep.symlink_to("/bin/grep")
    assert fetched(debian(), tmp_path / "sources")


def test_a_release_that_is_gone_is_a_word(programs: Path, tmp_path: Path) -> None:
    apt(programs, "echo 'E: Can not find version 1.0-1.'; exit 100")
    with pytest.raises(SourceError) as caught:
        fetched(debian(), tmp_path / "sources")
    assert str(caught.value) == (
        "Debian (sid forky trixie) does not give sand=1.0-1: E: Can not find version 1.0-1."
        " If it was replaced by a newer one, put that into build/recipes/sources.toml"
    )


def test_another_revision_with_the_same_archive_is_as_good(programs: Path, tmp_path: Path) -> None:
    apt(programs, "printf sand > sand_1.0.orig.tar.gz", RELEASES)
    assert fetched(debian(), tmp_path / "sources")
    asked = (programs / "asked").read_text()
    assert "sand=1.0-3" in asked
    assert "sand=1.0-1" not in asked


def test_a_release_serves_only_if_it_has_every_file_with_its_checksum() -> None:
    archive = {"sand_1.0.orig.tar.gz": FINE}
    assert list(releases_with(archive, RELEASES)) == ["1.0-3", "1.0-2"]
    patched = archive | {"sand_1.0-2.debian.tar.xz": "a" * 64}
    assert list(releases_with(patched, RELEASES)) == ["1.0-2"]
    assert list(releases_with({"sand_1.0.orig.tar.gz": "b" * 64}, RELEASES)) == []


def test_a_download_of_another_checksum_is_not_kept(programs: Path, tmp_path: Path) -> None:
    apt(programs, "printf mud > sand_1.0.orig.tar.gz")
    with pytest.raises(SourceError, match=r"^sand_1.0.orig.tar.gz has the checksum "):
        fetched(debian(), tmp_path / "sources")
    assert not (tmp_path / "sources/sand_1.0.orig.tar.gz").exists()
    assert not list((tmp_path / "sources").glob(".coming-*"))


def test_without_apt_it_says_so(programs: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="come through apt, which is not here"):
        fetched(debian(), tmp_path / "sources")


def test_without_lists_it_says_how_to_get_them(programs: Path, tmp_path: Path) -> None:
    (programs / "apt-get").write_text("#!/bin/sh\n")
    (programs / "apt-get").chmod(0o755)
    with pytest.raises(SourceError, match="run 'apt-get update' as root, then again"):
        fetched(debian(), tmp_path / "sources")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The index that pip is set to: a folder."""
    folder = tmp_path / "index"
    (folder / "sand").mkdir(parents=True)
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", folder.as_uri())
    return folder


def sdist() -> Source:
    return Source("pypi", "sand", "1.0", {"sand-1.0.tar.gz": FINE})


def test_pypis_sources_come_from_where_pip_is_set_to(index: Path, tmp_path: Path) -> None:
    (index / "sand/sand-1.0.tar.gz").write_bytes(SAND)
    (index / "sand/index.html").write_text(
        f'<!DOCTYPE html><a href="sand-1.0.tar.gz#sha256={FINE}">sand-1.0.tar.gz</a>'
    )
    (file,) = fetched(sdist(), tmp_path / "sources")
    assert file.read_bytes() == SAND


def test_one_that_is_not_there_is_a_word(index: Path, tmp_path: Path) -> None:
    (index / "sand/index.html").write_text("<!DOCTYPE html>")
    with pytest.raises(SourceError, match=r"^pip finds no sand-1\.0\.tar\.gz of sand: "):
        fetched(sdist(), tmp_path / "sources")


def test_one_that_cannot_be_downloaded_is_a_word(index: Path, tmp_path: Path) -> None:
    (index / "sand/index.html").write_text('<!DOCTYPE html><a href="sand-1.0.tar.gz">sand</a>')
    with pytest.raises(SourceError, match=r"^sand-1\.0\.tar\.gz could not be downloaded: "):
        fetched(sdist(), tmp_path / "sources")
