"""Whether what is shown fits: nothing sticks out of the window, and no words are cut."""

from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget

_TURNS = 20
"""What became higher tells what it lies in, which tells what that lies in, a turn each."""


def show_at(view: QWidget, width: int, height: int) -> None:
    """Show it, of this size, laid out."""
    view.resize(width, height)
    view.show()
    for _ in range(_TURNS):
        QApplication.processEvents()


def cut(view: QWidget) -> list[str]:
    """What does not fit of what is shown; buttons may be elided only where a tooltip says it."""
    seen = [each for each in view.findChildren(QWidget) if each.isVisible()]
    return [told for each in seen if (told := _how_cut(each))]


def _how_cut(each: QWidget) -> str | None:
    what = f"{type(each).__name__} {each.accessibleName() or getattr(each, 'text', str)()!r}"
    place = each.viewport() if isinstance(each, QScrollArea) else None
    if place is not None and place.childrenRect().width() > place.width():
        return f"{what}: wider than its place"
    if each.width() < each.minimumSizeHint().width():
        return f"{what}: narrower than it can be"
    leaf = each.layout() is None and each.hasHeightForWidth()
    if leaf and each.height() < each.heightForWidth(each.width()):
        return f"{what}: lower than its words"
    if isinstance(each, QAbstractButton) and not _holds(each.parentWidget(), each):
        return f"{what}: outside of what it lies in"
    if isinstance(each, QAbstractButton) and not each.toolTip():
        hint = each.sizeHint()
        if each.width() < hint.width() or each.height() < hint.height():
            return f"{what}: smaller than its words"
    return None


def _holds(outer: QWidget | None, inner: QWidget) -> bool:
    return outer is None or outer.rect().contains(inner.geometry())
