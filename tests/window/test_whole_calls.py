"""Whole calls through the whole window: what a person presses, and what then is heard and seen."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView

from drawn_calls import texts
from house import CONTROL, House, mark_in
from talking import Side
from town import ACCOUNT, ME, NEIGHBOUR, OTHER, PITCH, SETTINGS, Town
from twocan.desk.redeeming import Launch
from twocan.desk.state import Invitation, Known, Outcome, Step, Trial
from twocan.gui.in_call import InCallView
from twocan.gui.in_call.keypad import Keypad
from twocan.gui.in_call.own_picture import OwnPicture
from twocan.gui.in_call.second_call import HeldCall, KnockingCall
from twocan.gui.pictures.picture_view import PictureView
from twocan.gui.settings import SettingsView
from twocan.gui.settings.sections import Section
from twocan.gui.window import Page
from twocan.links import LaunchLink
from twocan.states import End, State

Key = Qt.Key

LINK = "twocan:launch?redeem=https%3A%2F%2Fsite.example%2Fredeem&code=0123456789abcdef"
FAR_PITCH, OTHER_PITCH = 660.0, 880.0

Live = Callable[[Town], House]


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def either_way(request: pytest.FixtureRequest, house: House) -> House:
    """The house in both directions of reading."""
    house.application.setLayoutDirection(request.param)
    return house


# --- Being there --------------------------------------------------------------------------------


def test_who_has_no_account_signs_in_by_typing(live_in: Live) -> None:
    house = live_in(Town(given=None))
    house.turns_to(Page.SIGN_IN)
    house.types(ME)
    house.key(Key.Key_Tab)
    house.types("a password")
    house.key(Key.Key_Return)
    house.turns_to(Page.IDLE)
    house.sees(lambda view: view.account == Known(ME))
    [account] = house.town.entered
    assert (account.address, account.secret, account.is_token) == (ME, "a password", False)


# --- Calling ------------------------------------------------------------------------------------


def test_we_call_by_typing_and_hear_each_other(either_way: House) -> None:
    house, neighbour = either_way, either_way.neighbour()
    house.types(NEIGHBOUR)
    house.key(Key.Key_Return)
    house.turns_to(Page.CALLING)
    house.answers(neighbour)
    house.turns_to(Page.IN_CALL)
    house.hears(neighbour, PITCH)
    house.waits(lambda: (levels := house.bridge.levels()) and (levels.speaker or -100) > -40)
    house.key(Key.Key_D, CONTROL)
    house.turns_to(Page.ENDED)
    assert house.ended_call.ended_by == "us"


def test_a_call_that_is_declined_says_so_and_is_made_again(house: House) -> None:
    neighbour = house.neighbour()
    house.types(NEIGHBOUR)
    house.clicks("Call with camera")
    house.beside(lambda: decline(neighbour))
    house.turns_to(Page.ENDED)
    assert house.ended_call.end is End.DECLINED
    house.clicks("Call again")
    line = house.answers(neighbour)
    house.turns_to(Page.IN_CALL)
    assert (line.call.view().pictures, house.call.showing) == (True, True)


async def decline(side: Side) -> None:
    (await side.line(State.INCOMING)).decline()


def test_a_call_that_is_given_up_leaves_no_page(house: House) -> None:
    neighbour = house.neighbour()
    house.types(NEIGHBOUR)
    house.key(Key.Key_Return)
    line = house.rings_at(neighbour)
    house.key(Key.Key_Escape)
    house.turns_to(Page.IDLE)
    assert house.ended(line).end is End.CANCELLED


# --- Being called -------------------------------------------------------------------------------


def test_space_takes_a_call(house: House) -> None:
    neighbour = house.neighbour()
    house.calls_us(neighbour)
    house.turns_to(Page.INCOMING)
    house.key(Key.Key_Space)
    house.turns_to(Page.IN_CALL)
    house.hears(neighbour, PITCH)


@pytest.mark.parametrize(("name", "showing"), [("Answer", False), ("With camera", True)])
def test_a_click_takes_a_call(either_way: House, name: str, showing: bool) -> None:
    house, neighbour = either_way, either_way.neighbour()
    house.calls_us(neighbour, showing=True)
    house.turns_to(Page.INCOMING)
    house.clicks(name)
    house.turns_to(Page.IN_CALL)
    assert house.call.showing is showing
    if showing:
        house.beside(lambda: neighbour.eye.sees())


@pytest.mark.parametrize("by_key", [True, False])
def test_a_call_is_declined(house: House, by_key: bool) -> None:
    neighbour = house.neighbour()
    line = house.calls_us(neighbour)
    house.turns_to(Page.INCOMING)
    if by_key:
        house.key(Key.Key_Escape)
    else:
        house.clicks("Decline")
    assert house.ended(line).end is End.DECLINED
    house.turns_to(Page.IDLE)
    assert house.sees(lambda view: view.past).past[0].outcome is Outcome.DECLINED


def test_a_missed_call_is_called_back_by_one_click(either_way: House) -> None:
    house, neighbour = either_way, either_way.neighbour()
    house.calls_us(neighbour)
    house.turns_to(Page.INCOMING)
    house.hangs_up(neighbour)
    house.turns_to(Page.IDLE)
    view = house.sees(lambda view: view.past)
    assert view.past[0].outcome is Outcome.MISSED
    house.waits(lambda: any("missed" in text for text in texts(house.window)))
    house.sees(lambda view: view.missed == 0)
    rows = house.part(QListView)
    first = rows.visualRect(rows.model().index(0, 0)).center()
    house.presses_down(rows.viewport(), first)
    house.lets_go(rows.viewport(), first)
    house.turns_to(Page.CALLING)
    assert house.rings_at(neighbour).call.peer == ME


# --- In a call ----------------------------------------------------------------------------------


def test_m_mutes_and_unmutes(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour)
    house.key(Key.Key_M)
    house.hears_silence(neighbour)
    house.sees(lambda view: view.calls[0].muted)
    assert house.button("Mute").isChecked()
    house.clicks("Mute")
    house.hears(neighbour, PITCH)


def test_h_holds_and_a_click_goes_on(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour)
    house.key(Key.Key_H)
    house.beside(lambda: neighbour.sees(lambda view: view.held_by_peer))
    house.hears_silence(neighbour)
    house.clicks("Resume")
    house.hears(neighbour, PITCH)
    assert not house.call.held


def test_digits_are_heard_as_keys_at_the_other_end(either_way: House) -> None:
    house, neighbour = either_way, either_way.neighbour()
    house.talks_with(neighbour)
    house.types("15#")
    keypad = house.part(Keypad)
    assert "15#" in keypad.title.text()
    house.clicks("Star")
    house.clicks("0")
    house.beside(lambda: keys_come(neighbour, "15#*0"))
    house.key(Key.Key_Escape)
    house.waits(lambda: not house.parts(Keypad))
    assert house.call.state is State.ACTIVE


async def keys_come(side: Side, keys: str) -> None:
    while (await side.figures()).keys_heard != keys:
        await asyncio.sleep(0.02)


def test_what_their_camera_films_is_on_the_screen(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour, showing=True)
    view = house.part(PictureView)
    frames: set[int] = set()

    def looks_on() -> bool:
        mark = mark_in(view)
        frames.update([mark.frame] if mark else [])
        return len(frames) >= 3

    house.waits(looks_on)
    assert mark_in(view, mirrored=True) is None


def test_one_sees_oneself_as_in_a_mirror(either_way: House) -> None:
    house, neighbour = either_way, either_way.neighbour()
    house.talks_with(neighbour)
    house.key(Key.Key_V)
    house.beside(lambda: neighbour.eye.sees())
    [view] = house.part(OwnPicture).findChildren(PictureView)
    house.waits(lambda: mark_in(view, mirrored=True))
    assert mark_in(view) is None
    house.key(Key.Key_V)
    house.waits(lambda: not view.isVisible())
    house.waits(lambda: house.bridge.near.picture() is None)


def test_the_whole_screen_and_back(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour, showing=True)
    house.part(PictureView)
    house.key(Key.Key_F11)
    house.waits(lambda: house.window.isFullScreen())
    house.key(Key.Key_Escape)
    house.waits(lambda: not house.window.isFullScreen())
    house.clicks("Full screen")
    house.waits(lambda: house.window.isFullScreen())
    house.hangs_up(neighbour)
    house.turns_to(Page.ENDED)
    house.waits(lambda: not house.window.isFullScreen())


# --- A second call ------------------------------------------------------------------------------


def test_a_second_call_is_declined_and_the_first_goes_on(house: House) -> None:
    first, second = house.neighbour(), house.neighbour(OTHER, OTHER_PITCH)
    house.talks_with(first)
    line = house.calls_us(second)
    house.clicks("Decline")
    assert house.ended(line).end is End.DECLINED
    house.hears(first, PITCH)


def test_hold_and_answer_then_swap_then_hang_up_both(either_way: House) -> None:
    house, first = either_way, either_way.neighbour()
    second = house.neighbour(OTHER, OTHER_PITCH)
    house.talks_with(first)
    house.calls_us(second)
    house.clicks("Answer")
    house.hears(second, PITCH)
    house.hears_silence(first)
    assert house.part(HeldCall).headline.text() == "neighbour is on hold"
    house.clicks("Swap")
    house.hears(first, PITCH)
    house.hears_silence(second)
    house.key(Key.Key_S)
    house.hears(second, PITCH)
    house.key(Key.Key_D, CONTROL)
    house.sees(lambda view: [call.peer for call in view.calls] == [NEIGHBOUR])
    house.turns_to(Page.IN_CALL)
    assert house.call.held
    house.clicks("Resume")
    house.hears(first, PITCH)
    house.clicks("Hang up")
    house.turns_to(Page.ENDED)


def test_who_knocks_while_it_rings_elsewhere_is_answered_instead(house: House) -> None:
    first, second = house.neighbour(), house.neighbour(OTHER, OTHER_PITCH)
    house.types(NEIGHBOUR)
    house.key(Key.Key_Return)
    given_up = house.rings_at(first)
    house.calls_us(second)
    house.clicks("Answer")
    house.turns_to(Page.IN_CALL)
    assert house.ended(given_up).end is End.CANCELLED
    house.hears(second, PITCH)


# --- Links --------------------------------------------------------------------------------------


def asking(*, showing: bool = False, trusted: bool = False) -> Town:
    """A town whose links are for a call to the neighbour."""
    sites = ("site.example",) if trusted else ()
    town = Town(replace(SETTINGS, trusted_sites=sites), given=None)

    async def redeem(link: LaunchLink) -> Launch:
        asked = Invitation(link.site, "Demo caller", NEIGHBOUR, "Demo neighbour", showing)
        return Launch(ACCOUNT, asked)

    town.redeem = redeem
    return town


def test_a_link_asks_and_trust_is_kept(live_in: Live) -> None:
    house = live_in(asking())
    neighbour = house.neighbour()
    house.bridge.do(lambda desk: desk.follow(LINK))
    house.turns_to(Page.ASKING)
    house.waits(lambda: "Call Demo neighbour?" in texts(house.window))
    house.clicks("Always allow calls from this site")
    house.clicks("Call")
    house.answers(neighbour)
    house.turns_to(Page.IN_CALL)
    assert house.view.settings.trusted_sites == ("site.example",)
    assert house.view.name(NEIGHBOUR) == "Demo neighbour"


def test_a_link_that_is_refused_calls_nobody(live_in: Live) -> None:
    house = live_in(asking())
    house.bridge.do(lambda desk: desk.follow(LINK))
    house.sees(lambda view: view.invitation)
    house.turns_to(Page.ASKING)
    house.key(Key.Key_Space)
    house.key(Key.Key_Return)
    house.settles()
    assert house.window.page is Page.ASKING
    house.clicks("Don't call")
    house.turns_to(Page.SIGN_IN)
    assert house.town.entered == []


def test_a_link_of_a_trusted_site_calls_by_itself(live_in: Live) -> None:
    house = live_in(asking(showing=True, trusted=True))
    neighbour = house.neighbour()
    house.bridge.do(lambda desk: desk.follow(LINK))
    line = house.answers(neighbour)
    house.turns_to(Page.IN_CALL)
    assert line.call.view().pictures


# --- Besides ------------------------------------------------------------------------------------


def test_settings_are_opened_in_a_call_which_goes_on(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour)
    house.key(Key.Key_Comma, CONTROL)
    house.turns_to(Page.SETTINGS)
    house.hears(neighbour, PITCH)
    house.key(Key.Key_Escape)
    house.turns_to(Page.IN_CALL)


def test_a_call_that_comes_in_is_put_before_the_settings(house: House) -> None:
    neighbour = house.neighbour()
    house.clicks("Settings")
    house.turns_to(Page.SETTINGS)
    house.part(SettingsView).open_page(Section.SOUND)
    house.sees(lambda view: view.trial.microphone is Step.METERING)
    house.calls_us(neighbour)
    house.turns_to(Page.INCOMING)
    house.sees(lambda view: view.trial == Trial())
    house.key(Key.Key_Space)
    house.turns_to(Page.IN_CALL)


def test_a_second_call_is_put_before_the_settings_too(house: House) -> None:
    house.talks_with(house.neighbour())
    house.key(Key.Key_Comma, CONTROL)
    house.turns_to(Page.SETTINGS)
    house.calls_us(house.neighbour(OTHER))
    house.turns_to(Page.IN_CALL)
    assert house.part(KnockingCall).headline.text() == "other calls"


@pytest.mark.parametrize("quiet", [False, True])
def test_it_rings_unless_nobody_is_to_be_disturbed(
    live_in: Live, tmp_path: Path, quiet: bool
) -> None:
    rung = tmp_path / "rung.wav"
    house = live_in(Town(replace(SETTINGS, ringer=str(rung)))).signed_in()
    if quiet:
        house.clicks("Do not disturb")
        house.sees(lambda view: view.settings.do_not_disturb)
        assert house.button("Do not disturb is on").isChecked()
    house.calls_us(house.neighbour())
    house.turns_to(Page.INCOMING)
    house.key(Key.Key_Space)
    house.turns_to(Page.IN_CALL)
    assert rung.exists() is not quiet


def test_a_window_that_was_closed_comes_back_with_a_call(house: House) -> None:
    neighbour = house.neighbour()
    house.window.close()
    house.waits(lambda: house.window.isMinimized() or not house.window.isVisible())
    house.sees(lambda view: view.settings.told_of_closing)
    house.calls_us(neighbour)
    house.turns_to(Page.INCOMING)
    house.waits(lambda: house.window.isVisible() and not house.window.isMinimized())


def test_another_language_in_mid_call_makes_the_pages_anew(house: House) -> None:
    neighbour = house.neighbour()
    house.talks_with(neighbour)
    before = house.part(InCallView)
    house.bridge.do(lambda desk: desk.change(language="ar"))
    house.waits(lambda: house.window.layoutDirection() is Qt.LayoutDirection.RightToLeft)
    house.waits(lambda: house.part(InCallView) is not before)
    house.hears(neighbour, PITCH)
    house.key(Key.Key_M)
    house.hears_silence(neighbour)
    house.key(Key.Key_D, CONTROL)
    house.turns_to(Page.ENDED)
