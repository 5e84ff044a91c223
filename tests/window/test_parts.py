"""What the window is made of, part by part."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from twocan.gui.parts import (
    Avatar,
    Banner,
    Card,
    Choice,
    Field,
    Meter,
    PulseRing,
    PushButton,
    QualityBars,
    RoundButton,
    Row,
    Switch,
    Toast,
    Words,
    column,
    row,
)
from twocan.gui.parts.text import lines_of, width_of
from twocan.gui.theme import Application, Theme
from twocan.gui.tokens import Level, Size, Type

Part = TypeVar("Part", bound=QWidget)

ADDRESS = "k3f9zq7d2mx4@site.example"
"""As a site makes it up: it says nothing about who it is."""


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person wants no motion."""
    monkeypatch.setattr(Theme, "animates", property(lambda _: False))


@pytest.fixture
def moving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Theme, "animates", property(lambda _: True))


# People


def test_an_avatar_shows_another_person(qtbot: QtBot) -> None:
    avatar = shown(qtbot, Avatar())
    avatar.show_person("demo@site.example", "Demo Person")
    named = avatar.grab().toImage()
    assert avatar.accessibleName() == "Demo Person"
    avatar.show_person(ADDRESS, None)
    assert avatar.accessibleName() == ADDRESS
    assert avatar.grab().toImage() != named


def test_a_ring_pulses_only_while_it_rings_and_is_seen(qtbot: QtBot, moving: None) -> None:
    ring = PulseRing(Avatar())
    qtbot.addWidget(ring)
    ring.ring(on=True)
    assert not ring.pulses
    ring.show()
    moves = [ring.pulses]
    for change in (ring.hide, ring.show, lambda: ring.ring(on=False)):
        change()
        moves.append(ring.pulses)
    assert moves == [True, False, True, False]


def test_a_ring_stands_still_for_who_wants_no_motion(qtbot: QtBot, still: None) -> None:
    ring = PulseRing(Avatar())
    qtbot.addWidget(ring)
    ring.show()
    silent = ring.grab().toImage()
    ring.ring(on=True)
    assert not ring.pulses
    assert ring.grab().toImage() != silent


# Words


def test_words_that_do_not_fit_are_elided_and_whole_in_the_tooltip(qtbot: QtBot) -> None:
    words = shown(qtbot, Words("Somebody with a long name", elided=True))
    words.resize(words.sizeHint())
    assert words.toolTip() == ""
    words.resize(60, 20)
    assert words.toolTip() == "Somebody with a long name"
    words.setText("Short")
    assert words.toolTip() == ""


def test_the_elided_give_way_first(qtbot: QtBot) -> None:
    name, duration = Words("Somebody with a very long name", elided=True), Words("12:34")
    box = QWidget()
    box.setLayout(row(name, duration))
    shown(qtbot, box)
    box.resize(150, 30)
    qtbot.waitUntil(lambda: bool(name.toolTip()))
    assert duration.width() >= duration.sizeHint().width()


def test_words_that_wrap_are_as_high_as_they_need(qtbot: QtBot) -> None:
    words = Words("One line of words that goes on for quite a while", wrap=True)
    box = QWidget()
    box.setLayout(column(words, None))
    shown(qtbot, box)
    box.resize(120, 400)
    qtbot.waitUntil(lambda: words.height() >= 2 * Words("x").sizeHint().height())
    box.resize(900, 400)
    qtbot.waitUntil(lambda: words.height() == Words("x").sizeHint().height())


@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=60),
    width=st.integers(30, 300),
)
def test_no_sign_is_lost_between_lines(qapp: Application, text: str, width: int) -> None:
    lines = lines_of(text, qapp.theme.font(Type.BODY), width)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_word_that_is_too_long_is_broken(qapp: Application) -> None:
    font = qapp.theme.font(Type.BODY)
    lines = lines_of("somebody@a-very-long-name-of-a-site.example", font, 80)
    assert len(lines) > 2
    assert all(width_of(line, font) <= 80 for line in lines)


def test_lines_that_are_too_many_end_in_an_ellipsis(qapp: Application) -> None:
    lines = lines_of("one two three four five six", qapp.theme.font(Type.BODY), 60, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")


# Buttons


def test_a_round_button_changes_face_and_name_with_its_state(qtbot: QtBot) -> None:
    mute = RoundButton(
        "microphone", "Mute", icon_on="microphone-off", text_on="Unmute", checkable=True
    )
    shown(qtbot, mute)
    off = mute.grab().toImage()
    with qtbot.waitSignal(mute.toggled):
        QTest.mouseClick(mute, Qt.MouseButton.LeftButton)
    assert (mute.accessibleName(), mute.toolTip()) == ("Unmute", "Unmute")
    assert mute.grab().toImage() != off
    with qtbot.waitSignal(mute.toggled):
        QTest.keyClick(mute, Qt.Key.Key_Space)
    assert mute.accessibleName() == "Mute"


def test_an_ampersand_on_a_button_is_no_shortcut(qtbot: QtBot) -> None:
    button = shown(qtbot, PushButton("Hold & answer"))
    assert button.shortcut().isEmpty()
    assert button.accessibleName() == "Hold & answer"


def test_a_caption_is_part_of_what_is_pressed(qtbot: QtBot) -> None:
    button = RoundButton("call", "Call", captioned=True)
    shown(qtbot, button)
    button.resize(button.sizeHint())
    foot = QPoint(button.width() // 2, button.height() - 2)
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=foot)


def test_circles_stay_level_beside_a_caption_of_two_lines(qtbot: QtBot) -> None:
    short = RoundButton("call", "Call", captioned=True)
    long = RoundButton("camera", "Turn the camera on now", captioned=True)
    box = QWidget()
    box.setLayout(row(short, long))
    shown(qtbot, box)
    assert long.sizeHint().height() > short.sizeHint().height()
    assert short.y() == long.y()


def test_the_ring_of_the_focus_is_for_the_keyboard(qtbot: QtBot) -> None:
    window = QWidget()
    first, second = PushButton("First"), PushButton("Second")
    window.setLayout(column(first, second))
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    # Where there is no window manager, nobody else does.
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert first.hasFocus()
    assert not first.shows_focus()
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert second.shows_focus()
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert second.hasFocus()
    assert not second.shows_focus()


@pytest.mark.parametrize("control", ["push", "round"])
def test_what_cannot_be_used_looks_so(qtbot: QtBot, control: str) -> None:
    makers: dict[str, Callable[[], QWidget]] = {
        "push": lambda: PushButton("Call"),
        "round": lambda: RoundButton("call", "Call"),
    }
    widget = shown(qtbot, makers[control]())
    usable = widget.grab().toImage()
    widget.setEnabled(False)
    assert widget.grab().toImage() != usable


def test_a_switch_slides_and_then_rests(qtbot: QtBot, moving: None) -> None:
    switch = shown(qtbot, Switch("Reduce echo"))
    resting = switch.grab().toImage()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    qtbot.waitUntil(lambda: not switch.moves)
    there = switch.grab().toImage()
    assert there != resting
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    qtbot.waitUntil(lambda: not switch.moves)
    assert switch.grab().toImage() == resting


def test_a_switch_jumps_for_who_wants_no_motion(qtbot: QtBot, still: None) -> None:
    switch = shown(qtbot, Switch("Reduce echo"))
    switch.click()
    assert not switch.moves
    there = switch.grab().toImage()
    other = Switch("Reduce echo")
    qtbot.addWidget(other)
    other.setChecked(True)
    other.resize(switch.size())
    assert other.grab().toImage() == there


def test_a_click_on_its_row_is_one_on_the_switch(qtbot: QtBot) -> None:
    switch = Switch()
    line = shown(qtbot, Row("Reduce echo", switch, "Takes out what you hear."))
    assert switch.accessibleName() == "Reduce echo"
    assert switch.accessibleDescription() == "Takes out what you hear."
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert switch.isChecked()
    switch.setEnabled(False)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert switch.isChecked()


# Levels


def test_a_meter_shows_how_loud_it_is_and_holds_the_loudest(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [10.0]
    monkeypatch.setattr("twocan.gui.parts.levels.monotonic", lambda: now[0])
    meter = shown(qtbot, Meter())
    silent = meter.grab().toImage()
    meter.show_level(-6.0)
    meter.show_level(-60.0)
    held = meter.grab().toImage()
    assert held != silent
    now[0] += 5
    meter.show_level(-60.0)
    assert meter.grab().toImage() == silent


@pytest.mark.parametrize(
    ("dbfs", "value"),
    [(None, Level.LOWEST), (-90.0, Level.LOWEST), (-30.0, -30), (3.0, 0), (-0.1, 0)],
)
def test_a_meter_tells_its_level(qtbot: QtBot, dbfs: float | None, value: int) -> None:
    meter = shown(qtbot, Meter())
    meter.show_level(dbfs)
    assert meter.value() == value


def test_bars_are_lit_by_the_score_and_named_by_the_caller(qtbot: QtBot) -> None:
    bars = shown(qtbot, QualityBars())
    pictures = []
    for score in (None, 1.5, 3.0, 3.5, 4.3):
        bars.show_quality(score, f"score {score}")
        pictures.append(bars.grab().toImage())
        assert bars.accessibleName() == bars.toolTip() == f"score {score}"
    assert all(one != other for at, one in enumerate(pictures) for other in pictures[at + 1 :])
    with qtbot.waitSignal(bars.clicked):
        QTest.keyClick(bars, Qt.Key.Key_Space)


# Fields


def test_a_field_gives_what_was_typed(qtbot: QtBot) -> None:
    field = shown(qtbot, Field("Address", "somebody@site.example"))
    QTest.keyClicks(field.edit, "  demo@site.example ")
    assert field.text() == "demo@site.example"
    with qtbot.waitSignal(field.entered):
        QTest.keyClick(field.edit, Qt.Key.Key_Return)


def test_a_secret_is_not_seen_and_keeps_its_spaces(qtbot: QtBot) -> None:
    field = shown(qtbot, Field("Password", secret=True))
    QTest.keyClicks(field.edit, " a b ")
    assert field.text() == " a b "
    assert field.edit.echoMode() is QLineEdit.EchoMode.Password
    assert "a b" not in field.edit.displayText()


def test_what_is_wrong_is_said_below_the_field(qtbot: QtBot) -> None:
    field = shown(qtbot, Field("Address"))
    right = field.edit.grab().toImage()
    height = field.sizeHint().height()
    field.show_problem("This is no address.")
    assert field.edit.accessibleDescription() == "This is no address."
    assert field.sizeHint().height() > height
    assert field.edit.grab().toImage() != right
    field.show_problem(None)
    assert field.edit.accessibleDescription() == ""
    assert field.sizeHint().height() == height


def test_a_choice_shrinks_below_its_longest(qtbot: QtBot) -> None:
    choice = Choice("Microphone")
    choice.addItems(["As the system", "A headset whose name goes on and on, Analog Stereo, 2"])
    shown(qtbot, choice)
    assert choice.minimumSizeHint().width() < Size.NARROWEST / 2
    assert choice.sizeHint().width() <= Size.NARROWEST
    with qtbot.waitSignal(choice.currentIndexChanged):
        QTest.keyClick(choice, Qt.Key.Key_Down)


def test_a_wide_control_goes_below_where_it_is_narrow(qtbot: QtBot) -> None:
    choice = Choice("Microphone")
    choice.addItems(["A headset whose name goes on and on, Analog Stereo"])
    line = Row("Microphone", choice)
    card = Card(line)
    shown(qtbot, card)
    card.resize(800, 80)
    qtbot.waitUntil(lambda: choice.y() < line.title.geometry().bottom())
    card.resize(300, 160)
    qtbot.waitUntil(lambda: choice.y() > line.title.geometry().bottom())
    assert choice.height() == choice.sizeHint().height()


# Notices


def test_a_banner_says_what_is_wrong_and_offers_what_to_do(qtbot: QtBot) -> None:
    banner = shown(qtbot, Banner("The camera is busy.", action="Try again"))
    with qtbot.waitSignal(banner.acted):
        QTest.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    banner.show_text("You are offline.")
    assert banner.text() == "You are offline."
    assert not banner.button.isVisible()


def test_a_toast_goes_away_by_itself(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twocan.gui.parts.notices.Time.TOAST", 1)
    window = shown(qtbot, QWidget())
    window.resize(320, 440)
    toast = Toast(window)
    toast.say("The phone stays reachable.")
    assert toast.isVisible()
    assert window.rect().contains(toast.geometry())
    window.resize(400, 300)
    assert window.rect().contains(toast.geometry())
    qtbot.waitUntil(lambda: not toast.isVisible())


def shown(qtbot: QtBot, part: Part) -> Part:
    qtbot.addWidget(part)
    part.show()
    return part
