"""What the button's scripts weigh, say and look like, in every language and in both lights."""

import gzip
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import twocan_supernode.page
from twocan_supernode.errors import SupernodeError
from twocan_supernode.page import NAMES, VARIABLE, scripts

SOURCES = Path(twocan_supernode.page.__file__).parent
TRANSLATIONS = Path(__file__).parents[2] / "assets/translations"
AS_THE_PHONE = {
    "call": "Call",
    "asking": "Calling…",
    "late": "The server did not answer in time.",
    "calling": "{name} is calling",
    "callingVideo": "{name} calls, with camera",
    "answer": "Answer",
    "decline": "Decline",
    "close": "Close",
    "missed": "You missed a call from {name}",
}
"""Texts that the phone has as well, by what they are called there."""
LANGUAGES = {"de": "de", "es": "es", "zh": "zh_CN", "ar": "ar"}
MOST = 12 * 1024
AA, AA_LARGE = 4.5, 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11."""
READ_ON = [
    ("on-accent", "accent", AA),
    ("text", "surface", AA),
    ("muted", "surface", AA),
    ("text", "raised", AA),
    ("on-accept", "accept", AA),
    ("accent", "surface", AA_LARGE),
    ("bad", "raised", AA_LARGE),
]


def texts() -> dict[str, dict[str, str]]:
    """What words.js says, by language and name."""
    source = (SOURCES / "words.js").read_text()
    said: dict[str, dict[str, str]] = {}
    for language, block in re.findall(r"^  (\w+): \{\n(.*?)^  \},$", source, re.S | re.M):
        lines = re.findall(r'^    "?([\w-]+)"?: (".*"),$', block, re.M)
        assert len(lines) == len(block.splitlines())
        said[language] = {name: json.loads(text) for name, text in lines}
    return said


def test_every_language_has_every_text() -> None:
    said = texts()
    assert set(said) == {"en", *LANGUAGES}
    for language, theirs in said.items():
        assert list(theirs) == list(said["en"]), language
        for name, text in theirs.items():
            places = re.findall(r"\{\w+\}", said["en"][name])
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(places), (language, name)
            assert text.strip() == text != "", (language, name)


def test_it_says_what_the_phone_says() -> None:
    said = texts()
    assert all(said["en"][name].startswith(source) for name, source in AS_THE_PHONE.items())
    for ours, theirs in LANGUAGES.items():
        phone = translated(theirs)
        for name, source in AS_THE_PHONE.items():
            assert any(said[ours][name].startswith(text) for text in phone[source]), (ours, name)


def translated(language: str) -> dict[str, set[str]]:
    """The phone's texts, by their English ones, without isolates: ours get theirs later."""
    found: dict[str, set[str]] = {}
    for message in ET.parse(TRANSLATIONS / f"twocan_{language}.ts").iter("message"):  # noqa: S314
        text = re.sub("[\u2068\u2069]", "", message.findtext("translation", "") or "")
        found.setdefault(message.findtext("source", ""), set()).add(text)
    return found


def test_the_button_is_light() -> None:
    assert len(gzip.compress(scripts()["call-button.js"].read_bytes(), 9)) <= MOST


def test_what_pages_load_is_made_of_these_sources() -> None:
    """Whoever changes them makes the scripts again: `build/setup page`."""
    made = scripts()["call-button.js"]
    newest = max(file.stat().st_mtime for file in SOURCES.glob("*.js"))
    assert made.stat().st_mtime >= newest


def test_scripts_that_are_missing(tmp_path: Path) -> None:
    (tmp_path / "strophe.js").touch()
    with pytest.raises(SupernodeError, match=r"no call-button.js and no incoming-call.js in .*"):
        scripts({VARIABLE: str(tmp_path)})
    for name in NAMES:
        (tmp_path / name).touch()
    assert scripts({VARIABLE: str(tmp_path)})["call-button.js"] == tmp_path / "call-button.js"


def test_the_lock_file_names_no_registry_and_vouches_for_every_byte() -> None:
    text = (SOURCES / "package-lock.json").read_text()
    assert "://" not in text
    assert "resolved" not in text
    packages = json.loads(text)["packages"]
    assert all(
        package["integrity"].startswith("sha512-") for name, package in packages.items() if name
    )


@pytest.mark.parametrize("light", [0, 1], ids=["light", "dark"])
def test_everything_can_be_read(light: int) -> None:
    source = (SOURCES / "look.js").read_text()
    pairs = re.findall(r"--_([\w-]+):.*?light-dark\((#\w+), (#\w+)\)", source)
    colours = {name: both[light] for name, *both in pairs}
    for ink, ground, least in READ_ON:
        assert contrast(colours[ink], colours[ground]) >= least, (ink, ground)


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Of WCAG 2.2, relative."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
