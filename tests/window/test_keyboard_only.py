"""Everything that a phone is for, without a mouse: whole calls by the keyboard alone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from drawn_calls import texts
from house import CONTROL, House, field_at, spoken
from town import ACCOUNT, ME, NEIGHBOUR, OTHER, Town
from twocan.desk.state import Standing, Step
from twocan.gui.in_call.keypad import Keypad
from twocan.gui.in_call.overlay import Overlay
from twocan.gui.in_call.own_picture import OwnPicture
from twocan.gui.in_call.second_call import HeldCall
from twocan.gui.in_call.statistics import Statistics
from twocan.gui.settings import SettingsView
from twocan.gui.settings.sections import Section
from twocan.gui.window import Page
from twocan.states import End, State

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
Live = Callable[[Town], House]


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def either_way(request: pytest.FixtureRequest, house: House) -> House:
    """The house in both directions of reading."""
    house.application.setLayoutDirection(request.param)
    return house


def stops(house: House) -> list[str]:
    """Where the tabulator leads on this page, until it is where it began; and Shift leads back."""
    there: list[str] = []
    first = house.at
    while house.at is not first or not there:
        assert house.at is not None
        there.append(spoken(house.at))
        house.key(Key.Key_Tab)
    back: list[str] = []
    while house.at is not first or not back:
        house.key(Key.Key_Backtab, SHIFT)
        assert house.at is not None
        back.append(spoken(house.at))
    assert back == there[::-1]
    return there


# --- Where the keyboard leads -------------------------------------------------------------------


def test_the_tabulator_comes_by_all_of_the_first_page(either_way: House) -> None:
    assert stops(either_way) == [
        "Who do you want to call?",
        "Call",
        "Call with camera",
        "Do not disturb",
        "Settings",
    ]


def test_and_by_all_that_signs_in(live_in: Live) -> None:
    house = live_in(Town(given=None))
    house.turns_to(Page.SIGN_IN)
    assert stops(house) == [
        "Address",
        "Password",
        "Show the password",
        "Server and port",
        "Sign in",
    ]


def test_and_by_all_of_a_call_that_comes_in(house: House) -> None:
    house.calls_us(house.neighbour())
    house.turns_to(Page.INCOMING)
    # At first it is at nothing that a key typed elsewhere could press.
    assert stops(house) == ["Incoming call", "Decline", "With camera", "Answer"]


def test_and_by_all_of_a_call_that_is_made(house: House) -> None:
    neighbour = house.neighbour()
    house.types(NEIGHBOUR)
    house.key(Key.Key_Return)
    house.rings_at(neighbour)
    house.turns_to(Page.CALLING)
    assert stops(house) == ["Calling", "Mute", "Camera", "End"]


def test_and_by_all_of_a_call_that_is_up(either_way: House) -> None:
    house = either_way
    house.talks_with(house.neighbour())
    at = stops(house)
    assert at[0] == "Call"
    assert set(at[1:]) >= {"Safety code", "Mute", "Camera", "More", "Hang up"}
    assert at[-1] == "Hang up"


def test_and_by_all_that_leads_through_the_settings(house: House) -> None:
    house.key(Key.Key_Comma, CONTROL)
    house.turns_to(Page.SETTINGS)
    assert stops(house) == ["Pages of the settings", "Back"]


def test_and_by_the_accounts_that_are_kept(live_in: Live) -> None:
    town = Town(given=None)
    town.accounts.keep(ACCOUNT)
    house = live_in(town)
    house.turns_to(Page.SIGN_IN)
    house.sees(lambda view: view.accounts)
    assert ME in stops(house)


# --- Calls --------------------------------------------------------------------------------------


def test_enter_on_decline_declines_and_space_on_answer_answers(house: House) -> None:
    neighbour = house.neighbour()
    line = house.calls_us(neighbour)
    house.turns_to(Page.INCOMING)
    house.goes_to("Decline")
    house.key(Key.Key_Return)
    assert house.ended(line).end is End.DECLINED
    house.turns_to(Page.IDLE)
    house.calls_us(neighbour)
    house.turns_to(Page.INCOMING)
    house.goes_to("Answer")
    house.key(Key.Key_Space)
    house.turns_to(Page.IN_CALL)


@pytest.mark.parametrize(("key", "showing"), [(Key.Key_Return, False), (Key.Key_V, True)])
def test_a_call_is_taken_by_its_keys(house: House, key: Key, showing: bool) -> None:
    house.calls_us(house.neighbour(), showing=showing)
    house.turns_to(Page.INCOMING)
    house.key(key)
    house.turns_to(Page.IN_CALL)
    assert house.call.showing is showing


def test_a_call_from_first_to_last(either_way: House) -> None:
    house, neighbour = either_way, either_way.neighbour()
    house.types(NEIGHBOUR)
    house.key(Key.Key_Tab)
    house.key(Key.Key_Tab)
    house.key(Key.Key_Return)
    house.answers(neighbour, showing=True)
    house.turns_to(Page.IN_CALL)
    house.beside(lambda: neighbour.eye.sees())
    house.key(Key.Key_V)
    house.sees(lambda view: not view.calls[0].showing)
    house.goes_to("Mute")
    house.key(Key.Key_Space)
    house.hears_silence(neighbour)
    house.key(Key.Key_Space)
    house.hears(neighbour)
    house.goes_to("Hang up")
    house.key(Key.Key_Return)
    house.turns_to(Page.ENDED)
    # What was meant for the call does nothing worse than to close this.
    house.key(Key.Key_Space)
    house.turns_to(Page.IDLE)
    house.waits(lambda: field_at(house))


def test_a_missed_call_is_called_back_from_the_list(house: House) -> None:
    neighbour = house.neighbour()
    house.calls_us(neighbour, showing=True)
    house.turns_to(Page.INCOMING)
    house.hangs_up(neighbour)
    house.turns_to(Page.IDLE)
    house.sees(lambda view: view.past)
    house.goes_to("Recent calls")
    house.key(Key.Key_Return, CONTROL)
    house.turns_to(Page.CALLING)
    assert house.rings_at(neighbour).call.view().pictures


def test_a_call_is_made_again_from_its_end(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour)
    house.key(Key.Key_D, CONTROL)
    house.turns_to(Page.ENDED)
    house.goes_to("Call again")
    house.key(Key.Key_Return)
    house.turns_to(Page.CALLING)
    house.rings_at(neighbour)


def test_letters_that_are_typed_do_nothing_to_a_call(house: House) -> None:
    """The address of who is to be called has an m and a v, and digits."""
    house.types("mv15@site.example")
    assert field_at(house).text() == "mv15@site.example"
    assert house.view.calls == ()


def test_the_keypad_is_opened_and_left_where_one_was(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour)
    house.goes_to("Mute")
    house.key(Key.Key_K)
    keypad = house.part(Keypad)
    house.key(Key.Key_Space)
    house.key(Key.Key_Tab)
    house.key(Key.Key_Return)
    house.key(Key.Key_9)
    house.waits(lambda: "129" in keypad.title.text())
    house.key(Key.Key_Escape)
    house.waits(lambda: not house.parts(Keypad))
    assert house.at
    assert spoken(house.at) == "Mute"


def test_what_else_there_is_comes_from_a_menu(house: House) -> None:
    house.talks_with(house.neighbour())
    house.goes_to("More")
    house.key(Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    while menu.activeAction() is None or menu.activeAction().text() != "How the call goes":
        house.key(Key.Key_Down)
    house.key(Key.Key_Return)
    house.part(Statistics)
    house.key(Key.Key_Escape)
    house.waits(lambda: not house.parts(Overlay))
    assert house.call.state is State.ACTIVE


def test_the_own_picture_is_moved_with_the_arrows(either_way: House) -> None:
    house = either_way
    house.talks_with(house.neighbour())
    house.key(Key.Key_V)
    own = house.part(OwnPicture)
    house.goes_to("Your own picture")
    for key in (Key.Key_Up, Key.Key_Left):
        house.key(key)
    house.waits(lambda: own.geometry().center().x() < house.window.width() / 2)
    house.waits(lambda: own.geometry().center().y() < house.window.height() / 2)
    house.key(Key.Key_Right)
    house.waits(lambda: own.geometry().center().x() > house.window.width() / 2)


def test_a_second_call_is_reached_and_answered_and_swapped(house: House) -> None:
    first, second = house.neighbour(), house.neighbour(OTHER)
    house.talks_with(first)
    house.calls_us(second)
    house.button("Answer with camera")
    house.goes_to("Answer")
    house.key(Key.Key_Space)
    house.hears(second)
    house.part(HeldCall)
    house.goes_to("Swap")
    house.key(Key.Key_Return)
    house.hears(first)
    house.goes_to("Hang up on other")
    house.key(Key.Key_Return)
    house.sees(lambda view: [call.peer for call in view.calls] == [NEIGHBOUR])


# --- Besides ------------------------------------------------------------------------------------


def test_settings_are_gone_through_and_left(house: House) -> None:
    house.key(Key.Key_Comma, CONTROL)
    house.turns_to(Page.SETTINGS)
    settings = house.part(SettingsView)
    house.waits(lambda: house.at is settings.list)
    house.key(Key.Key_Return)
    house.sees(lambda view: view.trial.microphone is Step.METERING)
    house.key(Key.Key_Escape)
    house.sees(lambda view: view.trial.microphone is None)
    house.key(Key.Key_Down)
    assert settings.list.section is Section.CAMERA
    house.key(Key.Key_Escape)
    house.turns_to(Page.IDLE)
    house.waits(lambda: field_at(house))


def test_who_is_refused_signs_in_anew(live_in: Live) -> None:
    from twocan.xmpp import Hindrance, SignInError

    town = Town(given=None)
    town.hindrances = [SignInError("refused", Hindrance.REFUSED)]
    house = live_in(town)
    house.turns_to(Page.SIGN_IN)
    house.types(ME)
    house.key(Key.Key_Return)
    assert "Type the password." in texts(house.window)
    house.types("wrong")
    house.key(Key.Key_Return)
    house.sees(lambda view: view.standing is Standing.REFUSED)
    assert house.window.page is Page.SIGN_IN
    assert field_at(house).text() == "wrong"
    house.key(Key.Key_A, CONTROL)
    house.types("right")
    house.key(Key.Key_Return)
    house.turns_to(Page.IDLE)
    assert [account.secret for account in town.entered] == ["right"]
