"""The settings as a whole: from page to page by mouse and keyboard, in every width."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from settings_pages import last, on_screen, tab_order, verbs
from twocan.desk.equipment import Equipped
from twocan.desk.settings import Settings
from twocan.desk.state import Known, Outcome, Past, Standing, Step, Trial
from twocan.gui.parts import Words
from twocan.gui.settings import Section, SettingsView
from twocan.gui.settings.page import Page
from twocan.gui.settings.sites import SitesPage
from twocan.gui.settings.sound import SoundPage
from twocan.gui.tokens import Size

LONG = "A device whose maker gave it a name as long as a sentence, and then a number, 4000"
NARROW, WIDE = (Size.NARROWEST, Size.LOWEST), (900, 700)
DIRECTIONS = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)


@pytest.fixture(autouse=True)
def nobodys_home(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.fixture
def view(drawn: Drawn, qtbot: QtBot) -> Iterator[SettingsView]:
    """The settings, as full as they become, in the narrowest window."""
    drawn.wanted.answers["devices"] = Equipped((LONG,), (LONG,), (LONG,))
    mine = Known("somebody@site.example", "site.example", "Demo person", "GNOME Keyring")
    drawn.show(
        accounts=(mine, Known("another@chat.example")),
        account=mine,
        standing=Standing.ONLINE,
        past=(Past("one", "somebody@site.example", True, Outcome.ANSWERED, 0.0),),
        settings=Settings(LONG, LONG, LONG, LONG, trusted_sites=("site.example",)),
        trial=Trial(Step.RECORDING, problem=LONG),
    )
    view = SettingsView(drawn)
    drawn.changed.connect(view.show_desk)
    on_screen(view, qtbot, NARROW)
    yield view
    view.hide()


def running(widget: QWidget) -> list[tuple[object, int]]:
    """Whose timers go, and every how many milliseconds."""
    return [(t.parent(), t.interval()) for t in widget.findChildren(QTimer) if t.isActive()]


# --- From page to page -----------------------------------------------------------------------


def test_where_it_is_narrow_the_list_leads_to_pages_and_back(
    view: SettingsView, qtbot: QtBot
) -> None:
    assert view.page is None
    assert view.title.text() == "Settings"

    QTest.keyClick(view.list, Qt.Key.Key_Down)
    assert view.page is None, "a row is looked at, not chosen"
    QTest.keyClick(view.list, Qt.Key.Key_Return)
    assert view.title.text() == "Camera"
    assert not view.list.isVisible()
    focused = QApplication.focusWidget()
    assert focused is tab_order(view)[1], "its first control, after the way back"

    QTest.keyClick(focused, Qt.Key.Key_Escape)
    assert view.page is None
    assert view.list.hasFocus()
    assert view.list.section is Section.CAMERA

    with qtbot.waitSignal(view.closed):
        QTest.keyClick(view.list, Qt.Key.Key_Escape)


def test_the_back_button_does_what_escape_does(view: SettingsView, qtbot: QtBot) -> None:
    view.open_page(Section.ABOUT)
    view.back.click()
    assert view.page is None

    with qtbot.waitSignal(view.closed):
        view.back.click()


def test_where_it_is_wide_list_and_page_are_side_by_side(view: SettingsView, qtbot: QtBot) -> None:
    view.setFocus()
    view.resize(*WIDE)
    assert view.list.isVisible()
    assert view.page is not None
    assert view.title.text() == "Settings"

    QTest.keyClick(view.list, Qt.Key.Key_Up)
    QTest.keyClick(view.list, Qt.Key.Key_End)
    assert view.list.section is Section.ABOUT
    assert view.list.hasFocus(), "one can go on"
    QTest.keyClick(view.list, Qt.Key.Key_Return)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert view.page.isAncestorOf(focused)

    with qtbot.waitSignal(view.closed):
        QTest.keyClick(focused, Qt.Key.Key_Escape)


def test_a_click_on_a_row_opens_its_page(view: SettingsView) -> None:
    row = view.list.visualItemRect(view.list.item(3))
    QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())

    assert view.title.text() == "Trusted sites"


def test_a_page_stays_when_the_window_becomes_narrow_or_wide(view: SettingsView) -> None:
    view.open_page(Section.GENERAL)
    page = view.page

    view.resize(559, 600)
    assert not view.list.isVisible()
    view.resize(560, 600)
    assert view.list.isVisible()
    assert view.page is page


def test_it_begins_with_the_list_again(view: SettingsView) -> None:
    view.open_page(Section.GENERAL)

    view.hide()
    view.show()

    assert view.page is None
    assert view.list.isVisible()


def test_escape_in_an_open_list_closes_that_list_alone(view: SettingsView, qtbot: QtBot) -> None:
    view.open_page(Section.SOUND)
    assert isinstance(view.page, SoundPage)
    choice = view.page.microphone.choice
    choice.showPopup()
    qtbot.waitUntil(lambda: choice.view().isVisible())

    QTest.keyClick(choice.view(), Qt.Key.Key_Escape)

    assert not choice.view().isVisible()
    assert view.title.text() == "Sound"


# --- What is open, and what moves ------------------------------------------------------------


def test_only_the_page_that_is_seen_has_anything_open(drawn: Drawn, view: SettingsView) -> None:
    assert verbs(drawn) == [], "the list alone opens nothing"

    view.open_page(Section.SOUND)
    assert last(drawn) == ("try_microphone", (True,), {})
    view.open_page(Section.CAMERA)
    assert drawn.wanted.verbs.count(("try_microphone", (False,), {})) == 1
    assert last(drawn) == ("try_camera", (True,), {})
    view.go_back()
    assert last(drawn) == ("try_camera", (False,), {})

    assert running(view) == []


@pytest.mark.parametrize("section", list(Section))
def test_nothing_moves_behind_hidden_settings(
    drawn: Drawn, view: SettingsView, section: Section
) -> None:
    view.open_page(section)
    view.hide()

    assert running(view) == []
    tried = [wanted for wanted in drawn.wanted.verbs if wanted[0].startswith("try_")]
    assert sum(1 if args[0] else -1 for _, args, _ in tried) == 0


@pytest.mark.parametrize(
    "section", [s for s in Section if s not in (Section.SOUND, Section.CAMERA)]
)
def test_pages_without_devices_never_move(view: SettingsView, section: Section) -> None:
    view.open_page(section)

    assert running(view) == []


def test_a_hidden_page_is_drawn_when_it_is_turned_to(drawn: Drawn, view: SettingsView) -> None:
    view.open_page(Section.SITES)
    view.go_back()
    drawn.show(settings=Settings(trusted_sites=()))

    view.open_page(Section.SITES)

    assert isinstance(view.page, SitesPage)
    assert view.page.rows == {}


# --- By keyboard, in any direction, in any size ----------------------------------------------


@pytest.mark.parametrize("section", list(Section))
def test_every_control_is_reached_by_keyboard_and_has_a_name(
    view: SettingsView, section: Section
) -> None:
    view.open_page(section)
    controls = tab_order(view)
    view.back.setFocus()

    for control, after in pairwise([*controls, controls[0]]):
        assert control.accessibleName(), control
        assert control.hasFocus()
        QTest.keyClick(control, Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        assert at is after, f"after {_said(control)} comes {_said(at)}, not {_said(after)}"
        if after is not view.back:
            assert is_in_sight(after), f"the page does not scroll to {_said(after)}"


@pytest.mark.parametrize("section", list(Section))
@pytest.mark.parametrize("larger", [1.0, 1.5])
def test_every_page_fits(view: SettingsView, section: Section, with_font: None) -> None:
    view.open_page(section)
    for direction in DIRECTIONS:
        view.setLayoutDirection(direction)
        for size in (NARROW, WIDE, (1900, 1000)):
            view.resize(*size)
            QApplication.processEvents()
            assert view.width() == size[0], "nothing makes the window wider"
            assert view.page is not None
            check_fit(view.page)


def check_fit(page: Page) -> None:
    """Nothing is wider than the page, and nothing is cut off by what it is in."""
    inside = page.widget()
    assert inside is not None
    assert inside.width() <= page.viewport().width()
    for part in inside.findChildren(QWidget):
        if part.isVisible() and not part.isWindow() and (above := part.parentWidget()):
            assert above.rect().contains(part.geometry()), part
            if isinstance(part, Words) and part.hasHeightForWidth():
                assert part.height() >= part.heightForWidth(part.width()), part.text()


@pytest.fixture
def with_font(larger: float) -> Iterator[None]:
    before = QApplication.font()
    font = QApplication.font()
    font.setPointSizeF(before.pointSizeF() * larger)
    QApplication.setFont(font)
    yield
    QApplication.setFont(before)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_list_is_at_the_start_of_the_line(
    view: SettingsView, direction: Qt.LayoutDirection
) -> None:
    view.setLayoutDirection(direction)
    view.resize(*WIDE)
    QApplication.processEvents()

    middle = view.list.mapTo(view, view.list.rect().center()).x()
    is_left = middle < view.width() / 4
    assert is_left is (direction is Qt.LayoutDirection.LeftToRight)


def is_in_sight(control: QWidget) -> bool:
    page = next(parent for parent in parents(control) if parent.inherits("QAbstractScrollArea"))
    top = control.mapTo(page, QPoint(0, 0)).y()
    return top >= 0 and top + control.height() <= page.height()


def parents(widget: QWidget) -> Iterator[QWidget]:
    while (above := widget.parentWidget()) is not None:
        widget = above
        yield widget


def _said(widget: QWidget | None) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()!r}" if widget else "nothing"
