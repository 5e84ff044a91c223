"""The settings' file: whatever it says, the phone starts, and what is understood is heeded."""

import json
import os
import resource
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twocan.desk import settings_file as module
from twocan.desk.settings import LANGUAGES, Settings
from twocan.desk.settings_file import SettingsFile

CHANGED = Settings(
    microphone="Headset",
    speaker="null",
    ringer="Loudspeaker",
    camera="pattern",
    echo=False,
    noise=False,
    gain=False,
    ring_volume=0.25,
    language="ar",
    do_not_disturb=True,
    trusted_sites=("site.example", "localhost:8080"),
    account="somebody@site.example",
    told_of_closing=True,
    updates=False,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def written(file: Path, text: str | bytes) -> SettingsFile:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return SettingsFile(file)


def names(file: Path) -> set[str]:
    return {path.name for path in file.parent.iterdir()}


# --- From one start to the next -----------------------------------------------------------------


def test_the_first_start(file: Path) -> None:
    assert SettingsFile(file).load() == Settings()
    assert not file.parent.exists()


def test_everything_lasts(file: Path) -> None:
    assert all(asdict(CHANGED)[name] != value for name, value in asdict(Settings()).items())

    SettingsFile(file).save(CHANGED)

    assert SettingsFile(file).load() == CHANGED
    assert names(file) == {"settings.json"}


def test_without_a_file_they_are_for_this_run() -> None:
    settings = SettingsFile(None)
    assert settings.load() == Settings()
    settings.save(CHANGED)
    assert (settings.load(), settings.problem) == (CHANGED, None)
    assert SettingsFile(None).load() == Settings()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_the_file_is_the_persons_alone(file: Path) -> None:
    SettingsFile(file).save(CHANGED)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_link_to_the_file_stays_a_link(file: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    file.parent.mkdir()
    file.symlink_to(tmp_path / "elsewhere" / "settings.json")

    SettingsFile(file).save(CHANGED)

    assert file.is_symlink()
    assert SettingsFile(file).load() == CHANGED


# --- What a person or another version wrote -----------------------------------------------------


def test_each_key_has_its_reader() -> None:
    assert set(module._READERS) == {field.name for field in fields(Settings)}


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("microphone", 1),
        ("microphone", ""),
        ("camera", None),
        ("speaker", "\ud800"),
        ("echo", 1),
        ("gain", "true"),
        ("do_not_disturb", None),
        ("ring_volume", 1.01),
        ("ring_volume", -0.01),
        ("ring_volume", True),
        ("ring_volume", float("nan")),
        ("ring_volume", float("inf")),
        ("ring_volume", 10**400),
        ("ring_volume", "0.5"),
        ("language", "tlh"),
        ("language", ["en"]),
        ("trusted_sites", "site.example"),
        ("trusted_sites", ["site.example", 1]),
        ("trusted_sites", {"site.example": True}),
        ("account", "nobody"),
        ("account", 5),
    ],
)
def test_what_is_wrong_takes_its_default_and_the_rest_is_heeded(
    key: str, wrong: Any, file: Path
) -> None:
    said = asdict(CHANGED) | {key: wrong}
    expected = asdict(CHANGED) | {key: asdict(Settings())[key]}

    assert asdict(written(file, json.dumps(said)).load()) == expected


def test_what_a_newer_version_wrote_survives(file: Path) -> None:
    newer = {"ringtone": {"name": "bells"}, "language": "fr", "echo": False}
    settings = written(file, json.dumps(newer))

    loaded = settings.load()
    settings.save(loaded)

    assert loaded == Settings(echo=False)
    assert newer.items() <= json.loads(file.read_text()).items()


def test_what_was_not_understood_goes_once_the_person_chose_anew(file: Path) -> None:
    settings = written(file, '{"language": "fr"}')
    settings.load()

    settings.save(Settings(language="de"))
    assert SettingsFile(file).load().language == "de"
    settings.save(Settings(language=None))

    assert json.loads(file.read_text())["language"] is None


def test_saving_without_having_loaded_keeps_what_a_newer_version_wrote(file: Path) -> None:
    written(file, '{"ringtone": "bells"}').save(CHANGED)
    assert json.loads(file.read_text())["ringtone"] == "bells"


def test_some_editors_begin_a_file_with_a_mark(file: Path) -> None:
    assert not written(file, '\ufeff{"echo": false}').load().echo


@pytest.mark.expects_log
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "echo = false",
        "[]",
        "null",
        '"echo"',
        b"\xff\xfe{\x00}\x00",
        "[" * 100_000,
        '{"ring_volume": ' + "9" * 5000 + "}",
        "{}" + " " * module.LONGEST,
    ],
)
def test_what_is_not_understood_at_all_is_kept_aside(text: str | bytes, file: Path) -> None:
    settings = written(file, text)
    before = file.read_bytes()

    assert settings.load() == Settings()
    settings.save(CHANGED)

    assert file.with_name("settings.json.broken").read_bytes() == before
    assert SettingsFile(file).load() == CHANGED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(list(asdict(Settings()))) | st.text()


@pytest.mark.timeout(180)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(KEYS, JSON))
def test_whatever_it_says_there_are_settings_that_can_be_saved(
    file: Path, said: dict[str, Any]
) -> None:
    settings = written(file, json.dumps(said))

    loaded = settings.load()
    settings.save(loaded)

    assert isinstance(loaded, Settings)
    assert 0 <= loaded.ring_volume <= 1
    assert loaded.language in (None, *LANGUAGES)
    assert SettingsFile(file).load() == loaded


# --- What cannot be written ---------------------------------------------------------------------


@pytest.mark.expects_log
def test_a_disk_that_is_full_leaves_the_file_as_it_was(file: Path) -> None:
    settings = SettingsFile(file)
    settings.save(CHANGED)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, unlimited[1]))
    try:
        settings.save(Settings())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)

    assert (SettingsFile(file).load(), names(file)) == (CHANGED, {"settings.json"})
    assert str(settings.problem).startswith("the settings cannot be written to ")
    settings.save(Settings())
    assert (SettingsFile(file).load(), settings.problem) == (Settings(), None)


@pytest.mark.expects_log
def test_where_nothing_can_be_written_the_phone_goes_on(tmp_path: Path) -> None:
    (tmp_path / "config").touch()
    settings = SettingsFile(tmp_path / "config" / "settings.json")

    assert settings.load() == Settings()
    settings.save(CHANGED)

    assert "config" in str(settings.problem)


@pytest.mark.expects_log
def test_a_folder_in_its_place_is_kept_aside(file: Path) -> None:
    file.mkdir(parents=True)
    settings = SettingsFile(file)
    assert settings.load() == Settings()
    settings.save(CHANGED)
    assert names(file) == {"settings.json", "settings.json.broken"}
