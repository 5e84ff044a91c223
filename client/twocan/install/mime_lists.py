"""The lists that say which program opens what, edited so that every edit can be taken back.

``mimeapps.list`` (Association between MIME types and applications, 1.0.1) and ``mimeinfo.cache``
(the same, "Cache"). Texts are bytes: of what others wrote not one is changed, were it no UTF-8, and
what was added goes away again and leaves the file as it was before. Pure.
"""

from collections.abc import Iterator

KEY = b"x-scheme-handler/twocan"
OURS = b"twocan.desktop"
DEFAULTS = b"[Default Applications]"
CACHE = b"[MIME Cache]"
REMOVED = b"[Removed Associations]"
_GROUPS = {DEFAULTS, CACHE, REMOVED, b"[Added Associations]"}

_MADE = b"# Made by Twocan"
"""The first line of a file that was not there before."""
_ADDED = b"# Added by Twocan"
"""Stands before a group that was not there before."""
_LINE = KEY + b"=" + OURS + b";"

Line = tuple[bytes, bytes]
"""A line, and what ends it: at the end of some files nothing, or half of it."""


def chosen(text: bytes, group: bytes = DEFAULTS) -> list[str]:
    """The desktop entries that are to open our links, the best first."""
    lines = _lines(text)
    found = (each for at in _of_key(lines, {group}) for each in _members(lines[at][0]))
    return [each.decode("utf-8", "surrogateescape") for each in found]


def with_ours(text: bytes | None, group: bytes = DEFAULTS) -> bytes:
    """The list in which our entry is the first that opens our links. None: there is no file."""
    if text is None:
        return b"\n".join((_MADE, group, _LINE, b""))
    lines = _lines(text)
    said = [at for at in _of_key(lines, {group}) if _members(lines[at][0])]
    for at in said:
        line, end = lines[at]
        if _members(line)[0] != OURS:
            key, _, value = line.partition(b"=")
            lines[at] = key + b"=" + OURS + b";" + value, end
    if not said:
        _say(lines, group)
    return _joined(lines)


def without_ours(text: bytes) -> bytes | None:
    """The list as if we had never been there. None: without us there would be no file."""
    lines = _lines(text)
    for at in reversed(list(_of_key(lines, _GROUPS))):
        line, end = lines[at]
        key, _, value = line.partition(b"=")
        if OURS in _members(line):
            others = [each for each in value.split(b";") if each.strip() != OURS]
            if any(each.strip() for each in others):
                lines[at] = key + b"=" + b";".join(others), end
            else:
                _drop(lines, at)
    made = bool(lines) and lines[0][0] == _MADE
    for at in reversed([at for at, (line, _) in enumerate(lines) if line in {_MADE, _ADDED}]):
        if _is_empty_group(lines, at + 1):
            _drop(lines, at + 1)
        _drop(lines, at)
    left = _joined(lines)
    return left if left.strip() or not made else None


def _say(lines: list[Line], group: bytes) -> None:
    """Add a line of ours to the group, and the group if there is none."""
    silent = list(_of_key(lines, {group}))
    heads = [at for at, (line, _) in enumerate(lines) if line.strip() == group]
    if silent or heads:
        # Of two lines with one key the last one counts: ours goes after one that says nothing.
        at = silent[-1] if silent else heads[0]
        _insert(lines, at + 1, _LINE)
        return
    for line in (_ADDED, group, _LINE):
        _insert(lines, len(lines), line)


def _insert(lines: list[Line], at: int, line: bytes) -> None:
    usual = lines[0][1] if lines and lines[0][1].endswith(b"\n") else b"\n"
    before, end = lines[at - 1] if at else (b"", usual)
    if end.endswith(b"\n"):
        lines.insert(at, (line, usual))
        return
    # The file's last line had no end, or half of one: now the new one is the last.
    lines[at - 1] = before, end + b"\n" if end else usual
    lines.insert(at, (line, end))


def _drop(lines: list[Line], at: int) -> None:
    _, end = lines.pop(at)
    if at and not end.endswith(b"\n"):
        lines[at - 1] = lines[at - 1][0], end


def _is_empty_group(lines: list[Line], at: int) -> bool:
    """Whether a group of ours begins here and has nothing in it."""
    if at >= len(lines) or lines[at][0].strip() not in _GROUPS:
        return False
    for line, _ in lines[at + 1 :]:
        if line.strip():
            return line.strip().startswith(b"[")
    return True


def _of_key(lines: list[Line], groups: set[bytes]) -> Iterator[int]:
    """Where in these groups lines say who opens our links."""
    group = b""
    for at, (line, _) in enumerate(lines):
        if line.strip().startswith(b"["):
            group = line.strip()
        elif group in groups and b"=" in line and line.partition(b"=")[0].strip() == KEY:
            yield at


def _members(line: bytes) -> list[bytes]:
    return [each.strip() for each in line.partition(b"=")[2].split(b";") if each.strip()]


def _lines(text: bytes) -> list[Line]:
    *whole, last = text.split(b"\n")
    return [_line(each, b"\n") for each in whole] + ([_line(last, b"")] if last else [])


def _line(line: bytes, end: bytes) -> Line:
    bare = line.removesuffix(b"\r")
    return bare, line[len(bare) :] + end


def _joined(lines: list[Line]) -> bytes:
    return b"".join(line + end for line, end in lines)
