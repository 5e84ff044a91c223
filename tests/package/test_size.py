"""The table of sizes and the budget: figures in, words out."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import size
from native_parts import Built
from package import PackageError, checked_key, compare, handed_out, slim_parts
from size import SizeError, Sizes, Weight

PARTS = {"Qt": Weight(30_000_000, 10_000_000), "Twocan": Weight(2_000_000, 300_000, slim=True)}
SIZES = Sizes("slim", "1.0", "3.11.7", 26_000_000, 90_000_000, PARTS)
FAST = replace(SIZES, variant="fast", file=120_000_000, unpacked=400_000_000)


# --- Whose it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("assets/icons/call.svg", "Twocan"),
        ("assets/licenses.txt", "licences"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "Qt"),
        ("libxcb-cursor.so.0", "Qt"),
        ("libicudata.so.73", "Qt"),
        ("PySide6/QtGui.abi3.so", "PySide"),
        ("libpyside6.abi3.so.6.11", "PySide"),
        ("av.libs/libx265-f5385bb8.so.216", "FFmpeg and PyAV"),
        ("libavcodec.so.62", "FFmpeg and PyAV"),
        ("cv2.abi3.so", "OpenCV"),
        ("opencv_python_headless.libs/libaom.so.3", "OpenCV"),
        ("numpy.libs/libscipy_openblas64_.so", "NumPy"),
        ("libcrypto.so.3", "OpenSSL"),
        ("cryptography/hazmat/bindings/_rust.abi3.so", "cryptography"),
        ("pylibsrtp/_binding.abi3.so", "signalling and transport"),
        ("libportaudio.so.2", "sound"),
        ("libpython3.11.so.1.0", "Python"),
        ("python3.11/lib-dynload/_json.so", "Python"),
        ("base_library.zip", "Python"),
        ("psutil/_psutil_linux.abi3.so", "other"),
    ],
)
def test_a_file_belongs_to_a_part(name: str, part: str) -> None:
    assert size.part_of(name) == part


@pytest.mark.parametrize(
    ("module", "part"),
    [
        ("twocan.gui.app", "Twocan"),
        ("av", "FFmpeg and PyAV"),
        ("numpy.fft", "NumPy"),
        ("slixmpp.jid", "signalling and transport"),
        ("asyncio.events", "Python"),
        ("keyring.core", "other"),
    ],
)
def test_a_module_belongs_to_a_part(module: str, part: str) -> None:
    assert size.module_part(module) == part


def test_a_part_is_slim_where_something_in_it_was_built_small() -> None:
    wheels = [Path("/w/av-18.1.0-cp311-abi3-linux.whl"), Path("/w/numpy-2.4.6-cp311.whl")]
    built = Built(wheels=wheels, libraries={"libssl.so.3": Path("/l/libssl.so.3")})
    assert slim_parts(built) == {"FFmpeg and PyAV", "NumPy", "OpenSSL"}


# --- The budget ----------------------------------------------------------------------------------


def grown(of: Sizes, part: str, unpacked: int = 0, packed: int = 0) -> Sizes:
    was = of.parts.get(part, Weight(0, 0))
    now = replace(was, unpacked=was.unpacked + unpacked, packed=was.packed + packed)
    return replace(of, parts={**of.parts, part: now})


def words(sizes: Sizes, budget: Sizes | None) -> list[str]:
    try:
        size.within(sizes, budget)
    except SizeError as error:
        return str(error).splitlines()
    return []


def test_what_was_accepted_is_within_the_budget() -> None:
    assert words(SIZES, SIZES) == []


def test_a_part_that_grew_is_named_with_both_figures_and_what_to_do() -> None:
    said = words(grown(SIZES, "Qt", packed=600_000), SIZES)
    assert said == ["Qt grew packed from 10.00 MB to 10.60 MB", size.WHAT_TO_DO]
    assert "make package BUDGET=accept" in size.WHAT_TO_DO
    said = words(grown(SIZES, "Qt", unpacked=1_600_000), SIZES)
    assert said[0] == "Qt grew unpacked from 30.00 MB to 31.60 MB"


def test_what_grew_by_less_than_a_twentieth_or_20_kb_did_not_grow() -> None:
    assert words(grown(SIZES, "Qt", packed=499_000), SIZES) == []
    assert words(grown(SIZES, "Twocan", packed=19_000), SIZES) == []
    assert words(grown(SIZES, "Twocan", packed=21_000), SIZES) != []


def test_a_new_part_grew_from_nothing() -> None:
    assert "games grew unpacked from 0.00 MB" in words(grown(SIZES, "games", 10**6), SIZES)[0]


def test_a_part_that_shrank_or_went_is_no_trouble() -> None:
    assert words(replace(SIZES, parts={"Qt": Weight(1, 1)}), SIZES) == []


def test_another_python_may_be_bigger_but_nothing_else() -> None:
    budget = grown(SIZES, "Python", 10_000_000, 3_000_000)
    other = replace(grown(budget, "Python", 9_000_000), python="3.11.2")
    assert words(other, budget) == []
    assert words(replace(other, python=budget.python), budget) != []
    assert words(grown(other, "Qt", 9_000_000), budget) != []


def test_without_a_budget_one_has_to_be_accepted() -> None:
    assert words(FAST, None) == ["there is no budget for a fast build yet", size.WHAT_TO_DO]


def test_the_download_is_never_bigger_than_it_may_be() -> None:
    big = replace(SIZES, file=30_500_000, unpacked=100_500_000)
    assert words(big, big)[:2] == [
        "file: 30.50 MB, and 30.00 MB is the most",
        "unpacked: 100.50 MB, and 100.00 MB is the most",
    ]


def test_that_holds_for_what_people_get_and_not_for_quick_checks() -> None:
    assert words(FAST, FAST) == []


def test_what_stock_libraries_made_too_big_is_told_and_is_no_reason_to_stop(
    capsys: pytest.CaptureFixture[str],
) -> None:
    big = grown(SIZES, "FFmpeg and PyAV", 70_000_000)
    compare(big, SIZES, ["ffmpeg", "pyav"])
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "Too big, as stock libraries are in it instead of ffmpeg, pyav:"
    assert told[1:] == ["FFmpeg and PyAV grew unpacked from 0.00 MB to 70.00 MB"]
    with pytest.raises(SizeError):
        compare(big, SIZES, [])


def test_accepted_sizes_are_found_again_each_under_its_variant() -> None:
    said = size.with_budget(size.with_budget("", SIZES), FAST)
    assert size.budget_of(said, "slim") == SIZES
    assert size.budget_of(said, "fast") == FAST
    assert size.budget_of("", "slim") is None
    assert size.budget_of(said, "other") is None
    newer = replace(FAST, file=1)
    assert size.budget_of(size.with_budget(said, newer), "fast") == newer
    assert size.budget_of(size.with_budget(said, newer), "slim") == SIZES


# --- What is said --------------------------------------------------------------------------------


def test_the_table_has_the_biggest_part_first() -> None:
    assert size.table(SIZES).splitlines() == [
        "file 26.00 MB, unpacked 90.00 MB (at most 30.00 MB and 100.00 MB)",
        "part                          unpacked      packed   libraries",
        "Qt                            30.00 MB    10.00 MB   stock",
        "Twocan                         2.00 MB     0.30 MB   slim",
        "Each part is packed by itself here; in the file one helps another.",
    ]
    assert "at most" not in size.table(FAST)


def test_programs_read_the_same_figures() -> None:
    said = json.loads(size.as_json(SIZES))
    assert said["file"] == 26_000_000
    assert said["parts"]["Qt"] == {"unpacked": 30_000_000, "packed": 10_000_000, "slim": False}


# --- What is made of it --------------------------------------------------------------------------


def test_the_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    made, dist = tmp_path / "made", tmp_path / "new" / "dist"
    made.write_bytes(b"one")
    assert handed_out(made, dist).read_bytes() == b"one"
    made.unlink()
    with pytest.raises(FileNotFoundError):
        handed_out(made, dist)
    assert [each.name for each in dist.iterdir()] == ["twocan"]
    assert (dist / "twocan").read_bytes() == b"one"


def test_half_a_file_is_taken_away_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(made: Path, new: Path) -> None:
        new.write_bytes(made.read_bytes()[:1])
        raise OSError(28, "No space left on device")

    made = tmp_path / "made"
    made.write_bytes(b"one")
    monkeypatch.setattr("shutil.copy2", full)
    with pytest.raises(OSError, match="No space left"):
        handed_out(made, tmp_path / "dist")
    assert list((tmp_path / "dist").iterdir()) == []


@pytest.mark.parametrize("said", ["", "not base64!", "c2hvcnQ="])
def test_a_key_that_is_none_is_refused(tmp_path: Path, said: str) -> None:
    file = tmp_path / "release.pub"
    file.write_text(said)
    with pytest.raises(PackageError, match="RELEASE_KEY"):
        checked_key(file)
    with pytest.raises(PackageError, match="RELEASE_KEY"):
        checked_key(tmp_path / "nowhere")


def test_a_key_is_32_bytes(tmp_path: Path) -> None:
    file = tmp_path / "release.pub"
    file.write_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
    assert checked_key(file) == b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
