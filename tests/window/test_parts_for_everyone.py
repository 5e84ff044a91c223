"""The parts, for everyone: who does not see them, who has no mouse, who reads from the right, who
needs large letters or has a narrow window."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFont, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from twocan.gui.parts import (
    Avatar,
    Banner,
    Card,
    Choice,
    Field,
    Meter,
    PushButton,
    QualityBars,
    RoundButton,
    Row,
    Scroll,
    Slider,
    Switch,
    Tone,
    Words,
    column,
)
from twocan.gui.theme import Application
from twocan.gui.tokens import Size, Space, Type


@pytest.fixture
def type_size(qapp: Application) -> Iterator[Callable[[float], None]]:
    """Sets the system's font so many times as large, for the test."""
    before = qapp.font()

    def larger(times: float) -> None:
        font = QFont(before)
        font.setPointSizeF(font.pointSizeF() * times)
        qapp.setFont(font)

    yield larger
    qapp.setFont(before)


ROLES: dict[str, tuple[Callable[[], QWidget], QAccessible.Role, str]] = {
    "words": (lambda: Words("Hello"), QAccessible.Role.StaticText, "Hello"),
    "avatar": (lambda: person("demo@site.example", "Demo"), QAccessible.Role.StaticText, "Demo"),
    "push button": (lambda: PushButton("Cut & run"), QAccessible.Role.Button, "Cut & run"),
    "round button": (lambda: RoundButton("call", "Call"), QAccessible.Role.Button, "Call"),
    "round switch": (
        lambda: RoundButton("microphone", "Mute", checkable=True),
        QAccessible.Role.CheckBox,
        "Mute",
    ),
    "switch": (lambda: Switch("Reduce echo"), QAccessible.Role.CheckBox, "Reduce echo"),
    "meter": (lambda: named(Meter(), "Level"), QAccessible.Role.ProgressBar, "Level"),
    "bars": (lambda: quality(4.2, "Good"), QAccessible.Role.Button, "Good"),
    "entry": (lambda: Field("Address"), QAccessible.Role.EditableText, "Address"),
    "choice": (lambda: Choice("Camera"), QAccessible.Role.ComboBox, "Camera"),
    "slider": (lambda: Slider("Volume"), QAccessible.Role.Slider, "Volume"),
}


@pytest.mark.parametrize("part", ROLES)
def test_a_part_says_what_it_is_to_who_does_not_see_it(qtbot: QtBot, part: str) -> None:
    make, role, name = ROLES[part]
    widget = make()
    qtbot.addWidget(widget)
    told = widget.edit if isinstance(widget, Field) else widget
    interface = QAccessible.queryAccessibleInterface(told)
    assert interface.role() is role
    assert interface.text(QAccessible.Text.Name) == name


@pytest.mark.parametrize("part", sorted(set(ROLES) - {"words", "avatar", "meter"}))
def test_a_control_is_reached_by_the_keyboard_and_shows_it(qtbot: QtBot, part: str) -> None:
    control = ROLES[part][0]()
    window = QWidget()
    window.setLayout(column(PushButton("Before"), control))
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    # Where there is no window manager, nobody else does.
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    inner = control.edit if isinstance(control, Field) else control
    inner.clearFocus()
    before = inner.grab().toImage()
    inner.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(inner.hasFocus)
    assert inner.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert inner.grab().toImage() != before


@pytest.mark.parametrize("times", [1.0, 1.5])
def test_all_parts_fit_into_the_narrowest_window(
    qtbot: QtBot, type_size: Callable[[float], None], times: float
) -> None:
    type_size(times)
    long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
    choice = Choice("Microphone")
    choice.addItem(long * 2)
    parts = [
        Words(long),
        Words(f"{long} {long}", Type.TITLE, wrap=True),
        PushButton(long, icon="call"),
        RoundButton("call", long, captioned=True),
        Switch(long),
        choice,
        Field(long, long),
        Card(Row(long, Switch(long), long, "clock"), Row(long, Choice(long))),
        Banner(long * 3, Tone.END, long),
    ]
    page = QWidget()
    page.setLayout(column(*parts, margin=Space.LARGE))
    scroll = Scroll(page)
    qtbot.addWidget(scroll)
    scroll.resize(Size.NARROWEST, Size.LOWEST)
    scroll.show()
    assert page.minimumSizeHint().width() <= Size.NARROWEST - Size.BAR
    assert page.width() <= Size.NARROWEST


MIRRORED_PARTS: dict[str, Callable[[], QWidget]] = {
    "switch": lambda: on(Switch()),
    "meter": lambda: level(-20),
    "bars": lambda: quality(3.0, "Fair"),
    "slider": lambda: slid(30),
}


@pytest.mark.parametrize("part", MIRRORED_PARTS)
def test_parts_are_mirrored_where_reading_runs_from_the_right(qtbot: QtBot, part: str) -> None:
    widget = MIRRORED_PARTS[part]()
    qtbot.addWidget(widget)
    widget.resize(160, widget.sizeHint().height())
    there = widget.grab().toImage()
    widget.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    here = widget.grab().toImage()
    assert here != there
    mirrored = there.flipped(Qt.Orientation.Horizontal)
    assert colours_differ(here, mirrored) < 0.03


def test_a_row_begins_at_the_right_where_reading_does(qtbot: QtBot) -> None:
    switch = Switch()
    row = Row("Reduce echo", switch)
    qtbot.addWidget(row)
    row.resize(300, 40)
    row.show()
    assert switch.x() > row.title.x()
    row.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qtbot.waitUntil(lambda: switch.x() < row.title.x())


def test_what_others_call_themselves_is_never_taken_for_html(qtbot: QtBot) -> None:
    name = '<b>Demo</b> & <img src="x">'
    words, button = Words(name), RoundButton("call", name)
    for widget in (words, button):
        qtbot.addWidget(widget)
    words.resize(30, 20)
    words.show()
    for widget in (words, button):
        assert "<b>" not in widget.toolTip()
        assert "&lt;b>" in widget.toolTip()
    assert words.textFormat() is Qt.TextFormat.PlainText


def person(address: str, name: str) -> Avatar:
    avatar = Avatar()
    avatar.show_person(address, name)
    return avatar


def named(widget: QWidget, name: str) -> QWidget:
    widget.setAccessibleName(name)
    return widget


def quality(score: float, words: str) -> QualityBars:
    bars = QualityBars()
    bars.show_quality(score, words)
    return bars


def level(dbfs: float) -> Meter:
    meter = Meter()
    meter.show_level(dbfs)
    return meter


def on(switch: Switch) -> Switch:
    switch.setChecked(True)
    return switch


def slid(value: int) -> Slider:
    slider = Slider("Volume")
    slider.setValue(value)
    return slider


def colours_differ(one: QImage, other: QImage) -> float:
    """The share of pixels that are clearly of another colour."""
    far = [
        abs(one.pixelColor(x, y).lightness() - other.pixelColor(x, y).lightness()) > 60
        for y in range(one.height())
        for x in range(one.width())
    ]
    return sum(far) / len(far)
