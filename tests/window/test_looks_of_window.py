"""The looks: colours that can be read, icons that stay sharp, sizes and sides that follow the
person's system."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPalette
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from twocan.gui.icons import MIRRORED, icon_pixmap, paint_icon
from twocan.gui.parts import RoundButton, Words, column
from twocan.gui.places import assets
from twocan.gui.theme import Application, Theme
from twocan.gui.tokens import (
    DARK,
    LIGHT,
    ON_PEOPLE,
    PEOPLE,
    READ_ON,
    Colours,
    Ink,
    Type,
    contrast,
)

ICONS = sorted(path.stem for path in (assets() / "icons").glob("*.svg"))
TRAY = ("online", "offline", "quiet", "call", "missed")
INK = QColor("#1d1e21")


@pytest.fixture
def looks(qapp: Application) -> Iterator[Theme]:
    """The theme, which is left as it was."""
    font = qapp.font()
    yield qapp.theme
    qapp.theme.force(None)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    qapp.setFont(font)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


# Colours


@pytest.mark.parametrize(
    "colours",
    [LIGHT, DARK, LIGHT.with_more_contrast(), DARK.with_more_contrast()],
    ids=["light", "dark", "light, more contrast", "dark, more contrast"],
)
@pytest.mark.parametrize(("ink", "on", "least"), READ_ON)
def test_what_is_read_stands_out(colours: Colours, ink: Ink, on: Ink, least: float) -> None:
    assert contrast(colours[ink], colours[on]) >= least


@pytest.mark.parametrize("colour", PEOPLE)
def test_initials_can_be_read_on_everybodys_colour(colour: str) -> None:
    assert contrast(ON_PEOPLE, colour) >= 4.5
    for colours in (LIGHT, DARK):
        assert contrast(colour, colours.surface) >= 3.0


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_every_ink_has_a_colour_by_day_and_by_night() -> None:
    for colours in (LIGHT, DARK):
        assert all(QColor(colours[ink]).isValid() for ink in Ink)


def test_the_night_comes_while_the_window_is_open(
    qtbot: QtBot, qapp: Application, looks: Theme
) -> None:
    words = Words("Hello")
    qtbot.addWidget(words)
    by_day = words.grab().toImage()

    with qtbot.waitSignal(looks.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)

    assert looks.dark
    assert looks.colour(Ink.TEXT) == QColor(DARK.text)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.background)
    assert words.grab().toImage() != by_day


def test_what_is_forced_stays_until_it_is_given_back(qapp: Application, looks: Theme) -> None:
    looks.force(dark=True)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert looks.tokens == DARK
    looks.force(None)
    assert looks.tokens == LIGHT


def test_standard_widgets_are_in_our_colours(qapp: Application, looks: Theme) -> None:
    looks.force(dark=True)
    palette = qapp.palette()
    assert palette.color(QPalette.ColorRole.Base) == QColor(DARK.surface)
    assert palette.color(QPalette.ColorRole.Highlight) == QColor(DARK.soft)
    off, on = (
        palette.color(group, QPalette.ColorRole.Text)
        for group in (QPalette.ColorGroup.Disabled, QPalette.ColorGroup.Active)
    )
    assert contrast(off.name(), DARK.background) < contrast(on.name(), DARK.background)


def test_calls_of_qt_drop_no_reference_that_is_not_theirs(qapp: Application) -> None:
    """PySide 6.12.0 does: under Python 3.11 the program ends with "deallocating None"."""
    timer, before = QTimer(), [sys.getrefcount(it) for it in (None, True, False)]
    for _ in range(500):
        timer.setObjectName("a name")
        timer.setSingleShot(True)
        timer.timeout.emit()
        assert timer.isSingleShot()
    after = [sys.getrefcount(it) for it in (None, True, False)]
    assert all(abs(one - other) < 100 for one, other in zip(before, after, strict=True))


# Type


def test_type_is_as_large_as_the_person_wants_it(
    qtbot: QtBot, qapp: Application, looks: Theme
) -> None:
    parts = [Words("Hello", Type.TITLE), RoundButton("call", "Call", captioned=True), Words("Hi")]
    window = QWidget()
    window.setLayout(column(*parts, None))
    qtbot.addWidget(window)
    window.show()
    before = [part.height() for part in parts]

    with qtbot.waitSignal(looks.changed):
        qapp.setFont(larger(qapp.font(), 1.5))

    title, button, words = before
    qtbot.waitUntil(lambda: parts[0].height() > 1.35 * title)
    assert parts[1].height() > button
    assert parts[2].height() == pytest.approx(1.5 * words, rel=0.1)


def test_figures_are_of_one_width(looks: Theme) -> None:
    metrics = QFontMetricsF(looks.font(Type.NUMERALS))
    assert len({metrics.horizontalAdvance(figure * 8) for figure in "0123456789"}) == 1


def larger(font: QFont, times: float) -> QFont:
    font = QFont(font)
    font.setPointSizeF(font.pointSizeF() * times)
    return font


# Icons


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_drawn_in_one_colour_on_one_grid(name: str) -> None:
    source = (assets() / "icons" / f"{name}.svg").read_text()
    assert 'viewBox="0 0 24 24"' in source
    assert 'stroke-width="1.75"' in source
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', source)) <= {"none", "currentColor"}


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_stays_within_its_square_and_is_sharp(qapp: Application, name: str) -> None:
    images = [icon_pixmap(name, 20, INK, ratio).toImage() for ratio in (1.0, 2.0, 3.0)]
    assert [image.width() for image in images] == [20, 40, 60]
    for image in images:
        assert not inked_edge(image)
        assert darkest(image) > 200
    blown_up = images[0].scaled(QSize(60, 60), mode=Qt.TransformationMode.SmoothTransformation)
    # Drawn anew, not stretched: there is less between ink and paper.
    assert grey_share(images[2]) < grey_share(blown_up)


@pytest.mark.parametrize("name", ICONS)
def test_icons_turn_where_reading_runs_the_other_way(
    qapp: Application, looks: Theme, name: str
) -> None:
    there = icon_pixmap(name, 40, INK).toImage()
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    here = icon_pixmap(name, 40, INK).toImage()
    expected = there.flipped(Qt.Orientation.Horizontal) if name in MIRRORED else there
    assert alike(here, expected)


def test_an_icon_has_the_colour_that_was_asked_for(qapp: Application) -> None:
    image = QImage(20, 20, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_icon(painter, "plus", QRectF(0, 0, 20, 20), QColor("#c22f2c"))
    painter.end()
    assert image.pixelColor(10, 10) == QColor("#c22f2c")


def test_every_icon_that_is_asked_for_is_there() -> None:
    asked = re.compile(
        r'(?:Icon|RoundButton|set_icon|show_icon)\(\s*"([a-z-]+)"'
        r'|(?:icon|icon_on)="([a-z-]+)"'
        r'|(?:paint_icon\(\w+|icon_pixmap\()(?:, )?"([a-z-]+)"'
    )
    window = Path(__file__).parents[2] / "client" / "twocan" / "gui"
    found = (asked.findall(path.read_text()) for path in window.rglob("*.py"))
    names = {name for file in found for groups in file for name in groups if name}
    assert names
    assert names <= set(ICONS)


@pytest.mark.parametrize("panel", ["#f2f2f2", "#1b1c1f"])
@pytest.mark.parametrize("sign", TRAY)
def test_the_tray_is_seen_on_any_panel(qapp: Application, sign: str, panel: str) -> None:
    image = rendered(f"tray-{sign}", 16)
    ground, tin = image.pixelColor(8, 4).name(), image.pixelColor(5, 7).name()
    assert max(contrast(ground, panel), contrast(tin, panel)) >= 3.0
    assert contrast(ground, tin) >= 3.0


def test_the_signs_in_the_tray_differ_by_more_than_colour(qapp: Application) -> None:
    shades = [
        rendered(f"tray-{sign}", 22).convertedTo(QImage.Format.Format_Grayscale8) for sign in TRAY
    ]
    assert all(one != other for at, one in enumerate(shades) for other in shades[at + 1 :])


def rendered(name: str, size: int) -> QImage:
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    assert QSvgRenderer(str(assets() / f"{name}.svg")).isValid()
    QSvgRenderer(str(assets() / f"{name}.svg")).render(painter)
    painter.end()
    return image


def alphas(image: QImage) -> list[int]:
    return [
        image.pixelColor(x, y).alpha() for y in range(image.height()) for x in range(image.width())
    ]


def inked_edge(image: QImage) -> bool:
    """Whether anything touches the outermost pixels: it would look cut off."""
    last = image.width() - 1
    corners = [(x, y) for x in range(last + 1) for y in (0, last)]
    return any(image.pixelColor(*at).alpha() > 90 for at in corners + [(y, x) for x, y in corners])


def darkest(image: QImage) -> int:
    return max(alphas(image))


def grey_share(image: QImage) -> float:
    """How much of what is drawn is neither ink nor paper."""
    drawn = [alpha for alpha in alphas(image) if alpha > 20]
    return sum(alpha < 235 for alpha in drawn) / len(drawn)


def alike(one: QImage, other: QImage) -> bool:
    return all(abs(a - b) <= 40 for a, b in zip(alphas(one), alphas(other), strict=True))
