"""The texts of the window, as its source has them and as the translations have them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
GUI = ROOT / "client" / "twocan" / "gui"
TRANSLATIONS = ROOT / "assets" / "translations"

_SHOWN_BY = {
    *("Words", "PushButton", "RoundButton", "Switch", "Field", "Choice", "Row", "Banner", "Offer"),
    *("SteadyChoice", "DeviceChoice", "Confirm", "Progress", "Notice", "help_line", "announce"),
    *("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "addAction"),
    *("setPlaceholderText", "setTitle", "addItem", "addMenu", "entitle", "gather", "ask_about"),
    *("show_text", "show_problem", "set_icon"),
}
"""What is given words that a person reads."""

_SAME_EVERYWHERE = {"Twocan"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be translated. ``counted``: whether it has a number in it, and a plural."""

    context: str
    source: str
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Translated:
    """What became of a text. ``forms``: one, or as many as the language has plurals."""

    text: Text
    forms: tuple[str, ...]
    finished: bool


def of_window() -> set[Text]:
    """All texts in the source of the window."""
    return {text for _, tree in _modules() for text in _texts(tree, None)}


def of_language(code: str) -> list[Translated]:
    """All that the translation file of this language has."""
    root = ET.parse(TRANSLATIONS / f"twocan_{code}.ts").getroot()  # noqa: S314, it is ours
    return [
        _translated(context.findtext("name") or "", message)
        for context in root.iter("context")
        for message in context.iter("message")
    ]


def untranslated() -> list[str]:
    """Where the window shows words that it has not translated."""
    return [
        f"{path.relative_to(ROOT)}:{argument.lineno}: {argument.value!r}"
        for path, tree in _modules()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _called(call) in _SHOWN_BY
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(argument, ast.Constant) and _is_words(argument.value)
    ]


def built_at_run_time() -> list[str]:
    """Where ``tr`` is given what is no literal: no tool can find that."""
    return [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, tree in _modules()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _called(call) == "tr" and _literal(call, 0) is None
    ]


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(GUI.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _texts(node: ast.AST, owner: str | None) -> Iterator[Text]:
    """``owner``: the class that this is in, which is the context of its ``tr``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and (text := _marked(child, owner)) is not None:
            yield text
        yield from _texts(child, child.name if isinstance(child, ast.ClassDef) else owner)


def _marked(call: ast.Call, owner: str | None) -> Text | None:
    match _called(call):
        case "tr":
            context, source, counted = owner, _literal(call, 0), len(call.args) == 3
        case "translate" | "QT_TRANSLATE_NOOP":
            context, source, counted = _literal(call, 0), _literal(call, 1), len(call.args) == 4
        case _:
            return None
    return Text(context, source, counted) if context and source else None


def _called(call: ast.Call) -> str:
    name: str = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name


def _literal(call: ast.Call, at: int) -> str | None:
    given = call.args[at] if len(call.args) > at else None
    value = given.value if isinstance(given, ast.Constant) else None
    return value if isinstance(value, str) else None


def _is_words(value: object) -> bool:
    """Whether this is for people, and no name of an icon or of a key."""
    if not isinstance(value, str) or value in _SAME_EVERYWHERE:
        return False
    return any(each.isalpha() for each in value) and (" " in value or value[0].isupper())


def _translated(context: str, message: ET.Element) -> Translated:
    counted = message.get("numerus") == "yes"
    there = message.find("translation")
    assert there is not None
    forms = [form.text or "" for form in there.iter("numerusform")] if counted else []
    text = Text(context, message.findtext("source") or "", counted)
    return Translated(text, tuple(forms or [there.text or ""]), there.get("type") is None)
