"""The page of accounts: what is kept where, another one, signing in and out."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from drawn import Drawn
from settings_pages import on_screen, talking
from twocan.desk.state import Known, Problem, Standing, Trouble
from twocan.gui.parts import Field
from twocan.gui.settings.accounts import AccountsPage

MINE = Known("somebody@site.example", "site.example", "Demo person", "GNOME Keyring")
OTHER = Known("another@chat.example")


@pytest.fixture
def page(drawn: Drawn, qtbot: QtBot) -> Iterator[AccountsPage]:
    """The page, on the screen, with two accounts."""
    drawn.show(
        accounts=(MINE, OTHER), account=MINE, standing=Standing.ONLINE, stores="GNOME Keyring"
    )
    page = AccountsPage(drawn)
    drawn.changed.connect(page.show_desk)
    page.show_desk(drawn.view)
    on_screen(page, qtbot)
    yield page
    page.hide()


def type_in(field: Field, text: str) -> None:
    field.edit.setFocus()
    QTest.keyClicks(field.edit, text)


def enter(
    page: AccountsPage,
    address: str = "new@site.example",
    password: str = "secret",  # noqa: S107
) -> None:
    """Type both, and press Enter."""
    type_in(page.form.address, address)
    type_in(page.form.password, password)
    QTest.keyClick(page.form.password.edit, Qt.Key.Key_Return)


# --- Those that there are --------------------------------------------------------------------


def test_each_account_says_whose_it_is_and_where_it_is_kept(page: AccountsPage) -> None:
    mine, other = page.rows[MINE.address], page.rows[OTHER.address]

    assert mine.name.text() == "Demo person"
    assert mine.address.text() == "somebody@site.example"
    assert mine.site.text() == "Came with a link of site.example"
    assert mine.stored.text() == "In GNOME Keyring"
    assert other.name.text() == "another@chat.example"
    assert other.address.isHidden()
    assert other.site.isHidden()
    assert other.stored.text() == "Known only until Twocan is closed"


def test_the_one_in_use_is_marked_and_others_can_be_used(drawn: Drawn, page: AccountsPage) -> None:
    mine, other = page.rows[MINE.address], page.rows[OTHER.address]
    assert mine.standing.text() == "In use: Ready for calls"
    assert mine.use.isHidden()
    assert other.standing.isHidden()

    QTest.keyClick(other.use, Qt.Key.Key_Space)
    assert drawn.last == ("use", (OTHER.address,), {})

    drawn.show(account=OTHER, standing=Standing.SIGNING_IN)
    assert other.standing.text() == "In use: Signing in…"
    assert other.use.isHidden()
    assert not mine.use.isHidden()


def test_one_that_is_used_without_being_kept_is_listed_too(
    drawn: Drawn, page: AccountsPage
) -> None:
    given = Known("given@site.example")

    drawn.show(account=given, accounts=(MINE,))

    assert list(page.rows) == [MINE.address, given.address]
    assert page.rows[given.address].stored.text() == "Known only until Twocan is closed"


def test_one_that_is_not_let_in_says_why(drawn: Drawn, page: AccountsPage) -> None:
    drawn.show(standing=Standing.REFUSED, problem=Problem(Trouble.EXPIRED))

    mine = page.rows[MINE.address]
    assert mine.standing.text() == "In use: The server does not let this account in"
    assert mine.problem.text().startswith("This sign-in is over")
    assert page.form.problem.isHidden()


# --- Signing out -----------------------------------------------------------------------------


def test_signing_out_asks_once(drawn: Drawn, page: AccountsPage) -> None:
    asking = page.rows[OTHER.address].sign_out
    assert asking.question.text() == "Sign out and forget another@chat.example?"

    QTest.keyClick(asking.button, Qt.Key.Key_Space)
    assert asking.question.isVisible()
    assert asking.no.hasFocus(), "the answer that loses nothing"
    assert drawn.wanted.verbs == []

    QTest.keyClick(asking.yes, Qt.Key.Key_Space)
    assert drawn.last == ("sign_out", (OTHER.address,), {})
    assert asking.button.isVisible()

    drawn.show(accounts=(MINE,))
    assert list(page.rows) == [MINE.address]


@pytest.mark.parametrize("how", ["keep", "escape", "leave"])
def test_signing_out_can_be_thought_better_of(drawn: Drawn, page: AccountsPage, how: str) -> None:
    asking = page.rows[MINE.address].sign_out
    asking.button.click()

    match how:
        case "keep":
            QTest.keyClick(asking.no, Qt.Key.Key_Space)
        case "escape":
            QTest.keyClick(asking.no, Qt.Key.Key_Escape)
        case "leave":
            page.hide()

    assert not asking.is_asking
    assert drawn.wanted.verbs == []
    if how != "leave":
        assert asking.button.hasFocus()


def test_in_a_call_accounts_stay_as_they_are(drawn: Drawn, page: AccountsPage) -> None:
    drawn.show(calls=(talking(),))

    assert not page.busy.isHidden()
    assert not page.rows[OTHER.address].use.isEnabled()
    assert not page.rows[MINE.address].sign_out.button.isEnabled()
    assert not page.form.submit.isEnabled()
    enter(page)
    assert drawn.wanted.verbs == [], "nor does Enter end the call"

    drawn.show(calls=())
    assert page.busy.isHidden()
    assert page.rows[OTHER.address].use.isEnabled()
    assert page.form.submit.isEnabled()


# --- Adding one ------------------------------------------------------------------------------


def test_an_address_and_a_password_sign_in(drawn: Drawn, page: AccountsPage) -> None:
    assert page.form.password.edit.echoMode() is QLineEdit.EchoMode.Password

    enter(page, "new@site.example", " secret ")

    assert drawn.last == ("sign_in", ("new@site.example", " secret ", None, None), {})


def test_a_server_can_be_named(drawn: Drawn, page: AccountsPage) -> None:
    assert page.form.host.isHidden()
    QTest.keyClick(page.form.more, Qt.Key.Key_Space)
    assert page.form.host.edit.hasFocus()

    type_in(page.form.host, "xmpp.site.example")
    type_in(page.form.port, "65536")
    enter(page)
    assert page.form.port.edit.accessibleDescription() == "A port is a number from 1 to 65535."
    assert drawn.wanted.verbs == []

    page.form.port.set_text("")
    type_in(page.form.port, "5222")
    QTest.keyClick(page.form.port.edit, Qt.Key.Key_Return)
    wanted = ("new@site.example", "secret", "xmpp.site.example", 5222)
    assert drawn.last == ("sign_in", wanted, {})


def test_what_is_missing_is_asked_for(drawn: Drawn, page: AccountsPage) -> None:
    page.form.submit.click()
    assert page.form.address.edit.hasFocus()
    assert page.form.address.edit.accessibleDescription() == "Type your address."

    type_in(page.form.address, "new@site.example")
    assert page.form.address.edit.accessibleDescription() == ""
    page.form.submit.click()
    assert page.form.password.edit.hasFocus()
    assert drawn.wanted.verbs == []


def test_what_was_typed_stays_until_it_proves_right(drawn: Drawn, page: AccountsPage) -> None:
    new = Known("new@site.example")
    enter(page)

    drawn.show(account=new, entering=True, standing=Standing.SIGNING_IN)
    assert page.form.status.text() == "Signing in…"
    assert list(page.rows) == [MINE.address, OTHER.address], "it is none of them yet"

    wrong = Problem(Trouble.WRONG_SECRET)
    drawn.show(standing=Standing.REFUSED, problem=wrong)
    assert page.form.problem.text().startswith("The address and the password do not belong")
    assert page.form.status.isHidden()
    assert page.form.password.text() == "secret"

    drawn.show(account=new, entering=False, standing=Standing.ONLINE, problem=None)
    assert page.form.problem.isHidden()
    assert page.form.address.text() == ""
    assert page.form.password.text() == ""


def test_what_is_no_address_is_told_at_the_form(drawn: Drawn, page: AccountsPage) -> None:
    enter(page, "nonsense")

    drawn.show(problem=Problem(Trouble.BAD_ADDRESS, "it has no @"))

    assert page.form.problem.text().startswith("This is not an address")


def test_problems_of_something_else_are_not_the_forms(drawn: Drawn, page: AccountsPage) -> None:
    drawn.show(problem=Problem(Trouble.BAD_ADDRESS, "what was dialled"))

    assert page.form.problem.isHidden()


def test_a_password_is_not_left_lying_about(page: AccountsPage) -> None:
    type_in(page.form.password, "secret")

    page.hide()

    assert page.form.password.text() == ""


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("GNOME Keyring", "The password is kept in GNOME Keyring."),
        (None, "This computer has no place for secrets that Twocan can use."),
    ],
)
def test_it_is_told_before_where_the_password_goes(
    drawn: Drawn, page: AccountsPage, store: str | None, told: str
) -> None:
    drawn.show(stores=store)

    assert page.form.kept.text().startswith(told)
