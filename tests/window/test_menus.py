"""Menus, and the lists that drop down: room around each line, and in the window's own looks."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from twocan.gui.icons import icon_pixmap
from twocan.gui.parts import Choice
from twocan.gui.parts.menus import Menu
from twocan.gui.theme import Application, theme
from twocan.gui.tokens import Ink, Radius, Size, Space


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 400)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


@pytest.fixture
def menu(host: QWidget) -> Iterator[Menu]:
    menu = Menu(host)
    icon = QIcon(icon_pixmap("keypad", Size.ICON, theme().colour(Ink.TEXT)))
    menu.addAction(QAction(icon, "Keypad", menu))
    menu.addAction("Bread && butter")
    menu.addSeparator()
    menu.addAction("Share the screen")
    yield menu
    menu.close()


def opened(menu: Menu, qtbot: QtBot) -> QImage:
    menu.popup(QPoint(20, 20))
    qtbot.waitUntil(menu.isVisible)
    QApplication.processEvents()
    return menu.grab().toImage()


def ink_of(image: QImage, x: int, y: int) -> QColor:
    ratio = image.devicePixelRatio()
    return image.pixelColor(round(x * ratio), round(y * ratio))


def dark_at(image: QImage, left: int, right: int, top: int, bottom: int) -> bool:
    """Whether anything is written there."""
    ground = theme().colour(Ink.SURFACE).lightness()
    return any(
        abs(ink_of(image, x, y).lightness() - ground) > 80
        for x in range(left, right)
        for y in range(top, bottom)
    )


def test_a_line_is_as_high_as_a_button(menu: Menu, qtbot: QtBot) -> None:
    opened(menu, qtbot)
    lines = [action for action in menu.actions() if not action.isSeparator()]
    assert all(menu.actionGeometry(line).height() >= Size.CONTROL for line in lines)


def test_words_stand_below_each_other_beside_the_icon(menu: Menu, qtbot: QtBot) -> None:
    image = opened(menu, qtbot)
    first, second = menu.actions()[:2]
    start = Space.MEDIUM + Size.ICON
    for action, has_icon in ((first, True), (second, False)):
        line = menu.actionGeometry(action)
        left = line.left()
        assert dark_at(image, left, left + start, line.top(), line.bottom()) is has_icon
        assert dark_at(image, left + start, line.right(), line.top(), line.bottom())


def test_where_reading_begins_at_the_right_so_does_a_line(
    menu: Menu, qtbot: QtBot, qapp: Application
) -> None:
    menu.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    image = opened(menu, qtbot)
    line = menu.actionGeometry(menu.actions()[0])
    start = Space.MEDIUM + Size.ICON
    assert dark_at(image, line.right() - start, line.right(), line.top(), line.bottom())
    assert not dark_at(image, line.left(), line.left() + start, line.top(), line.bottom())


def test_what_is_so_has_a_mark_at_the_end_of_its_line(menu: Menu, qtbot: QtBot) -> None:
    action = menu.actions()[-1]
    action.setCheckable(True)
    plain = opened(menu, qtbot)
    action.setChecked(True)
    marked = menu.grab().toImage()
    line = menu.actionGeometry(action)
    end = line.right() - Space.MEDIUM - Size.ARROW
    assert not dark_at(plain, end, line.right(), line.top(), line.bottom())
    assert dark_at(marked, end, line.right(), line.top(), line.bottom())


def test_the_keyboard_chooses(menu: Menu, qtbot: QtBot) -> None:
    opened(menu, qtbot)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    line = menu.actionGeometry(menu.actions()[1])
    image = menu.grab().toImage()
    at = ink_of(image, line.left() + Radius.MEDIUM, line.top() + 2)
    assert at == theme().colour(Ink.RAISED)
    with qtbot.waitSignal(menu.actions()[1].triggered):
        QTest.keyClick(menu, Qt.Key.Key_Return)


def test_a_list_that_drops_down_has_room_around_its_lines(host: QWidget, qtbot: QtBot) -> None:
    choice = Choice("Microphone", host)
    choice.addItems(["System default", "A microphone"])
    choice.setGeometry(10, 10, 200, 36)
    choice.show()
    choice.showPopup()
    view = choice.view()
    assert view is not None
    qtbot.waitUntil(view.isVisible)
    model = choice.model()
    heights = [view.visualRect(model.index(row, 0)).height() for row in range(2)]
    choice.hidePopup()
    assert min(heights) >= Size.CONTROL
