"""A whole session in the studio: all scenes in all sizes, languages and schemes, or a few for the
README."""

import argparse
import sys
from pathlib import Path

from PySide6.QtGui import QPixmap

from shots.contact import contact_sheet
from shots.fonts import desktop_font, without_font
from shots.question import question
from shots.scenes import Scene, scenes
from shots.signs import signs
from shots.small import save_small
from shots.taking import Size, Still, Studio
from twocan.gui.languages import Language
from twocan.gui.theme import Application, theme
from twocan.gui.window import Page

README = {
    "incoming": ((360, 560), "dark"),
    "in-call-pictures": ((800, 450), "light"),
    "idle-history": ((360, 560), "light"),
}
"""Which scenes the README shows, how large, and by day or night."""


def take_all(chosen: argparse.Namespace, sizes: dict[str, Size]) -> None:
    """What ``screenshots.py`` was asked for."""
    application = _application()
    language, studio = Language(application), Studio()
    for code in without_font(chosen.languages):
        sys.stderr.write(f"screenshots: no font here has the script of {code}\n")
    for code in chosen.languages:
        language.speak(code)
        for scheme in chosen.schemes:
            theme().force(scheme == "dark")
            wanted = {name: sizes[name] for name in chosen.sizes}
            _take(studio, chosen.into, f"{code}-{scheme}", wanted, chosen.only)
    theme().force(None)


def readme(into: Path) -> None:
    """The pictures of the README, each as a small file."""
    application = _application()
    Language(application).speak("en")
    studio = Studio()
    into.mkdir(parents=True, exist_ok=True)
    by_name = {scene.name: scene for scene in scenes()}
    for name, (size, scheme) in README.items():
        theme().force(scheme == "dark")
        path = into / f"{name}.png"
        save_small(studio.take(by_name[name], size).toImage(), path)
        sys.stderr.write(f"{path}: {path.stat().st_size} bytes\n")


def _take(studio: Studio, into: Path, folder: str, sizes: dict[str, Size], only: str) -> None:
    place = into / folder
    place.mkdir(parents=True, exist_ok=True)
    taken: dict[str, list[QPixmap]] = {}
    for scene in (scene for scene in scenes() if only in scene.name):
        for label, size in _sizes_of(scene, sizes).items():
            shot = studio.take(scene, size)
            _save(shot, place / f"{scene.name}-{label}.png")
            if label != "full":
                taken.setdefault(scene.name, []).append(shot)
    if only in "tray":
        _save(signs(), place / "tray.png")
    if only in "question":
        _save(question(), place / "question.png")
    _save_sheet(taken, into / f"{folder}.png")


def _sizes_of(scene: Scene, sizes: dict[str, Size]) -> dict[str, Size]:
    """Pictures fill a screen as well."""
    if scene.page is Page.IN_CALL and scene.far:
        return sizes | {"full": (1920, 1080)}
    return sizes


def _save(shot: QPixmap, path: Path) -> None:
    if not shot.save(str(path)):
        raise OSError(f"{path} cannot be written")


def _save_sheet(taken: dict[str, list[QPixmap]], path: Path) -> None:
    if taken and not contact_sheet(taken).save(str(path)):
        raise OSError(f"{path} cannot be written")


def _application() -> Application:
    application = Application()
    application.setStyle(Still())
    application.setFont(desktop_font())
    return application
