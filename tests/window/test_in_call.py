"""A call that is up: what is seen and said of it, and every way to do something to it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPropertyAnimation, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu
from pytestqt.qtbot import QtBot

from drawn import Drawn
from drawn_calls import (
    BO,
    NAMES,
    a_call,
    button,
    fits,
    focused,
    put,
    running,
    seen,
    settle,
    texts,
    the,
)
from twocan.desk.equipment import Equipped, Levels
from twocan.desk.settings import Settings
from twocan.gui.in_call import SHORTCUTS, InCallView
from twocan.gui.in_call import view as in_call_view
from twocan.gui.in_call.device_menu import DeviceMenu
from twocan.gui.in_call.keys import KeyList
from twocan.gui.in_call.statistics import Statistics
from twocan.gui.in_call.verification import Verification
from twocan.gui.parts import Avatar, Choice, Meter, Words
from twocan.gui.theme import theme
from twocan.media.figures import Figures, Path
from twocan.media.pictures.figures import PictureStream, SightFigures
from twocan.media.stats import Stream
from twocan.states import CallView, State

Key, LEFT, CONTROL = Qt.Key, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier

FIGURES = Figures(
    sent=Stream(5000, 250_000, lost=5, jitter_ms=2.1, bitrate_kbps=38.2),
    received=Stream(4900, 260_000, lost=100, jitter_ms=4.4, bitrate_kbps=41.0, concealed_ms=120.0),
    rtt_ms=23.4,
    path=Path("192.0.2.4:50000", "198.51.100.7:50002", "udp", relayed=True),
    heard_seconds=70.0,
    pictures=SightFigures(
        PictureStream(),
        PictureStream(9000, 9_000_000, 90, 3.0, 2100, 4, 1280, 720, 70.0, freeze_ms=300.0),
    ),
)


def in_call(
    drawn: Drawn, qtbot: QtBot, *calls: CallView, size: tuple[int, int] = (400, 660)
) -> InCallView:
    """With the clock at a minute and a quarter after the calls began."""
    drawn.wanted.answers.setdefault("devices", Equipped())
    view = put(InCallView(drawn, clock=lambda: 175.0), drawn, qtbot, size)
    drawn.show(calls=calls or (a_call(),))
    return view


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is told."""
    sentences: list[str] = []
    monkeypatch.setattr(in_call_view, "announce", lambda _, text: sentences.append(text))
    return sentences


def menu(view: InCallView) -> QMenu | None:
    return next((each for each in view.findChildren(QMenu) if each.isVisible()), None)


def choose(view: InCallView, text: str) -> None:
    """Open the menu and choose from it, by keyboard."""
    view.controls.more.setFocus()
    view.controls.more.click()
    opened = menu(view)
    assert opened is not None
    action = next(each for each in opened.actions() if each.text() == text)
    opened.setActiveAction(action)
    action.trigger()
    opened.close()


# --- What is seen ----------------------------------------------------------------------------


def test_who_and_how_long(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    assert texts(view.person) == ["Demo friend", "1:15"]
    assert not view.picture.isVisible()


def test_their_picture_comes_and_goes(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    assert view.picture.isVisible()
    assert texts(view.heading) == ["Demo friend", "1:15"]
    assert texts(view.person) == []
    drawn.show(calls=(seen(shown_by_peer=False, paused_by_peer=True),))
    assert not view.picture.isVisible()
    assert texts(view.person) == ["Demo friend", "1:15", "The camera of Demo friend pauses"]


def test_who_they_are_is_shown_until_a_picture_came(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen(times=a_call().times))
    assert not view.picture.isVisible()
    assert "Demo friend" in texts(view.person)


def test_a_call_on_hold_shows_who_holds_it(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen(held=True, held_by_peer=True))
    assert not view.picture.isVisible()
    assert view.person.facts.texts() == (
        "You put Demo friend on hold",
        "Demo friend put you on hold",
    )
    QTest.mouseClick(view.person.resume, LEFT)
    assert drawn.last == ("hold", ("one",), {"on": False})
    drawn.show(calls=(seen(held_by_peer=True),))
    assert view.person.resume.isHidden()


def test_who_is_muted_is_said(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, a_call(muted=True, muted_by_peer=True))
    assert view.person.facts.texts() == (
        "Your microphone is muted",
        "Demo friend has muted the microphone",
    )
    assert view.controls.mute.isChecked()


def test_quality_in_a_word(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.score = 4.2
    view = in_call(drawn, qtbot)
    assert view.heading.quality.bars.accessibleName() == "Quality of the call: Good"
    assert "Good" in texts(view.heading)


def test_what_is_wrong_with_the_camera_and_a_way_out(drawn: Drawn, qtbot: QtBot) -> None:
    problem = "there is no camera: plug one in"
    view = in_call(drawn, qtbot, a_call(showing=True, camera_problem=problem))
    assert "There is no camera. Plug one in." in texts(view.troubles)
    assert view.own.isHidden()
    QTest.mouseClick(view.troubles.camera.button, LEFT)
    assert the(view, DeviceMenu).isVisible()


def test_a_microphone_that_gives_nothing_is_told(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.heard = Levels(None, -30.0)
    view = in_call(drawn, qtbot)
    for _ in range(5):
        assert texts(view.troubles) == []
        view.troubles.listen(a_call(), drawn.levels())
    assert "Your microphone gives no sound, so nobody can hear you." in texts(view.troubles)
    view.troubles.listen(a_call(muted=True), drawn.levels())
    assert texts(view.troubles) == []


def test_a_microphone_that_was_unplugged_is_told_until_there_is_one(
    drawn: Drawn, qtbot: QtBot
) -> None:
    drawn.heard = Levels(-80.0, -30.0, "there is no microphone")
    view = in_call(drawn, qtbot)
    view.troubles.listen(a_call(), drawn.levels())
    assert "There is no microphone. Plug one in." in texts(view.troubles)
    drawn.heard = Levels(-80.0, -30.0)
    view.troubles.listen(a_call(), drawn.levels())
    assert texts(view.troubles) == []


# --- What is done ----------------------------------------------------------------------------


def test_every_key_does_its_deed(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    for key in (Key.Key_M, Key.Key_V, Key.Key_H):
        QTest.keyClick(view, key)
    QTest.keyClick(view, Key.Key_D, CONTROL)
    assert drawn.wanted.verbs == [
        ("mute", ("one", True), {}),
        ("show", ("one", True), {}),
        ("hold", ("one", True), {}),
        ("hang_up", ("one",), {}),
    ]


def test_keys_work_whatever_button_has_the_keyboard(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, a_call(muted=True, showing=True))
    view.controls.end.setFocus()
    QTest.keyClick(view.controls.end, Key.Key_M)
    QTest.keyClick(view.controls.end, Key.Key_V)
    assert drawn.wanted.verbs == [("mute", ("one", False), {}), ("show", ("one", False), {})]


def test_every_button_does_its_deed(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    for name in ("Mute", "Camera", "Hold", "Hang up"):
        QTest.mouseClick(button(view, name), LEFT)
    assert [verb for verb, _, _ in drawn.wanted.verbs] == ["mute", "show", "hold", "hang_up"]
    assert not any(button(view, name).isChecked() for name in ("Mute", "Camera", "Hold"))


def test_all_of_it_by_tab(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    reached = []
    for _ in range(12):
        QTest.keyClick(focused(view), Key.Key_Tab)
        reached.append(focused(view).accessibleName())
    wanted = ["Mute", "Camera", "Hold", "Keypad", "More", "Hang up", "Your own picture"]
    assert [name for name in reached if name in wanted][: len(wanted)] == wanted
    assert {"Full screen", "Safety code"} <= set(reached)


def test_the_screen_is_shared_and_not_mirrored(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    choose(view, "Share the screen")
    assert drawn.last == ("share", ("one", True), {})
    drawn.show(sharing=True, calls=(seen(),))
    choose(view, "Share the screen")
    assert drawn.last == ("share", ("one", False), {})


def test_full_screen_is_asked_for(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    asked: list[bool] = []
    view.full_screen_wanted.connect(asked.append)
    QTest.keyClick(view, Key.Key_F11)
    QTest.mouseDClick(view.picture, LEFT)
    QTest.mouseClick(button(view, "Full screen"), LEFT)
    QTest.keyClick(view, Key.Key_Escape)
    assert asked == [True, True, True], "it is not full: Esc has nothing to leave"


def test_esc_leaves_the_full_screen(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    with qtbot.waitActive(view):
        view.showFullScreen()
    qtbot.waitUntil(lambda: view.heading.full.accessibleName() == "Leave full screen")
    with qtbot.waitSignal(view.full_screen_wanted) as asked:
        QTest.keyClick(view, Key.Key_Escape)
    assert asked.args == [False]


# --- What lies over it -----------------------------------------------------------------------


def test_the_safety_code_is_large_and_explained(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, a_call(verification="048215"))
    QTest.mouseClick(button(view, "Safety code"), LEFT)
    sheet = the(view, Verification)
    assert texts(sheet) == [
        "Safety code",
        "048 215",
        "Read these digits out to each other. If both of you see the same, "
        "nobody sits between you and listens.",
    ]
    drawn.show(calls=(a_call(verification=None),))
    assert "does not make a safety code" in texts(sheet)[1]


def test_the_quality_opens_the_figures(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.score, drawn.wanted.answers["figures"] = 4.2, FIGURES
    view = in_call(drawn, qtbot)
    QTest.mouseClick(view.heading.quality.bars, LEFT)
    sheet = the(view, Statistics)
    assert drawn.last == ("figures", ("one",), {})
    read = texts(sheet)
    for line in (
        "through a relay",
        "23 ms",
        "41 kbit/s",
        "2.0 %",
        "120 ms",
        "\u20661280\u00d7720\u2069",
    ):
        assert line in read
    assert "Pictures that you send" not in read, "there are none"
    assert any("udp relay 192.0.2.4:50000 → 198.51.100.7:50002" in line for line in read)


def test_figures_are_asked_for_each_second_while_they_are_seen(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.wanted.answers["figures"] = FIGURES
    view = in_call(drawn, qtbot)
    view._ticks.setInterval(1)
    QTest.mouseClick(view.heading.quality.bars, LEFT)
    qtbot.waitUntil(lambda: len(drawn.wanted.verbs) > 3)
    QTest.keyClick(view, Key.Key_Escape)
    before = len(drawn.wanted.verbs)
    with qtbot.waitSignal(view._ticks.timeout):
        pass
    assert len(drawn.wanted.verbs) == before


def test_figures_can_be_copied(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.wanted.answers["figures"] = FIGURES
    view = in_call(drawn, qtbot)
    QTest.mouseClick(view.heading.quality.bars, LEFT)
    button(view, "Copy the figures").click()
    copied = QGuiApplication.clipboard().text()
    assert "Sound that you hear\n  Rate: 41 kbit/s\n  Lost: 2.0 %" in copied


def test_devices_are_listed_marked_and_changed(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.wanted.answers["devices"] = Equipped(("Headset", "Desk"), ("Headset",), ("Front",))
    drawn.heard = Levels(-20.0, None)
    view = in_call(drawn, qtbot)
    drawn.show(settings=Settings(microphone="Desk", camera="Gone"))
    choose(view, "Devices")
    microphone, speaker, camera = the(view, DeviceMenu).findChildren(Choice)
    assert microphone.currentText() == "Desk"
    assert speaker.currentText() == "The one that the system uses"
    assert camera.currentText() == "Gone", "what is unplugged stays chosen"
    QTest.keyClick(microphone, Key.Key_Up)
    assert drawn.last == ("change", (), {"microphone": "Headset"})
    meter = the(view, Meter)
    qtbot.waitUntil(lambda: meter.value() > meter.minimum())


def test_what_is_wrong_with_devices_is_said(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.wanted.answers["devices"] = Equipped(sound_problem="no sound server answers")
    view = in_call(drawn, qtbot)
    choose(view, "Devices")
    told = "The sound of this computer does not answer. Log in again, or restart it."
    assert told in texts(the(view, DeviceMenu))


def test_every_shortcut_is_in_the_list(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    choose(view, "Keys")
    read = texts(the(view, KeyList))
    assert [name for name, _ in SHORTCUTS if name not in read] == []


def test_one_sheet_at_a_time_and_the_keyboard_goes_back(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    shield = button(view, "Safety code")
    shield.setFocus()
    QTest.keyClick(shield, Key.Key_Space)
    sheet = the(view, Verification)
    assert sheet.isAncestorOf(focused(view))
    QTest.keyClick(sheet, Key.Key_Escape)
    assert shield.hasFocus()
    shield.click()
    view.heading.quality.bars.click()
    assert [type(view._overlays.overlay), sheet.isVisible()] == [Statistics, False]


def test_a_click_beside_a_sheet_closes_it(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    button(view, "Safety code").click()
    QTest.mouseClick(view.picture, LEFT, pos=QPoint(5, 200))
    assert view._overlays.overlay is None


# --- Races -----------------------------------------------------------------------------------


def test_the_call_ends_under_an_open_menu_and_sheet(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    button(view, "Safety code").click()
    view.controls.more.click()
    opened = menu(view)
    assert opened is not None
    drawn.show(calls=())
    assert view._overlays.overlay is None
    assert menu(view) is None


def test_the_call_becomes_another_under_an_open_menu(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    view.controls.more.click()
    drawn.show(calls=(a_call("two", peer=BO),))
    assert menu(view) is None


def test_it_ends_while_hang_up_is_clicked(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    QTest.mousePress(view.controls.end, LEFT)
    drawn.show(calls=())
    QTest.mouseRelease(view.controls.end, LEFT)
    for key in (Key.Key_M, Key.Key_V, Key.Key_H, Key.Key_5, Key.Key_K, Key.Key_S):
        QTest.keyClick(view, key)
    assert drawn.wanted.verbs == []


def test_it_changes_while_mute_is_clicked_and_still_is_meant(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    QTest.mousePress(view.controls.mute, LEFT)
    drawn.show(calls=(a_call(muted_by_peer=True),))
    QTest.mouseRelease(view.controls.mute, LEFT)
    assert drawn.wanted.verbs == [("mute", ("one", True), {})]


def test_hidden_it_has_no_timer_no_sheet_no_menu(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    choose(view, "Devices")
    view.own.rest_in(start=True, top=True)
    assert running(view)
    view.hide()
    assert running(view) == []
    assert not any(
        motion.state() is QPropertyAnimation.State.Running
        for motion in view.findChildren(QPropertyAnimation)
    )
    assert view._overlays.overlay is None
    view.show()
    assert running(view)


# --- Controls over pictures ------------------------------------------------------------------


def faded(view: InCallView) -> bool:
    return view.controls.isHidden() and view.heading.isHidden()


def fade(view: InCallView, qtbot: QtBot) -> None:
    """The time without a movement is over."""
    with qtbot.waitSignal(view._fading.faded):
        view._fading._timer.timeout.emit()
    assert faded(view)


def test_they_fade_and_a_key_brings_them_back(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    assert view._fading._timer.isActive()
    place = view.controls.geometry()
    fade(view, qtbot)
    QTest.keyClick(view, Key.Key_Shift)
    assert not faded(view)
    assert view.controls.geometry() == place
    assert view._fading._timer.isActive(), "they go again"


def test_tab_brings_them_back_and_they_stay(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    fade(view, qtbot)
    QTest.keyClick(view, Key.Key_Tab)
    assert not faded(view)
    view.controls.mute.setFocus(Qt.FocusReason.TabFocusReason)
    view._fading._timer.timeout.emit()
    assert not view._fading.away


def test_a_shortcut_works_while_they_are_away(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    fade(view, qtbot)
    QTest.keyClick(view, Key.Key_M)
    assert drawn.last == ("mute", ("one", True), {})
    assert not faded(view)


def test_they_stay_without_pictures_and_under_a_sheet(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    assert not view._fading._timer.isActive()
    drawn.show(calls=(seen(),))
    assert view._fading._timer.isActive()
    button(view, "Safety code").click()
    assert not view._fading._timer.isActive()
    QTest.keyClick(view, Key.Key_Escape)
    assert view._fading._timer.isActive()


def test_they_are_back_when_the_pictures_end(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    fade(view, qtbot)
    drawn.show(calls=(a_call(),))
    assert not faded(view)
    assert not view._fading._timer.isActive()


# --- One's own picture -----------------------------------------------------------------------


def test_it_is_there_while_one_is_seen(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    assert view.own.isHidden()
    drawn.show(calls=(a_call(showing=True),))
    assert view.own.isVisible()


def test_the_arrow_keys_move_it_to_every_corner(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    view.own.setFocus()
    for key, corner in (
        (Key.Key_Left, (True, False)),
        (Key.Key_Up, (True, True)),
        (Key.Key_Right, (False, True)),
        (Key.Key_Down, (False, False)),
    ):
        QTest.keyClick(view.own, key)
        assert view.own.corner == corner
        qtbot.waitUntil(lambda: view.own.geometry() == view.own._resting_place())
        assert fits(view, view.own, view.heading, view.controls)


def test_it_is_dragged_and_snaps_to_the_nearest_corner(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    own = view.own
    QTest.mousePress(own, LEFT, pos=QPoint(10, 10))
    QTest.mouseMove(own, QPoint(10, 10) - own.pos() + QPoint(30, 90))
    assert own.pos() == QPoint(30, 90)
    QTest.mouseRelease(own, LEFT, pos=QPoint(10, 10))
    assert own.corner == (True, True)
    qtbot.waitUntil(lambda: own.geometry() == own._resting_place())


def test_it_stays_in_its_corner_when_the_window_changes(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    view.own.rest_in(start=True, top=True)
    view.resize(1920, 1080)
    drawn.show(calls=(seen(showing=False),))
    drawn.show(calls=(seen(),))
    assert view.own.corner == (True, True)
    assert view.own.geometry() == view.own._resting_place()
    assert view.own.x() < view.width() / 2


def test_it_is_put_away_and_fetched_back(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen())
    view.own.setFocus()
    hide = button(view.own, "Hide my picture")
    QTest.keyClick(view.own, Key.Key_Tab)
    assert hide.hasFocus()
    QTest.keyClick(hide, Key.Key_Space)
    assert view.own.isHidden()
    drawn.show(calls=(seen(muted=True),))
    assert view.own.isHidden()
    choose(view, "Show my picture")
    assert view.own.isVisible()


# --- For everyone ----------------------------------------------------------------------------


def test_changes_are_said_to_a_screen_reader(drawn: Drawn, qtbot: QtBot, said: list[str]) -> None:
    in_call(drawn, qtbot, a_call(state=State.CONNECTING))
    up = a_call()
    for now in (up, replace(up, muted=True), up, replace(up, held_by_peer=True), up):
        drawn.show(calls=(now,))
    assert said == [
        "You are connected with Demo friend",
        "Your microphone is muted",
        "Your microphone is on",
        "Demo friend put you on hold",
        "Demo friend is back",
    ]


def test_every_button_has_a_name(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, seen(), a_call("two", State.INCOMING, peer=BO, outgoing=False))
    buttons = view.findChildren(QAbstractButton)
    assert buttons
    assert [each for each in buttons if each.isVisible() and not each.accessibleName()] == []


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
@pytest.mark.parametrize("size", [(320, 440), (400, 660), (1920, 1080)])
def test_it_fits(
    drawn: Drawn, qtbot: QtBot, size: tuple[int, int], direction: Qt.LayoutDirection
) -> None:
    drawn.score = 4.2
    view = in_call(drawn, qtbot, seen(muted=True, muted_by_peer=True), size=size)
    view.setLayoutDirection(direction)
    drawn.show()
    shown = [each for each in view.controls._buttons if each.isVisible()]
    assert fits(view, view.heading, view.own, view.controls)
    assert fits(view.controls, *shown)
    assert {"Mute", "Camera", "More", "Hang up"} <= {each.accessibleName() for each in shown}
    drawn.show(calls=(a_call(held=True, muted=True, muted_by_peer=True),))
    settle()
    words = [each for each in view.person.findChildren(Words) if each.isVisible()]
    faces = [each for each in view.person.findChildren(Avatar) if each.isVisible()]
    assert fits(view, view.heading, *faces, *words, view.person.resume, view.controls)


def test_what_does_not_fit_is_in_the_menu(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot, size=(320, 440))
    assert view.controls.keypad.isHidden()
    choose(view, "Hold")
    assert drawn.last == ("hold", ("one", True), {})
    view.resize(800, 600)
    assert view.controls.left_out() == ()


def test_it_is_drawn_anew_by_night(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    try:
        theme().force(False)
        day = view.grab().toImage()
        theme().force(True)
        night = view.grab().toImage()
    finally:
        theme().force(None)
    assert day.pixelColor(view.person.name.geometry().center()) is not None
    assert day != night


def test_a_name_of_the_desk_is_used(drawn: Drawn, qtbot: QtBot) -> None:
    view = in_call(drawn, qtbot)
    drawn.show(names=NAMES | {"ana@site.example": "A very long name that goes on and on and on"})
    assert view.person.name.text().startswith("A very long name")
    assert fits(view, view.person.name)
