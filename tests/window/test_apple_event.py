"""A clicked link on macOS: it comes as an event to the program, not as an argument."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent

from twocan.gui.theme import Application

LINK = "twocan:launch?redeem=https%3A%2F%2Fsite.example%2Fredeem&code=a-one-time-code_0123"


@pytest.fixture
def asked(qapp: Application) -> list[str]:
    came: list[str] = []
    qapp.asked_to_open.connect(came.append)
    return came


def test_a_clicked_link_comes_as_it_was_written(qapp: Application, asked: list[str]) -> None:
    assert qapp.sendEvent(qapp, QFileOpenEvent(QUrl(LINK)))
    assert asked == [LINK]


def test_what_hides_in_its_encoding_stays_there(qapp: Application, asked: list[str]) -> None:
    qapp.sendEvent(qapp, QFileOpenEvent(QUrl("twocan:launch?redeem=%0a%22&code=é b")))
    assert asked == ["twocan:launch?redeem=%0A%22&code=%C3%A9%20b"]


@pytest.mark.parametrize("url", ["file:///etc/hostname", "https://site.example/", ""])
def test_nothing_else_is_opened(qapp: Application, asked: list[str], url: str) -> None:
    qapp.sendEvent(qapp, QFileOpenEvent(QUrl(url)))
    assert asked == []
