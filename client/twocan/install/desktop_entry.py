"""Desktop entries: how the words of a command are written, and keys found (Desktop Entry
Specification 1.5)."""

import errno
import re
from collections.abc import Iterator

GROUP = "[Desktop Entry]"

# What the specification reserves, and "%", which begins a field code.
_PLAIN = re.compile(r"""[^\s"'\\><~|&;$*?#()`%]+""")


def command_line(words: list[str], *, field: str = "") -> str:
    """The value of an ``Exec`` key. ``field``: a field code that goes last, such as ``%u``."""
    if "%" in words[0]:
        # GLib looks for the program before it makes one "%" of two, and takes it for missing
        # (2.74, ``g_desktop_app_info_load_from_keyfile``).
        words = ["sh", "-c", 'exec "$0" "$@"', *words]
    return " ".join([*map(word, words), *filter(None, [field])])


def word(text: str) -> str:
    """A word of a command, quoted where that is needed.

    Not where it is not: without a desktop, ``xdg-open`` takes quotes for a part of the program's
    name and finds none (xdg-utils 1.1.3, ``search_desktop_file``). Raises OSError.
    """
    quoted_anyway = quoted(text)
    return text if _PLAIN.fullmatch(text) else quoted_anyway


def quoted(text: str) -> str:
    r"""A word of an ``Exec`` line, quoted twice ("The Exec key").

    Within quotes `"`, `` ` ``, ``$`` and ``\`` take a backslash; a ``%`` is doubled; and the whole
    is a string of a desktop entry, in which every backslash is one more time escaped. Raises
    OSError for what no entry can hold: control characters.
    """
    _check(text)
    inner = re.sub(r'(["`$\\])', r"\\\1", text).replace("%", "%%")
    return '"{}"'.format(inner.replace("\\", "\\\\"))


def string(text: str) -> str:
    """A value of type string, such as a path ("Possible value types"). Raises OSError."""
    _check(text)
    return text.replace("\\", "\\\\")


def keys(text: str) -> Iterator[tuple[str, str]]:
    """The keys of an entry and what they say, as they are written."""
    group = ""
    for line in text.splitlines():
        if line.startswith("["):
            group = line.strip()
        elif group == GROUP and "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            yield key.strip(), value.strip()


def listed(value: str) -> list[str]:
    """The members of a list."""
    return [each for each in value.split(";") if each]


def _check(text: str) -> None:
    # A file's name that is no UTF-8 has surrogates in it, which no entry can hold either.
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", text):
        why = "the program's path has a character in it that no menu can hold: move the program"
        raise OSError(errno.EINVAL, f"{why} elsewhere")
