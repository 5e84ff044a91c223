"""The settings, in a file that is whole at any moment.

It is JSON with one key for each field of ``Settings``. Nothing that is wrong with it stops the
phone: each key that can be understood is heeded, all others take their defaults. What was not
understood may be a newer version's, and is written back as it was.
"""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

from twocan import address
from twocan.desk.folders import set_aside
from twocan.desk.settings import LANGUAGES, Settings
from twocan.desk.whole_file import replace

log = logging.getLogger(__name__)

LONGEST = 1 << 20
"""Bytes; a file that is longer is not ours."""


class SettingsFile:
    """``path`` None: the settings are for this run alone."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._strange: dict[str, object] = {}
        """What the file says that is not understood, by key."""
        self._loaded = False
        self._unlasting = _DEFAULTS
        """What was saved last, where there is no file."""
        self.problem: str | None = None
        """Why the settings do not last: one line. None while they do."""

    def load(self) -> Settings:
        """What the file says, as far as it can be understood; without one, what was saved last."""
        if self._path is None:
            return self._unlasting
        said = _said(self._path)
        understood: dict[str, object] = {}
        self._strange = {}
        for name, value in said.items():
            try:
                understood[name] = _READERS[name](value)
            except (KeyError, ValueError):
                self._strange[name] = value
        self._loaded = True
        if self._strange:
            # Not their values: what a stranger wrote there may be anything.
            log.info("settings that are not understood: %d", len(self._strange))
        return Settings(**understood)  # type: ignore[arg-type]

    def save(self, settings: Settings) -> None:
        """Write them so that the file is the old or the new one, whatever happens meanwhile."""
        if self._path is None:
            self._unlasting = settings
            return
        if not self._loaded:
            self.load()
        known = asdict(settings)
        self._strange = {
            name: value
            for name, value in self._strange.items()
            if name not in known or known[name] == getattr(_DEFAULTS, name)
        }
        text = json.dumps(known | self._strange, indent=2) + "\n"
        try:
            # Through a link, to the file that it stands for.
            replace(Path(os.path.realpath(self._path)), text.encode())
            self.problem = None
        except OSError as error:
            self.problem = f"the settings cannot be written to {str(self._path)!r}: {_why(error)}"
            log.warning("%s", self.problem)


def _said(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST + 1)
        if len(text) > LONGEST:
            raise ValueError("it is too long")
        said = json.loads(text.decode("utf-8-sig"))
        if not isinstance(said, dict):
            raise ValueError("it is no JSON object")
        return said
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _give_up(path, error)
        return {}


def _give_up(path: Path, error: Exception) -> None:
    why = _why(error) if isinstance(error, OSError) else "it is not JSON, or not ours"
    try:
        aside = set_aside(path).name
        log.warning("the settings in %s cannot be read: %s; they are now %s", path, why, aside)
    except OSError:
        log.warning("the settings in %s cannot be read: %s", path, why)


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__


# --- What each key may say; ValueError if it says anything else ------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no text")
    value.encode()  # JSON can write half a character, which nobody can draw.
    return value


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _volume(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("no number")
    if not 0 <= value <= 1:
        raise ValueError("not from 0 to 1")
    return float(value)


def _language(value: object) -> str | None:
    if value is not None and value not in LANGUAGES:
        raise ValueError("none that we speak")
    return value


def _sites(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("no list")
    return tuple(dict.fromkeys(_text(site) for site in value))


def _account(value: object) -> str | None:
    if value is None:
        return None
    return address.bare(address.check(_text(value)))


_DEFAULTS = Settings()

_READERS: MappingProxyType[str, Callable[[object], object]] = MappingProxyType(
    {
        "microphone": _text,
        "speaker": _text,
        "ringer": _text,
        "camera": _text,
        "echo": _switch,
        "noise": _switch,
        "gain": _switch,
        "ring_volume": _volume,
        "language": _language,
        "do_not_disturb": _switch,
        "trusted_sites": _sites,
        "account": _account,
        "told_of_closing": _switch,
        "updates": _switch,
    }
)
