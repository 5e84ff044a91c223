"""The window among people who mean no good: it stays calm, true, and its owner's."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from drawn import Drawn
from drawn_calls import a_call, texts
from fitting import cut, show_at
from twocan.desk.state import Invitation, Known, Outcome, Past, Standing
from twocan.gui.around import around as the_around
from twocan.gui.around.around import Around
from twocan.gui.window import Window
from twocan.states import CallView, End, State

ME = Known("me@site.example")
ASKED = Invitation("site.example", "Demo caller", "ana@site.example")
STRANGER = "stranger@bad.example"


@pytest.fixture
def window(drawn: Drawn, qtbot: QtBot) -> Window:
    window = Window(drawn)
    qtbot.addWidget(window, before_close_func=lambda widget: widget.hide())
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    drawn.show(standing=Standing.ONLINE, account=ME)
    return window


@pytest.fixture
def elsewhere(window: Window, qtbot: QtBot) -> QWidget:
    """Another window, in which the person works."""
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitActive(other):
        other.show()
        other.activateWindow()
    return other


@pytest.fixture
def came(monkeypatch: pytest.MonkeyPatch) -> list[QWidget]:
    """The windows that came to the front."""
    called: list[QWidget] = []
    monkeypatch.setattr(the_around, "call_to", lambda window, token="": called.append(window))
    return called


@pytest.fixture
def around(window: Window, drawn: Drawn, elsewhere: QWidget) -> Iterator[Around]:
    around = Around(drawn, window)
    yield around
    around.close()
    around.deleteLater()


def rings(sid: str, peer: str = STRANGER) -> CallView:
    return a_call(sid, State.INCOMING, peer=peer, outgoing=False)


# --- Attention ----------------------------------------------------------------------------------


def test_a_link_that_asks_brings_the_window_once(
    around: Around, drawn: Drawn, came: list[QWidget]
) -> None:
    drawn.show(invitation=ASKED)
    assert len(came) == 1
    drawn.show(standing=Standing.OFFLINE)
    drawn.show(standing=Standing.ONLINE)
    assert len(came) == 1
    drawn.show(invitation=replace(ASKED, site="other.example"))
    assert len(came) == 2


def test_who_calls_again_and_again_brings_the_window_once(
    around: Around, drawn: Drawn, came: list[QWidget]
) -> None:
    for at in range(5):
        drawn.show(calls=(rings(f"call-{at}"),))
        drawn.show(calls=())
    assert len(came) == 1
    drawn.show(calls=(rings("friend", "friend@site.example"),))
    assert len(came) == 2


# --- Names --------------------------------------------------------------------------------------

LOCALS = {
    "long": "x" * 1023,
    "wide": "W" * 1023,
    "braces": "{name}{0}{site!r}{",
    "percent": "%n%1%L1%%",
    "markup": "b&lt;i>&amp;",
    "emoji": "\N{GRINNING FACE}" * 200,
    "right to left": "\N{ARABIC LETTER BEH}" * 200,
    "marks": "a" + "\N{COMBINING ACUTE ACCENT}" * 300,
}
PAGES: dict[str, Callable[[str], dict[str, Any]]] = {
    "idle": lambda peer: {"past": tuple(pasts(peer))},
    "incoming": lambda peer: {"calls": (rings("one", peer),)},
    "calling": lambda peer: {"calls": (a_call(state=State.RINGING, peer=peer),)},
    "in a call": lambda peer: {"calls": (a_call(peer=peer),)},
    "two calls": lambda peer: {"calls": (a_call(peer=peer, held=True), a_call("two", peer=peer))},
    "knocking": lambda peer: {"calls": (a_call(peer=peer), rings("two", peer))},
    "ended": lambda peer: {
        "ended": a_call(state=State.ENDED, peer=peer, end=End.DECLINED, ended_by="them")
    },
    "asking": lambda peer: {
        "invitation": Invitation("site.example", "{caller} " * 10, peer, "{name} " * 12)
    },
}


def pasts(peer: str) -> Iterator[Past]:
    for outcome in Outcome:
        yield Past(outcome, peer, outcome is Outcome.NOT_REACHED, outcome, 1000.0, 3.6e9)


@pytest.mark.parametrize("site", ["bad.example", ".".join(["x" * 63] * 15)])
@pytest.mark.parametrize("local", LOCALS)
@pytest.mark.parametrize("page", PAGES)
def test_whatever_somebody_is_called_the_window_holds_it(
    window: Window, drawn: Drawn, page: str, local: str, site: str
) -> None:
    drawn.show(**PAGES[page](f"{LOCALS[local]}@{site}"))
    show_at(window, 320, 560)
    assert window.width() == 320
    assert cut(window) == []


@pytest.mark.parametrize("page", ["incoming", "calling", "in a call", "two calls", "knocking"])
def test_what_a_site_calls_somebody_is_shown_as_it_is(
    window: Window, drawn: Drawn, page: str
) -> None:
    peer, name = "somebody@site.example", "<b>Demo</b> & {name} %n %1"
    drawn.show(names=MappingProxyType({peer: name}), **PAGES[page](peer))
    show_at(window, 320, 560)
    assert name in "\n".join(texts(window))


def test_the_site_that_counts_is_at_the_end_of_a_long_one(window: Window, drawn: Drawn) -> None:
    drawn.show(calls=(rings("one", f"demo@bank.example.{'x' * 60}.{'y' * 60}.bad.example"),))
    assert any(text.endswith("bad.example") for text in texts(window))
    assert not any("bank.example" in text for text in texts(window))
