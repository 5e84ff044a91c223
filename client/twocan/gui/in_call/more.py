"""The menu of all that can be done in a call but has no button, or none that fits."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QWidget

from twocan.gui.icons import icon_pixmap
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Size


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the menu. ``on``: whether it is so now; None: it is nothing that is so."""

    icon: str
    text: str
    act: Callable[[], object]
    on: bool | None = None


def menu_of(offers: tuple[Offer, ...], parent: QWidget) -> QMenu:
    """A menu of these."""
    from twocan.gui.parts.menus import Menu

    # A style of one's own takes PySide some 10 ms to load: not before a menu is about to open.
    menu = Menu(parent)
    for offer in offers:
        menu.addAction(_action(offer, menu))
    return menu


def _action(offer: Offer, menu: QMenu) -> QAction:
    ratio = menu.devicePixelRatioF()
    icon = icon_pixmap(offer.icon, Size.ICON, theme().colour(Ink.TEXT), ratio)
    # An ampersand is one, and marks no key.
    action = QAction(QIcon(icon), offer.text.replace("&", "&&"), menu)
    if offer.on is not None:
        action.setCheckable(True)
        action.setChecked(offer.on)
    action.triggered.connect(lambda _: offer.act())
    return action
