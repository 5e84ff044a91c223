"""The licences of everything inside: whose each file is, and what may not be given away."""

import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import licences
from licences import LicenceError, Part, collect, write
from origins import Kind, Origin, Origins, owners, spelled
from twocan.licences import expression, installed, show

ROOT = Path(__file__).parents[2]
TABLE = tomllib.loads((ROOT / "build/licences/parts.toml").read_text("utf-8"))


class Site:
    """A folder of Python packages, like site-packages, with what they say of themselves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.add("pyinstaller", texts={"COPYING.txt": "as its exception says"})

    def add(
        self,
        name: str,
        files: Iterable[str] = (),
        texts: dict[str, str] | None = None,
        about: str = "License-Expression: MIT\n",
    ) -> list[Path]:
        """A package; the places of ``files``."""
        info = f"{name.replace('-', '_')}-1.0.dist-info"
        inside = dict.fromkeys(files, "")
        inside |= {f"{info}/licenses/{text}": words for text, words in (texts or {}).items()}
        inside[f"{info}/METADATA"] = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{about}"
        for file, words in inside.items():
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / file).write_text(words)
        (self.folder / info / "RECORD").write_text("".join(f"{file},,\n" for file in inside))
        return [self.folder / file for file in files]

    def collect(self, files: Iterable[Path], natives: dict[str, Path] | None = None) -> list[Part]:
        return collect(files, natives or {}, Origins(natives or {}, [str(self.folder)]))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site-packages")


def names(parts: Iterable[Part]) -> list[str]:
    return [part.name for part in parts]


# --- Whose it is ---------------------------------------------------------------------------------


def test_ourselves_come_first_and_what_freezes_is_always_inside(site: Site) -> None:
    ours, *others = site.collect([])
    assert (ours.name, ours.licence) == ("Twocan", "Apache-2.0")
    assert "Apache License" in ours.texts[0]
    assert names(others) == ["pyinstaller"]
    assert others[0].licence == "GPL-2.0-or-later WITH Bootloader-exception"
    assert others[0].texts == ("as its exception says",)


def test_a_file_belongs_to_its_package_to_python_or_to_us(site: Site) -> None:
    files = site.add("some-thing", ["some/thing.py"], {"LICENSE": "take it"})
    stdlib = Path(sysconfig.get_path("stdlib"))
    parts = site.collect([*files, stdlib / "json/__init__.py", ROOT / "client/twocan/call.py"])
    assert names(parts) == ["Twocan", "pyinstaller", "Python", "some-thing"]
    assert parts[3] == Part("some-thing", "1.0", "MIT", "", ("take it",))
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in parts[2].texts[0]


def test_a_file_that_is_nobodys_fails_the_build(site: Site, tmp_path: Path) -> None:
    strays = [tmp_path / "libstray.so.1", site.folder / "unrecorded.py"]
    with pytest.raises(LicenceError) as refused:
        site.collect(strays)
    said = str(refused.value).splitlines()
    assert [line.partition(" ")[0] for line in said[:2]] == [str(stray) for stray in strays]
    assert "build/licences" in said[2]


def test_a_package_in_pythons_own_folder_is_not_pythons() -> None:
    stdlib = Path(sysconfig.get_path("stdlib"))
    for folder in ("site-packages", "dist-packages"):
        stray = stdlib / folder / "stray.py"
        assert Origins({}, []).of([stray]) == ({}, [stray])


def test_a_package_without_a_text_fails_the_build(site: Site) -> None:
    files = site.add("silent", ["silent.py"])
    with pytest.raises(LicenceError, match="silent has no text of its licence"):
        site.collect(files)


def test_what_freezes_has_to_say_its_licence_too(tmp_path: Path) -> None:
    with pytest.raises(LicenceError, match="pyinstaller has no text"):
        collect([], {}, Origins({}, [str(tmp_path)]))


def test_qt_says_nothing_and_has_the_texts_of_ours(site: Site) -> None:
    files = site.add("PySide6_Essentials", ["PySide6/QtCore.abi3.so"])
    parts = site.collect(files)
    assert names(parts)[2:] == ["PySide6_Essentials", "Qt's third parties"]
    assert [text.splitlines()[0].strip() for text in parts[2].texts] == [
        "GNU LESSER GENERAL PUBLIC LICENSE",
        "GNU GENERAL PUBLIC LICENSE",
    ]


def test_all_that_is_wrong_is_said_at_once(site: Site, tmp_path: Path) -> None:
    files = site.add("silent", ["silent.py"])
    with pytest.raises(LicenceError) as refused:
        site.collect([*files, tmp_path / "one", tmp_path / "two"])
    assert len(str(refused.value).splitlines()) == 4


# --- What packages carry -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "library",
    [
        "av.libs/libx264-d6533a8d.so.165",
        "av/.dylibs/libx264.165.dylib",
        "av.libs/libx264-165-f3.dll",
    ],
)
def test_what_a_wheel_brings_along_is_named_on_each_system(site: Site, library: str) -> None:
    files = site.add("av", ["av/frame.py", library], {"LICENSE.txt": "av"})
    parts = {part.name: part for part in site.collect(files)}
    assert parts["x264"].licence == "GPL-2.0-or-later"
    assert "FFmpeg" not in parts
    assert "x264" not in names(site.collect(files[:1]))


def test_a_library_that_nobody_has_named_fails_the_build(site: Site) -> None:
    files = site.add("av", ["av.libs/libnew-0123.so.1", "av/_core.so"], {"LICENSE.txt": "av"})
    with pytest.raises(LicenceError, match=r"libnew-0123\.so\.1 came with av, and nothing says"):
        site.collect(files)


def test_what_is_linked_into_a_package_is_always_there(site: Site) -> None:
    files = site.add("pylibsrtp", ["pylibsrtp/_binding.abi3.so"], {"LICENSE": "py"})
    assert names(site.collect(files))[1:] == ["libsrtp", "OpenSSL", "pyinstaller", "pylibsrtp"]


def test_what_was_built_from_source_takes_the_place_of_what_a_wheel_has(
    site: Site, tmp_path: Path
) -> None:
    store = tmp_path / "opus-0123"
    for folder in ("prefix/lib", "licences"):
        (store / folder).mkdir(parents=True)
    (store / "prefix/lib/libopus.so.0").write_text("")
    (store / "licences/COPYING").write_text("as Opus says")
    copied = tmp_path / "elsewhere" / "libopus.so.0"
    files = site.add("av", ["av.libs/libopus-114e.so.0"], {"LICENSE.txt": "av"})

    parts = site.collect([copied, *files], {"opus": store})

    opus = next(part for part in parts if part.name == "opus")
    assert opus.texts == ("as Opus says",)
    assert opus.licence == "BSD-3-Clause"
    assert opus.version
    assert "Opus" not in names(parts)


def test_a_native_part_of_our_own_is_under_our_licence(site: Site, tmp_path: Path) -> None:
    icu = next(part for part in site.collect([], {"icu": tmp_path}) if part.name == "icu")
    assert (icu.version, icu.licence) == ("", "Apache-2.0")
    assert "Apache License" in icu.texts[0]


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="a system without dpkg")
def test_a_library_of_the_system_says_its_package_and_what_that_cites() -> None:
    library = next(Path("/").glob("usr/lib/*/libc.so.6"))
    found, nobodys = Origins({}, []).of([library])
    assert (found, nobodys) == ({Origin(Kind.SYSTEM, "libc6"): {library}}, [])
    part = licences._of_system("libc6")
    assert part.version
    assert "GNU C Library" in part.texts[0]
    assert any(text.lstrip().startswith("GNU LESSER GENERAL PUBLIC") for text in part.texts[1:])


def test_where_there_is_no_dpkg_nothing_is_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert owners([Path("/usr/lib/libc.so.6")]) == {}


# --- The texts that we keep ----------------------------------------------------------------------


def test_the_table_names_the_texts_that_are_there_and_no_others() -> None:
    rows = [*TABLE["parts"].values(), *TABLE["natives"].values()]
    named = {text for row in rows for text in row.get("texts", ())}
    named |= {text for texts in TABLE["packages"].values() for text in texts}
    kept = {file.name for file in (ROOT / "build/licences").glob("*.txt")}
    assert named - {"../../LICENSE"} == kept
    assert (ROOT / "build/licences/../../LICENSE").is_file()


def test_each_part_says_what_it_is() -> None:
    for name, row in TABLE["parts"].items():
        assert set(row) <= {"within", "files", "licence", "home", "texts"}, name
        assert row["within"], name
        assert row["licence"], name
        assert row["texts"], name
        assert row["home"].startswith("https://"), name


def test_every_package_that_the_phone_stands_on_has_a_text() -> None:
    here = Origins({}).distributions
    below = set(stood_on("twocan", here, {"window", "devices", "camera", "package"}))
    assert {"aiortc", "pyside6-essentials", "slixmpp", "cffi"} <= below
    silent = {name for name in below if not licences._package(name, here, TABLE).texts}
    # It is ourselves, installed in place.
    assert silent <= {"twocan"}


def stood_on(
    name: str, here: Mapping[str, Distribution], extras: set[str], seen: set[str] | None = None
) -> Iterator[str]:
    """A package, and all that it needs with these extras, as far as that is installed."""
    seen = set() if seen is None else seen
    if name not in here or name in seen:
        return
    seen.add(name)
    yield name
    for line in here[name].requires or ():
        needed = Requirement(line)
        if needed.marker is None or any(
            needed.marker.evaluate({"extra": extra}) for extra in extras | {""}
        ):
            yield from stood_on(spelled(needed.name), here, set(needed.extras), seen)


# --- The file ------------------------------------------------------------------------------------


def test_equal_texts_are_written_once_under_the_names_of_all(tmp_path: Path) -> None:
    parts = [
        Part("Twocan", "0.1.0", "Apache-2.0", "", ("the Apache License",)),
        Part("one", "1.0", "MIT", "https://one.example", ("may be taken",)),
        Part("two", "", "see its text", "", ("may be taken", "the Apache License")),
    ]
    write(parts, tmp_path / "licenses.txt")
    text = (tmp_path / "licenses.txt").read_text("utf-8")
    assert text.startswith("Twocan 0.1.0 and what is inside it")
    assert text.count("may be taken") == text.count("the Apache License") == 1
    assert "\none, two\n\nmay be taken\n" in text
    assert "\nTwocan, two\n\nthe Apache License\n" in text
    assert any(
        line.split() == ["one", "1.0", "MIT", "https://one.example"] for line in text.splitlines()
    )


# --- The command ---------------------------------------------------------------------------------


def test_a_frozen_program_prints_what_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/licenses.txt").write_text("Twocan and what is inside it ©\n", "utf-8")
    assert show() == 0
    assert capsys.readouterr() == ("Twocan and what is inside it ©\n", "")


def test_a_frozen_program_that_lost_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert show() == 1
    out, said = capsys.readouterr()
    assert out == ""
    assert (
        said
        == f"twocan: {tmp_path}/assets/licenses.txt cannot be read: No such file or directory\n"
    )


def test_a_checkout_lists_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert show() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines if line.startswith("aioice ")] == [
        ["aioice", "0.13.0", "BSD-3-Clause"]
    ]


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("License-Expression: BSD-2-Clause\nLicense: other\n", "BSD-2-Clause"),
        ("License: MIT\n", "MIT"),
        (f"License: {'many words ' * 20}\n", "see its text"),
        ("Classifier: License :: OSI Approved :: ISC License (ISCL)\n", "ISC License (ISCL)"),
        ("", "see its text"),
    ],
)
def test_what_a_package_says_its_licence_is(site: Site, about: str, said: str) -> None:
    site.add("some", about=about)
    (package,) = (each for each in distributions(path=[str(site.folder)]) if each.name == "some")
    assert expression(package) == said
    assert list(installed([package])) == [f"{'some 1.0':<40}  {said}"]


def test_who_has_read_enough_may_close_the_pipe() -> None:
    ask = "import sys; from twocan.licences import show; sys.exit(show())"
    with subprocess.Popen([sys.executable, "-c", ask], stdout=subprocess.PIPE) as reading:
        assert reading.stdout is not None
        reading.stdout.close()
        assert reading.wait(20) in (0, 120)
