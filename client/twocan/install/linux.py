"""How a Linux or BSD desktop knows us: a menu entry, an icon, and who opens ``twocan:`` links.

Files of the person's alone: Desktop Entry Specification, Icon Theme Specification, Association
between MIME types and applications. ``update-desktop-database`` is not run: it writes anew what is
known of all programs, where one line is ours.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from twocan import __version__
from twocan.desk.folders import config_folder, data_folder
from twocan.install import desktop_entry, mime_lists, writing
from twocan.install.writing import Folders

ENTRY = "twocan.desktop"
_SYSTEM = "/usr/local/share:/usr/share"

Put = Callable[[Path, bytes | None], None]


@dataclass(frozen=True, slots=True)
class Places:
    """``data``, ``config``: the person's base folders. ``system``: where else entries are.
    ``desktops``: what the desktop calls itself, the most particular name first."""

    data: Path
    config: Path
    system: tuple[Path, ...] = ()
    desktops: tuple[str, ...] = ()

    @classmethod
    def of_this_person(cls, environment: Mapping[str, str] = os.environ) -> "Places":
        system = environment.get("XDG_DATA_DIRS") or _SYSTEM
        desktops = environment.get("XDG_CURRENT_DESKTOP", "").lower()
        return cls(
            data_folder(environment, "linux").parent,
            config_folder(environment, "linux").parent,
            tuple(Path(each) for each in system.split(":") if each.startswith("/")),
            tuple(each for each in desktops.split(":") if each and "/" not in each),
        )

    @property
    def entry(self) -> Path:
        return self.data / "applications" / ENTRY

    @property
    def icon(self) -> Path:
        return self.data / "icons" / "hicolor" / "scalable" / "apps" / "twocan.svg"

    @property
    def cache(self) -> Path:
        return self.data / "applications" / "mimeinfo.cache"

    @property
    def defaults(self) -> tuple[Path, ...]:
        """The person's lists of who opens what, as they are asked: the last is for all desktops."""
        names = [f"{desktop}-mimeapps.list" for desktop in self.desktops]
        return tuple(self.config / name for name in (*names, "mimeapps.list"))

    def knows(self, entry: str) -> bool:
        """Whether there is such a desktop entry. ``a-b.desktop`` may be ``a/b.desktop``."""
        names = {entry, entry.replace("-", "/", 1), entry.replace("-", "/")}
        return "/" not in entry and any(
            (folder / "applications" / name).is_file()
            for folder in (self.data, *self.system)
            for name in names
        )


class Desktop:
    """``words``: what starts the phone; a link is added to them. ``assets``: the folder with our
    menu entry and icon. ``put`` writes a file whole, or takes it away."""

    def __init__(
        self,
        places: Places,
        words: list[str],
        assets: Path,
        folders: Folders,
        put: Put = writing.put,
    ) -> None:
        self._places, self._words, self._assets = places, words, assets
        self._folders, self._put = folders, put

    def is_right(self) -> bool:
        """Whether nothing is to be repaired. Raises OSError."""
        return not any(True for _ in self._changes())

    def repair(self, *, take: bool = False) -> list[OSError]:
        """Write what is missing or wrong, each file whole; what could not be written.

        A person who has another program that is there open our links keeps it, unless ``take``,
        or unless we were not in the menu before: whoever starts a program that was downloaded
        wants its links to open it.
        """
        troubles = []
        try:
            for path, content in self._changes(take=take):
                try:
                    self._folders.make(path.parent)
                    self._put(path, content)
                    if path == self._places.icon:
                        # Has the desktop look for new icons, whatever it has cached.
                        os.utime(self._places.data / "icons" / "hicolor")
                except OSError as error:
                    troubles.append(error)
        except OSError as error:
            troubles.append(error)
        return troubles

    def remove(self) -> list[OSError]:
        """Leave every file as if we had never been there; what could not be."""
        troubles = []
        for path in self._lists():
            try:
                text = writing.read(path)
                left = mime_lists.without_ours(text) if text is not None else None
                if left != text:
                    self._put(path, left)
                writing.beside(path).unlink(missing_ok=True)
            except OSError as error:
                troubles.append(error)
        for path in (self._places.entry, self._places.icon):
            try:
                self._put(path, None)
            except OSError as error:
                troubles.append(error)
        return troubles

    def _changes(self, *, take: bool = False) -> Iterator[tuple[Path, bytes]]:
        """The files that are not as they should be, and what they should be."""
        places = self._places
        found = writing.read(places.entry)
        wanted = [
            (places.icon, (self._assets / "twocan.svg").read_bytes()),
            (places.entry, self._entry(found)),
            (places.cache, mime_lists.with_ours(writing.read(places.cache), mime_lists.CACHE)),
        ]
        for path, content in (*wanted, *self._default_changes(take=take or found is None)):
            if writing.read(path) != content:
                yield path, content

    def _entry(self, found: bytes | None) -> bytes:
        template = (self._assets / ENTRY).read_text(encoding="utf-8")
        made = made_entry(template, self._words)
        # One that a person changed, say hid from the menu, is theirs as long as it starts us.
        return found if found is not None and _says_the_same(found, made) else made.encode()

    def _default_changes(self, *, take: bool) -> Iterator[tuple[Path, bytes]]:
        texts = {path: writing.read(path) for path in self._places.defaults}
        general = self._places.defaults[-1]
        if take:
            for path, text in texts.items():
                if path == general or (text and mime_lists.chosen(text)):
                    yield path, mime_lists.with_ours(_unrefused(text))
        elif not self._is_decided([text for text in texts.values() if text]):
            yield general, mime_lists.with_ours(texts[general])

    def _is_decided(self, texts: list[bytes]) -> bool:
        """Whether somebody who is there opens our links, or the person does not want us to."""
        if any(ENTRY in mime_lists.chosen(text, mime_lists.REMOVED) for text in texts):
            return True
        chosen = [each for text in texts for each in mime_lists.chosen(text)]
        return any(each == ENTRY or self._places.knows(each) for each in chosen)

    def _lists(self) -> list[Path]:
        """Every list that may name us, those included that only older desktops read."""
        config, applications = self._places.config, self._places.data / "applications"
        return [
            *config.glob("*mimeapps.list"),
            *applications.glob("*mimeapps.list"),
            applications / "defaults.list",
            self._places.cache,
        ]


def made_entry(template: str, words: list[str]) -> str:
    """Our menu entry, for the program that these words start. Raises OSError."""
    made = {
        "Exec": desktop_entry.command_line(words, field="%u"),
        # An entry whose program is gone is shown nowhere.
        "TryExec": desktop_entry.string(words[0]),
        "X-Twocan-Version": __version__,
    }
    kept = [line for line in template.splitlines() if line.partition("=")[0] not in made]
    return "\n".join((*kept, *(f"{key}={value}" for key, value in made.items()), ""))


def _says_the_same(found: bytes, made: str) -> bool:
    keys = ("Exec", "TryExec", "MimeType", "X-Twocan-Version")
    old, new = (dict(desktop_entry.keys(text)) for text in (found.decode("utf-8", "replace"), made))
    return all(old.get(key) == new[key] for key in keys) and old.get("Hidden") != "true"


def _unrefused(text: bytes | None) -> bytes | None:
    if text is None or ENTRY not in mime_lists.chosen(text, mime_lists.REMOVED):
        return text
    return mime_lists.without_ours(text)
