"""Another language is chosen: the person stays where they are, and the keyboard goes on."""

from PySide6.QtCore import Qt

from house import House, field_at
from twocan.gui.settings import SettingsView
from twocan.gui.settings.sections import Section
from twocan.gui.window import Page


def test_who_chooses_a_language_stays_on_the_page_where_it_is_chosen(house: House) -> None:
    house.window.open_settings()
    house.part(SettingsView).open_page(Section.GENERAL)
    house.bridge.do(lambda desk: desk.change(language="ar"))
    house.waits(lambda: house.window.layoutDirection() is Qt.LayoutDirection.RightToLeft)
    house.waits(lambda: house.part(SettingsView).section is Section.GENERAL)

    house.key(Qt.Key.Key_Escape)
    house.waits(lambda: house.part(SettingsView).section is None)
    house.key(Qt.Key.Key_Escape)
    house.turns_to(Page.IDLE)


def test_who_is_at_the_list_stays_there(house: House) -> None:
    house.window.open_settings()
    house.part(SettingsView)
    house.bridge.do(lambda desk: desk.change(language="ar"))
    house.waits(lambda: house.window.layoutDirection() is Qt.LayoutDirection.RightToLeft)
    assert house.part(SettingsView).section is None
    house.key(Qt.Key.Key_Escape)
    house.turns_to(Page.IDLE)


def test_the_keyboard_goes_on(house: House) -> None:
    house.turns_to(Page.IDLE)
    house.types("some")
    house.bridge.do(lambda desk: desk.change(language="de"))
    house.sees(lambda view: view.settings.language == "de")
    house.waits(lambda: field_at(house).isVisible())
    house.types("body")
    assert field_at(house).text().endswith("body")
