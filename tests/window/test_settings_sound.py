"""The page of sound: what is open while it is looked at, and what each control does."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from settings_pages import choose, last, minimise, on_screen, talking, texts, verbs
from twocan.desk.equipment import Equipped, Levels
from twocan.desk.settings import Settings
from twocan.desk.state import Step, Trial
from twocan.gui.settings.microphone import RECORDED, RESUMES_AFTER
from twocan.gui.settings.sound import SoundPage

PLUGGED = Equipped(("Built in", "Headset"), ("Built in", "Loud one"), ("Webcam",))


@pytest.fixture
def page(drawn: Drawn, qtbot: QtBot) -> Iterator[SoundPage]:
    """The page, on the screen, with two microphones and two speakers plugged in."""
    drawn.wanted.answers["devices"] = PLUGGED
    drawn.show()
    page = SoundPage(drawn)
    drawn.changed.connect(page.show_desk)
    page.show_desk(drawn.view)
    on_screen(page, qtbot)
    yield page
    page.hide()


# --- What is open while somebody looks -------------------------------------------------------


def test_the_microphone_is_open_only_while_the_page_is_looked_at(
    drawn: Drawn, page: SoundPage
) -> None:
    assert drawn.wanted.verbs[0] == ("try_microphone", (True,), {})
    assert page.microphone.levels_timer.isActive()
    assert page.plugged.is_looking

    page.hide()

    assert drawn.last == ("try_microphone", (False,), {})
    assert not page.microphone.levels_timer.isActive()
    assert not page.plugged.is_looking


def test_a_page_that_was_never_shown_opens_and_moves_nothing(drawn: Drawn, qtbot: QtBot) -> None:
    page = SoundPage(drawn)
    drawn.show(trial=Trial(Step.RECORDING))
    page.show_desk(drawn.view)

    assert drawn.wanted.verbs == []
    assert not page.microphone.levels_timer.isActive()
    moves = page.microphone.progress.is_running
    assert not moves

    drawn.wanted.answers["devices"] = PLUGGED
    on_screen(page, qtbot)
    assert page.microphone.progress.is_running
    page.hide()


def test_a_minimised_window_does_not_listen(drawn: Drawn, page: SoundPage) -> None:
    minimise(page)
    seen = page.seen
    assert not seen
    assert drawn.last == ("try_microphone", (False,), {})

    minimise(page, back=True)
    assert page.seen
    assert last(drawn) == ("try_microphone", (True,), {})


def test_a_call_has_the_microphone_and_its_level_is_shown(
    drawn: Drawn, page: SoundPage, qtbot: QtBot
) -> None:
    drawn.heard = Levels(-20.0, -30.0)

    drawn.show(calls=(talking(),))

    assert last(drawn) == ("try_microphone", (False,), {})
    tests = (page.microphone.record, page.speaker.test, page.ringer.test)
    assert not any(test.isEnabled() for test in tests)
    qtbot.waitUntil(lambda: page.microphone.meter.value() == -20)

    drawn.show(calls=())

    assert last(drawn) == ("try_microphone", (True,), {})
    assert all(test.isEnabled() for test in tests)


def test_listening_begins_anew_when_a_tone_is_over(drawn: Drawn, page: SoundPage) -> None:
    drawn.show(trial=Trial(Step.METERING))
    page.speaker.test.click()
    drawn.heard = Levels(None, -20.0)
    drawn.show(trial=Trial())
    look(page, 2 * RESUMES_AFTER)
    assert last(drawn) == ("try_speaker", (), {}), "a tone that sounds is not cut off"

    drawn.heard = Levels()
    look(page, RESUMES_AFTER)
    assert last(drawn) == ("try_microphone", (True,), {})

    look(page, 2 * RESUMES_AFTER)
    assert verbs(drawn)[-2:] == ["try_speaker", "try_microphone"], "it is asked for once"


def test_a_microphone_that_does_not_open_is_not_asked_again_and_again(
    drawn: Drawn, page: SoundPage
) -> None:
    drawn.show(trial=Trial(Step.METERING))
    drawn.show(trial=Trial(problem="cannot use 'Headset' at 48 kHz: it is busy"))

    look(page, 2 * RESUMES_AFTER)

    assert verbs(drawn) == ["try_microphone"]


# --- Hearing oneself -------------------------------------------------------------------------


def test_recording_counts_down_and_then_plays(drawn: Drawn, page: SoundPage, qtbot: QtBot) -> None:
    page.microphone.record.click()
    assert last(drawn) == ("record", (), {})
    assert page.microphone.progress.isHidden()

    drawn.show(trial=Trial(Step.RECORDING))

    assert page.microphone.status.text() == "Say something. 5 second(s) are left."
    assert page.microphone.progress.is_running
    qtbot.waitUntil(lambda: page.microphone.progress.value() > 0)
    page.microphone.progress.hide()
    page.microphone.progress.setValue(RECORDED - 500)
    look(page, 1)
    assert page.microphone.status.text() == "Say something. 1 second(s) are left."

    drawn.show(trial=Trial(Step.PLAYING))

    assert page.microphone.status.text() == "This is how others hear you."
    assert page.microphone.progress.is_running

    drawn.show(trial=Trial(Step.METERING))

    assert page.microphone.status.isHidden()
    assert page.microphone.progress.isHidden()
    assert not page.microphone.progress.is_running


def test_recording_can_be_stopped(drawn: Drawn, page: SoundPage) -> None:
    drawn.show(trial=Trial(Step.RECORDING))
    assert page.microphone.record.text() == "Stop"

    page.microphone.record.click()

    assert last(drawn) == ("try_microphone", (True,), {})
    drawn.show(trial=Trial(Step.METERING))
    assert page.microphone.record.text() == "Hear yourself"


def test_nothing_moves_on_a_page_that_was_left_while_recording(
    drawn: Drawn, page: SoundPage
) -> None:
    drawn.show(trial=Trial(Step.RECORDING))

    page.hide()

    assert last(drawn) == ("try_microphone", (False,), {})
    assert not page.microphone.progress.is_running


# --- Choosing --------------------------------------------------------------------------------


def test_each_choice_changes_its_own_device(drawn: Drawn, page: SoundPage) -> None:
    assert texts(page.microphone.choice) == ["System default", "Built in", "Headset"]
    assert texts(page.speaker.choice) == ["System default", "Built in", "Loud one"]
    assert texts(page.ringer.choice) == ["System default", "Built in", "Loud one"]

    choose(page.speaker.choice, "Loud one")
    assert last(drawn) == ("change", (), {"speaker": "Loud one"})
    choose(page.ringer.choice, "Built in")
    assert last(drawn) == ("change", (), {"ringer": "Built in"})
    choose(page.microphone.choice, "Built in")
    change, again = drawn.wanted.verbs[-2:]
    assert change == ("change", (), {"microphone": "Built in"})
    assert again == ("try_microphone", (True,), {}), "the new one is listened to"


def test_a_choice_from_elsewhere_is_drawn_and_not_echoed(drawn: Drawn, page: SoundPage) -> None:
    before = verbs(drawn)

    drawn.show(settings=Settings("Headset", "Loud one", "Built in", noise=False, ring_volume=0.3))

    assert page.microphone.choice.currentText() == "Headset"
    assert page.speaker.choice.currentText() == "Loud one"
    assert page.ringer.choice.currentText() == "Built in"
    assert not page.voice.noise.isChecked()
    assert page.ringer.volume.value() == 30
    assert verbs(drawn) == before


def test_a_chosen_device_that_is_gone_says_so(drawn: Drawn, page: SoundPage) -> None:
    drawn.show(settings=Settings(microphone="Old one"))
    assert page.microphone.choice.currentText() == "Old one (not plugged in)"

    plug(drawn, page, Equipped(("Old one",), ("Built in",)))

    assert page.microphone.choice.currentText() == "Old one"
    assert texts(page.microphone.choice) == ["System default", "Old one"]


def test_before_it_is_known_what_is_plugged_in_nothing_is_said_to_be_gone(
    drawn: Drawn, qtbot: QtBot
) -> None:
    page = SoundPage(drawn)
    qtbot.addWidget(page)
    drawn.show(settings=Settings(microphone="Headset"))
    page.show_desk(drawn.view)

    assert page.microphone.choice.currentText() == "Headset"


def test_devices_that_come_and_go_appear_while_the_page_is_open(
    drawn: Drawn, page: SoundPage, qtbot: QtBot
) -> None:
    drawn.wanted.answers["devices"] = Equipped(("New one",), ("Built in",))

    qtbot.waitUntil(lambda: "New one" in texts(page.microphone.choice))
    assert "Headset" not in texts(page.microphone.choice)


def test_a_list_that_is_open_is_left_alone(drawn: Drawn, page: SoundPage, qtbot: QtBot) -> None:
    choice = page.microphone.choice
    choice.showPopup()
    qtbot.waitUntil(lambda: choice.view().isVisible())

    plug(drawn, page, Equipped(("New one",), ("Built in",)))

    assert texts(choice) == ["System default", "Built in", "Headset"]
    choice.hidePopup()
    plug(drawn, page, Equipped(("New one",), ("Built in",)))
    assert texts(choice) == ["System default", "New one"]


@pytest.mark.parametrize("name", ["echo", "noise", "gain"])
def test_each_switch_changes_what_it_says(drawn: Drawn, page: SoundPage, name: str) -> None:
    switch = getattr(page.voice, name)
    assert switch.isChecked()
    assert switch.accessibleName()
    assert switch.accessibleDescription()

    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert last(drawn) == ("change", (), {name: False})
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert last(drawn) == ("change", (), {name: True})


def test_the_wheel_scrolls_the_page_and_changes_nothing(drawn: Drawn, page: SoundPage) -> None:
    before = verbs(drawn)

    for control in (page.microphone.choice, page.ringer.volume):
        turn_wheel(control)

    assert page.microphone.choice.currentText() == "System default"
    assert page.ringer.volume.value() == 80
    assert verbs(drawn) == before


# --- The ring volume -------------------------------------------------------------------------


def test_the_volume_is_slid_by_the_keyboard(drawn: Drawn, page: SoundPage) -> None:
    QTest.keyClick(page.ringer.volume, Qt.Key.Key_Right)

    assert last(drawn) == ("change", (), {"ring_volume": 0.85})


def test_what_comes_back_late_does_not_pull_the_handle_back(drawn: Drawn, page: SoundPage) -> None:
    QTest.keyClick(page.ringer.volume, Qt.Key.Key_Right)
    QTest.keyClick(page.ringer.volume, Qt.Key.Key_Right)

    drawn.show(settings=Settings(ring_volume=0.85))
    assert page.ringer.volume.value() == 90

    drawn.show(settings=Settings(ring_volume=0.9))
    assert page.ringer.volume.value() == 90
    drawn.show(settings=Settings(ring_volume=0.2))
    assert page.ringer.volume.value() == 20, "what somebody else chose is shown again"


@pytest.mark.parametrize(
    "direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]
)
def test_the_handle_comes_to_the_pointer(
    drawn: Drawn, page: SoundPage, direction: Qt.LayoutDirection
) -> None:
    slider = page.ringer.volume
    page.setLayoutDirection(direction)
    end = slider.width() - 1 if direction is Qt.LayoutDirection.LeftToRight else 0

    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(end, slider.height() // 2))
    assert last(drawn) == ("change", (), {"ring_volume": 1.0})
    drawn.show(settings=Settings(ring_volume=0.5))
    assert slider.value() == 100, "it is held"
    QTest.mouseMove(slider, QPoint(slider.width() // 2, slider.height() // 2))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton)
    drawn.show(settings=Settings(ring_volume=0.6))
    drawn.show(settings=Settings(ring_volume=0.7))
    assert slider.value() == 70


# --- What is wrong ---------------------------------------------------------------------------


def test_a_problem_is_told_where_it_belongs(drawn: Drawn, page: SoundPage) -> None:
    lines = (page.microphone.problem, page.speaker.problem, page.ringer.problem)

    drawn.show(trial=Trial(problem="there is no microphone 'Old one': there is 'Built in'"))
    assert shown(*lines) == [0]
    assert "There is no microphone Old one." in lines[0].text()

    drawn.show(trial=Trial())
    page.ringer.test.click()
    assert last(drawn) == ("try_ringer", (), {})
    drawn.show(trial=Trial(problem="there is no speaker 'Old one': there is 'Built in'"))
    assert shown(*lines) == [2]

    page.speaker.test.click()
    assert shown(*lines) == [], "a new trial has none yet"
    drawn.show(trial=Trial(problem="something new"))
    assert shown(*lines) == [1]


def test_without_any_device_it_says_what_to_do(drawn: Drawn, page: SoundPage) -> None:
    plug(drawn, page, Equipped((), ("Built in",), sound_problem="there is no microphone"))
    assert page.microphone.problem.text() == "There is no microphone. Plug one in."

    plug(drawn, page, Equipped(("Built in",), (), sound_problem="there is no speaker"))
    assert page.microphone.problem.isHidden()
    assert page.speaker.problem.text().startswith("There is no speaker.")


def look(page: SoundPage, times: int) -> None:
    """Have it look at the levels, as its timer does."""
    for _ in range(times):
        page.microphone.levels_timer.timeout.emit()


def shown(*lines: QWidget) -> list[int]:
    return [at for at, line in enumerate(lines) if not line.isHidden()]


def plug(drawn: Drawn, page: SoundPage, equipped: Equipped) -> None:
    """Have these plugged in, and the page look."""
    drawn.wanted.answers["devices"] = equipped
    page.plugged.stop()
    page.plugged.start()


def turn_wheel(control: QWidget) -> None:
    middle = QPointF(control.rect().center())
    event = QWheelEvent(
        middle,
        control.mapToGlobal(middle),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(control, event)
