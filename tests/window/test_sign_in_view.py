"""Signing in with an address."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from fitting import cut, show_at
from twocan.desk.state import Known, Problem, Standing, Trouble
from twocan.gui.pages.sign_in import SignInView

ME, OTHER = "me@site.example", "other@site.example"
SECRET = "correct horse"
BOTH = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)


@pytest.fixture
def page(drawn: Drawn, qtbot: QtBot) -> Iterator[SignInView]:
    """The page, on the screen."""
    view = SignInView(drawn)
    qtbot.addWidget(view)
    drawn.changed.connect(view.show_desk)
    drawn.show(stores="GNOME Keyring")
    view.resize(400, 660)
    view.show()
    qtbot.waitExposed(view)
    yield view
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def typed(qtbot: QtBot, page: SignInView, address: str, password: str = SECRET) -> None:
    """A person types both, and presses Enter."""
    qtbot.keyClicks(page.address.edit, address)
    qtbot.keyClicks(page.password.field.edit, password)
    qtbot.keyClick(page.password.field.edit, Qt.Key.Key_Return)


def left_in(page: SignInView) -> str:
    """What there is of a password, seen or undone."""
    edit = page.password.field.edit
    seen = edit.text()
    edit.setEchoMode(QLineEdit.EchoMode.Normal)
    edit.undo()
    return seen + edit.text()


def test_an_address_a_password_and_enter(page: SignInView, drawn: Drawn, qtbot: QtBot) -> None:
    typed(qtbot, page, f" {ME} ")
    assert drawn.last == ("sign_in", (ME, SECRET, None, None), {})


def test_by_keyboard_alone(page: SignInView, drawn: Drawn, qtbot: QtBot) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    order: list[QWidget | None] = [QApplication.focusWidget()]
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        order.append(QApplication.focusWidget())
    assert order == [
        page.address.edit,
        page.password.field.edit,
        page.password.eye,
        page.server.opener,
        page.submit,
    ]


def test_what_is_no_address_is_told_and_nothing_is_lost(
    page: SignInView, drawn: Drawn, qtbot: QtBot
) -> None:
    typed(qtbot, page, "me")
    assert drawn.wanted.verbs == []
    assert page.address.edit.accessibleDescription()
    assert page.password.field.edit.text() == SECRET
    qtbot.keyClicks(page.address.edit, "@site.example")
    qtbot.keyClick(page.address.edit, Qt.Key.Key_Return)
    assert drawn.last == ("sign_in", (ME, SECRET, None, None), {})
    assert not page.address.edit.accessibleDescription()


def test_a_password_is_needed(page: SignInView, drawn: Drawn, qtbot: QtBot) -> None:
    typed(qtbot, page, ME, "")
    assert drawn.wanted.verbs == []
    assert "password" in page.password.missing.text()
    assert page.password.missing.isVisible()


def test_the_eye_shows_the_password(page: SignInView, qtbot: QtBot) -> None:
    edit = page.password.field.edit
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClick(page.password.eye, Qt.Key.Key_Space)
    assert edit.echoMode() is QLineEdit.EchoMode.Normal
    assert page.password.eye.accessibleName() == "Hide the password"


def test_a_password_with_spaces_is_kept_as_it_is_even_while_it_is_shown(
    page: SignInView, drawn: Drawn, qtbot: QtBot
) -> None:
    page.password.eye.setChecked(True)
    typed(qtbot, page, ME, " a b ")
    assert drawn.last[1][1] == " a b "


def test_server_and_port_are_hidden_until_opened(
    page: SignInView, drawn: Drawn, qtbot: QtBot
) -> None:
    assert not page.server.host.isVisible()
    qtbot.keyClick(page.server.opener, Qt.Key.Key_Space)
    assert page.server.host.isVisible()
    qtbot.keyClicks(page.server.host.edit, "chat.site.example")
    qtbot.keyClicks(page.server.port.edit, "5223")
    typed(qtbot, page, ME)
    assert drawn.last == ("sign_in", (ME, SECRET, "chat.site.example", 5223), {})


@pytest.mark.parametrize("port", ["0", "65536", "https", "-1"])
def test_a_port_is_a_number(page: SignInView, drawn: Drawn, qtbot: QtBot, port: str) -> None:
    qtbot.keyClick(page.server.opener, Qt.Key.Key_Space)
    qtbot.keyClicks(page.server.port.edit, port)
    typed(qtbot, page, ME)
    assert drawn.wanted.verbs == []
    assert "65535" in page.server.port.edit.accessibleDescription()


def test_what_was_typed_there_does_not_count_once_it_is_closed_again(
    page: SignInView, drawn: Drawn, qtbot: QtBot
) -> None:
    page.server.opener.setChecked(True)
    qtbot.keyClicks(page.server.port.edit, "https")
    page.server.opener.setChecked(False)
    typed(qtbot, page, ME)
    assert drawn.last == ("sign_in", (ME, SECRET, None, None), {})


def test_a_port_may_be_typed_in_the_digits_of_any_language(
    page: SignInView, drawn: Drawn, qtbot: QtBot
) -> None:
    page.server.opener.setChecked(True)
    page.server.port.edit.setText("٥٢٢٢")
    typed(qtbot, page, ME)
    assert drawn.last == ("sign_in", (ME, SECRET, None, 5222), {})


def test_it_says_where_the_password_will_be(page: SignInView, drawn: Drawn) -> None:
    assert "GNOME Keyring" in page.stored.text()
    drawn.show(stores="")
    assert not page.stored.isVisible()
    drawn.show(stores=None)
    assert page.stored.isVisible()
    assert "no safe place" in page.stored.text()


def test_while_it_is_tried_it_can_be_cancelled(
    page: SignInView, drawn: Drawn, qtbot: QtBot
) -> None:
    typed(qtbot, page, ME)
    assert page.trying
    drawn.show(standing=Standing.SIGNING_IN, account=Known(ME))
    assert (page.submit.text(), page.submit.isEnabled()) == ("Signing in…", False)
    qtbot.mouseClick(page.cancel, Qt.MouseButton.LeftButton)
    assert drawn.last == ("sign_out", (ME,), {})
    assert not page.trying


def test_enter_while_it_is_tried_does_not_try_again(
    page: SignInView, drawn: Drawn, qtbot: QtBot
) -> None:
    typed(qtbot, page, ME)
    drawn.show(standing=Standing.SIGNING_IN, account=Known(ME))
    qtbot.keyClick(page.address.edit, Qt.Key.Key_Return)
    assert len(drawn.wanted.verbs) == 1


def test_cancelling_never_forgets_an_account_that_is_kept(page: SignInView, drawn: Drawn) -> None:
    drawn.show(standing=Standing.SIGNING_IN, account=Known(ME), accounts=(Known(ME),))
    assert not page.cancel.isVisible()


def test_a_wrong_password_is_told_and_can_be_mended(
    page: SignInView, drawn: Drawn, qtbot: QtBot
) -> None:
    typed(qtbot, page, ME, "wrong")
    drawn.show(standing=Standing.SIGNING_IN, account=Known(ME))
    drawn.show(standing=Standing.REFUSED, problem=Problem(Trouble.WRONG_SECRET))
    assert "belong together" in page.notice.text()
    assert page.notice.isVisible()
    assert page.trying
    assert page.address.edit.text() == ME
    assert page.submit.isEnabled()


def test_no_password_stays_in_the_window_once_it_proved_right(
    page: SignInView, drawn: Drawn, qtbot: QtBot
) -> None:
    typed(qtbot, page, ME)
    drawn.show(standing=Standing.ONLINE, account=Known(ME))
    assert not page.trying
    assert left_in(page) == ""


def test_no_password_stays_in_a_page_that_is_left(page: SignInView, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.password.field.edit, SECRET)
    page.password.eye.setChecked(True)
    page.hide()
    assert page.password.field.edit.echoMode() is QLineEdit.EchoMode.Password
    assert left_in(page) == ""


def test_a_kept_account_is_one_click(page: SignInView, drawn: Drawn, qtbot: QtBot) -> None:
    assert not page.kept.isVisible()
    drawn.show(accounts=(Known(ME, name="Demo Caller"), Known(OTHER)))
    assert [button.text() for button in page.kept.buttons] == ["Demo Caller", OTHER]
    qtbot.mouseClick(page.kept.buttons[1], Qt.MouseButton.LeftButton)
    assert drawn.last == ("use", (OTHER,), {})
    drawn.show(accounts=())
    assert not page.kept.isVisible()


def test_who_was_turned_away_types_only_the_password_or_leaves_it(
    page: SignInView, drawn: Drawn, qtbot: QtBot
) -> None:
    drawn.show(standing=Standing.REFUSED, account=Known(ME), accounts=(Known(ME),))
    page.begin(ME)
    assert page.address.edit.text() == ME
    with qtbot.waitSignal(page.closed):
        qtbot.mouseClick(page.cancel, Qt.MouseButton.LeftButton)
    assert drawn.wanted.verbs == []


@pytest.mark.parametrize("width", [320, 1400])
@pytest.mark.parametrize("direction", BOTH)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_nothing_is_cut(
    page: SignInView, drawn: Drawn, width: int, direction: Qt.LayoutDirection, scale: float
) -> None:
    before, larger = QApplication.font(), QApplication.font()
    larger.setPointSizeF(before.pointSizeF() * scale)
    QApplication.setFont(larger)
    QGuiApplication.setLayoutDirection(direction)
    try:
        page.server.opener.setChecked(True)
        drawn.show(stores=None, accounts=(Known(ME),), problem=Problem(Trouble.NOT_SECURE))
        show_at(page, width, 440)
        assert cut(page) == []
    finally:
        QApplication.setFont(before)
