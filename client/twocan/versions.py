"""Versions of the program: which of two is the newer one.

Pure, and it imports nothing: the first milliseconds of a start need it.
"""

MOST = 4
"""Numbers of a version."""
LONGEST = 6
"""Digits of each."""


def numbers(version: str) -> tuple[int, ...]:
    """What a version is compared by: ``1.2.0`` is (1, 2), and so is ``1.2``.

    One to four numbers with dots between, each spelled in one way. That is also safe as a part of
    a file's name, and shown to people as it is. Raises ``ValueError`` for anything else.
    """
    parts = version.split(".")
    if len(parts) > MOST or not all(map(_is_number, parts)):
        raise ValueError(f"{version[:40]!r} is no version: it needs numbers as in 1.2.0")
    found = [int(part) for part in parts]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def is_newer(version: str, than: str) -> bool:
    """Whether ``version`` comes after ``than``. Raises ``ValueError`` if either is none."""
    return numbers(version) > numbers(than)


def _is_number(part: str) -> bool:
    # isdecimal alone takes the digits of every script.
    if not (part.isascii() and part.isdecimal()) or len(part) > LONGEST:
        return False
    return part == "0" or not part.startswith("0")
