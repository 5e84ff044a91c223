"""Notices on the desktop: a real notification server on a bus of the test's own says what it was
told, and presses what it was offered."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import cast

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer
from pytestqt.qtbot import QtBot

from desktop_bus import DAEMON, DesktopBus, NotificationServer, without_a_bus
from drawn import Drawn
from twocan.desk.settings import Settings
from twocan.desk.state import DeskView, Outcome, Past, Standing
from twocan.gui.around.notices import Notices
from twocan.gui.around.plain import plain
from twocan.gui.around.session_bus import BUS, SessionBus
from twocan.gui.around.tray import Tray
from twocan.states import CallView, State

needs_a_bus = pytest.mark.skipif(DAEMON is None, reason="dbus-daemon is not installed")

CALL = CallView(
    "sid-1",
    "caller@site.example",
    outgoing=False,
    state=State.INCOMING,
    end=None,
    ended_by=None,
    held=False,
    held_by_peer=False,
    muted=False,
    muted_by_peer=False,
    verification=None,
    times=MappingProxyType({}),
)
IDLE = DeskView(standing=Standing.ONLINE, ready=True)
RINGING = replace(
    IDLE,
    calls=(CALL,),
    names=MappingProxyType({"caller@site.example": "Demo Person"}),
)
TALKING = replace(RINGING, calls=(replace(CALL, state=State.ACTIVE),))
MISSED = Past("sid-9", "caller@site.example", False, Outcome.MISSED, 0.0, seen=False)


class SayingTray(QObject):
    """Stands where the tray stands, and writes down what it was to say."""

    message_clicked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.said: list[tuple[str, str]] = []

    def say(self, title: str, text: str) -> None:
        self.said.append((title, text))


class Desktop:
    """Notices, and what they told the window and a tray."""

    def __init__(self, qtbot: QtBot, drawn: Drawn, parent: QObject) -> None:
        self._qtbot, self.drawn = qtbot, drawn
        self.bus = SessionBus(parent)
        self.tray = SayingTray(parent)
        self.notices = Notices(drawn, self.bus, cast("Tray", self.tray), parent)
        self.tokens: list[str] = []
        self.notices.open_wanted.connect(self.tokens.append)

    def show(self, view: DeskView, *, active: bool = False) -> None:
        self.notices.show_desk(view, active)

    def see(self, server: NotificationServer, *titles: str) -> None:
        """Wait until these notices are on the screen, and no others."""

        def seen() -> bool:
            return sorted(shown.title for shown in tuple(server.shown.values())) == sorted(titles)

        self._qtbot.waitUntil(seen)

    def settle(self) -> None:
        """Wait until the bus has carried all that was said to it."""
        answered: list[object] = []
        self.bus.call(BUS, "GetId", answer=answered.append)
        self._qtbot.waitUntil(lambda: bool(answered))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[DesktopBus]:
    with DesktopBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def server(session: DesktopBus) -> Iterator[NotificationServer]:
    serving = NotificationServer()
    yield serving
    serving.vanish()


@pytest.fixture
def desktop(qtbot: QtBot, drawn: Drawn) -> Iterator[Desktop]:
    owner = QObject()
    made = Desktop(qtbot, drawn, owner)
    yield made
    made.bus.close()
    owner.deleteLater()


pytestmark = needs_a_bus

# --- a call rings ----------------------------------------------------------------------------


def test_a_call_is_said_with_all_that_can_be_pressed(
    server: NotificationServer, desktop: Desktop
) -> None:
    desktop.show(RINGING)
    desktop.see(server, "Demo Person is calling")
    shown = server.only
    assert shown.text == "Call from site.example"
    assert shown.actions == {
        "accept": "Accept",
        "decline": "Decline",
        "default": "Open",
    }
    assert shown.expires == 0
    # A byte, and nothing else, is what the specification has for urgency.
    assert (shown.kinds["urgency"], shown.hints["urgency"]) == ("y", 2)
    assert shown.hints["category"] == "call.incoming"
    assert shown.hints["resident"] is True
    assert shown.hints["suppress-sound"] is True
    width, height, row, alpha, bits, channels, rows = shown.hints["image-data"]
    assert (row, alpha, bits, channels, len(rows)) == (4 * width, True, 8, 4, row * height)
    assert any(rows)


@pytest.mark.parametrize(
    ("action", "verb"),
    [
        ("accept", ("answer", ("sid-1",), {})),
        ("accept-showing", ("answer", ("sid-1",), {"showing": True})),
        ("decline", ("decline", ("sid-1",), {})),
    ],
)
def test_what_is_pressed_is_done(
    server: NotificationServer,
    desktop: Desktop,
    qtbot: QtBot,
    action: str,
    verb: tuple[object, ...],
) -> None:
    desktop.show(replace(RINGING, calls=(replace(CALL, pictures=True),)))
    desktop.see(server, "Demo Person is calling")
    assert server.only.text == "Video call from site.example"
    assert action in server.only.actions
    server.press(action)
    qtbot.waitUntil(lambda: bool(desktop.drawn.wanted.verbs))
    assert desktop.drawn.wanted.verbs == [verb]
    assert desktop.tokens == ([] if action == "decline" else [""])


def test_a_click_opens_the_window_with_the_token_of_the_desktop(
    server: NotificationServer, desktop: Desktop, qtbot: QtBot
) -> None:
    desktop.show(RINGING)
    desktop.see(server, "Demo Person is calling")
    server.press("default", token="token-of-the-compositor")
    qtbot.waitUntil(lambda: bool(desktop.tokens))
    assert desktop.tokens == ["token-of-the-compositor"]
    assert desktop.drawn.wanted.verbs == []


@pytest.mark.parametrize(
    "after",
    [
        TALKING,
        IDLE,
        replace(RINGING, settings=Settings(do_not_disturb=True)),
    ],
    ids=["answered", "over", "do not disturb"],
)
def test_it_goes_as_soon_as_it_is_not_true_any_more(
    server: NotificationServer, desktop: Desktop, after: DeskView
) -> None:
    desktop.show(RINGING)
    desktop.see(server, "Demo Person is calling")
    desktop.show(after)
    desktop.see(server)


def test_it_goes_though_it_was_over_before_the_server_had_shown_it(
    server: NotificationServer, desktop: Desktop
) -> None:
    desktop.show(RINGING)
    desktop.settle()
    desktop.show(IDLE)
    desktop.show(RINGING)
    desktop.show(IDLE)
    desktop.settle()
    desktop.settle()
    desktop.see(server)


def test_what_is_pressed_too_late_does_nothing(
    server: NotificationServer, desktop: Desktop
) -> None:
    desktop.show(RINGING)
    desktop.see(server, "Demo Person is calling")
    server.press("accept")
    desktop.show(TALKING)
    desktop.see(server)
    desktop.settle()
    assert desktop.drawn.wanted.verbs == []


def test_a_name_that_is_learnt_replaces_the_address_in_place(
    server: NotificationServer, desktop: Desktop
) -> None:
    desktop.show(replace(RINGING, names=MappingProxyType({})))
    desktop.see(server, "caller is calling")
    (number,) = server.shown
    desktop.show(RINGING)
    desktop.see(server, "Demo Person is calling")
    assert list(server.shown) == [number]


def test_nothing_is_said_to_who_looks_at_the_window_until_they_look_away(
    server: NotificationServer, desktop: Desktop
) -> None:
    desktop.show(RINGING, active=True)
    desktop.notices.tell("A sign", "of the test")
    desktop.see(server, "A sign")
    desktop.show(RINGING, active=False)
    desktop.see(server, "A sign", "Demo Person is calling")
    desktop.show(RINGING, active=True)
    desktop.settle()
    desktop.see(server, "A sign", "Demo Person is calling")


def test_do_not_disturb_says_nothing(server: NotificationServer, desktop: Desktop) -> None:
    quiet = Settings(do_not_disturb=True)
    desktop.show(replace(IDLE, settings=quiet))
    desktop.show(replace(RINGING, settings=quiet))
    desktop.show(replace(IDLE, settings=quiet, past=(MISSED,)))
    desktop.notices.tell("A sign", "of the test")
    desktop.see(server, "A sign")
    assert len(server.told) == 1


def test_who_puts_it_away_is_not_told_again(server: NotificationServer, desktop: Desktop) -> None:
    desktop.show(RINGING)
    desktop.see(server, "Demo Person is calling")
    server.close(1, 2)
    desktop.settle()
    desktop.show(replace(RINGING, names=MappingProxyType({})))
    desktop.settle()
    assert len(server.told) == 1


# --- missed calls ----------------------------------------------------------------------------


def test_a_missed_call_leaves_a_notice_until_it_was_seen(
    server: NotificationServer, desktop: Desktop, qtbot: QtBot
) -> None:
    desktop.show(RINGING)
    desktop.see(server, "Demo Person is calling")
    desktop.show(replace(RINGING, calls=(), past=(MISSED,)))
    desktop.see(server, "1 missed call(s)")
    shown = server.only
    assert shown.text == "From Demo Person"
    assert shown.hints["category"] == "call.unanswered"
    assert shown.hints["urgency"] == 1
    server.press("call-back")
    qtbot.waitUntil(lambda: len(desktop.drawn.wanted.verbs) == 2)
    assert desktop.drawn.wanted.verbs == [
        ("dial", ("caller@site.example",), {"showing": False}),
        ("saw_missed", (), {}),
    ]
    desktop.show(replace(RINGING, calls=(), past=(replace(MISSED, seen=True),)))
    desktop.see(server)


def test_calls_missed_from_several_people_are_one_notice(
    server: NotificationServer, desktop: Desktop
) -> None:
    desktop.show(IDLE)
    past = tuple(
        replace(MISSED, sid=f"sid-{at}", peer=f"person-{at}@site.example") for at in range(9)
    )
    desktop.show(replace(IDLE, past=past[:1]))
    desktop.show(replace(IDLE, past=past))
    desktop.see(server, "9 missed call(s)")
    assert "call-back" not in server.only.actions
    assert "person-2" in server.only.text
    assert "person-3" not in server.only.text


def test_a_call_missed_after_the_notice_was_put_away_is_news(
    server: NotificationServer, desktop: Desktop
) -> None:
    desktop.show(IDLE)
    desktop.show(replace(IDLE, past=(MISSED,)))
    desktop.see(server, "1 missed call(s)")
    server.close(1, 2)
    desktop.settle()
    desktop.show(replace(IDLE, past=(replace(MISSED, sid="sid-10"), MISSED)))
    desktop.see(server, "2 missed call(s)")


def test_calls_missed_before_this_run_are_not_said_again(
    server: NotificationServer, desktop: Desktop
) -> None:
    desktop.show(DeskView())
    desktop.show(replace(IDLE, past=(MISSED,)))
    desktop.notices.tell("A sign", "of the test")
    desktop.see(server, "A sign")


# --- servers of all kinds --------------------------------------------------------------------


HOSTILE = "<b>x</b> & <img src='file:///etc/passwd'>\n\x00\u202e\ud800" + "y" * 5000


def test_a_hostile_name_is_one_short_line(server: NotificationServer, desktop: Desktop) -> None:
    names = MappingProxyType({CALL.peer: HOSTILE})
    desktop.show(replace(IDLE, past=(), names=names))
    desktop.show(replace(IDLE, past=(MISSED,), names=names))
    desktop.see(server, "1 missed call(s)")
    text = server.only.text
    assert text.startswith("From \u2039b&gt;x\u2039/b&gt; &amp; \u2039img")
    assert len(text) < 120
    assert text.isprintable()


def test_a_server_without_markup_is_given_plain_text(session: DesktopBus, desktop: Desktop) -> None:
    with NotificationServer(("body", "actions")) as server:
        names = MappingProxyType({CALL.peer: "Salt & <Pepper>"})
        desktop.show(replace(IDLE, names=names))
        desktop.show(replace(IDLE, past=(MISSED,), names=names))
        desktop.see(server, "1 missed call(s)")
        assert server.only.text == "From Salt & \u2039Pepper>"


def test_a_server_without_actions_is_offered_none(session: DesktopBus, desktop: Desktop) -> None:
    with NotificationServer(("body",)) as server:
        desktop.show(RINGING)
        desktop.see(server, "Demo Person is calling")
        assert server.only.actions == {}


def test_a_server_that_starts_anew_mid_ring_shows_it_again(
    session: DesktopBus, desktop: Desktop, qtbot: QtBot
) -> None:
    with NotificationServer() as first:
        desktop.show(RINGING)
        desktop.see(first, "Demo Person is calling")
    qtbot.waitUntil(lambda: bool(desktop.tray.said))
    with NotificationServer(first=70) as second:
        desktop.see(second, "Demo Person is calling")
        assert list(second.shown) == [70]
        second.press("accept")
        qtbot.waitUntil(lambda: bool(desktop.drawn.wanted.verbs))
        desktop.show(TALKING)
        desktop.see(second)
    assert len(desktop.tray.said) == 1


def test_a_server_that_starts_while_it_is_looked_for_is_told_once(
    session: DesktopBus, desktop: Desktop
) -> None:
    desktop.show(RINGING)
    with NotificationServer() as server:
        desktop.see(server, "Demo Person is calling")
        desktop.settle()
        desktop.settle()
        assert len(server.told) == 1


def test_a_server_that_comes_after_the_call_shows_nothing(
    session: DesktopBus, desktop: Desktop, qtbot: QtBot
) -> None:
    desktop.show(RINGING)
    qtbot.waitUntil(lambda: bool(desktop.tray.said))
    desktop.show(IDLE)
    with NotificationServer() as server:
        desktop.notices.tell("A sign", "of the test")
        desktop.see(server, "A sign")
        assert len(server.told) == 1


def test_without_a_server_the_tray_says_it_and_its_click_opens(
    session: DesktopBus, desktop: Desktop, qtbot: QtBot
) -> None:
    desktop.show(RINGING)
    qtbot.waitUntil(lambda: bool(desktop.tray.said))
    assert desktop.tray.said == [("Demo Person is calling", "Call from site.example")]
    desktop.tray.message_clicked.emit()
    assert desktop.tokens == [""]


def test_without_a_bus_the_tray_says_it(qtbot: QtBot, drawn: Drawn) -> None:
    with without_a_bus():
        owner = QObject()
        desktop = Desktop(qtbot, drawn, owner)
        desktop.show(RINGING)
        qtbot.waitUntil(lambda: bool(desktop.tray.said))
        desktop.show(IDLE)
        desktop.show(replace(IDLE, past=(MISSED,), names=RINGING.names))
        qtbot.waitUntil(lambda: len(desktop.tray.said) == 2)
        assert desktop.tray.said[1] == ("1 missed call(s)", "From Demo Person")
        owner.deleteLater()


def test_a_server_that_refuses_is_not_asked_for_ever(
    session: DesktopBus, desktop: Desktop, qtbot: QtBot
) -> None:
    with NotificationServer(refuses=True) as server:
        for name in "abcdef":
            desktop.show(replace(RINGING, names=MappingProxyType({CALL.peer: name})))
            desktop.settle()
            desktop.settle()
        qtbot.waitUntil(lambda: bool(desktop.tray.said))
        assert len(desktop.tray.said) == 1
        assert server.refused == 3


def test_the_end_of_the_session_mid_ring_breaks_nothing(
    session: DesktopBus, server: NotificationServer, desktop: Desktop, qtbot: QtBot
) -> None:
    desktop.show(RINGING)
    desktop.see(server, "Demo Person is calling")
    session.stop()
    qtbot.waitUntil(lambda: bool(desktop.tray.said))
    desktop.show(TALKING)
    desktop.show(IDLE)
    desktop.settle()


def test_what_is_asked_of_a_bus_that_goes_is_answered(
    session: DesktopBus, desktop: Desktop, qtbot: QtBot
) -> None:
    desktop.settle()
    answered: list[object] = []
    session.stop()
    desktop.bus.call(BUS, "GetId", answer=answered.append)
    qtbot.waitUntil(lambda: answered == [None])
    desktop.bus.call(BUS, "GetId", answer=answered.append)
    qtbot.waitUntil(lambda: answered == [None, None])


def test_nonsense_of_a_server_is_not_heard(
    server: NotificationServer, desktop: Desktop, qtbot: QtBot
) -> None:
    desktop.show(RINGING)
    desktop.see(server, "Demo Person is calling")
    server.say_nonsense()
    server.press("decline")
    qtbot.waitUntil(lambda: bool(desktop.drawn.wanted.verbs))
    assert desktop.drawn.wanted.verbs == [("decline", ("sid-1",), {})]


def test_a_bus_that_speaks_another_language_is_left(
    qtbot: QtBot, drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = QLocalServer()
    assert stranger.listen(str(tmp_path / "bus"))
    stranger.newConnection.connect(
        lambda: stranger.nextPendingConnection().write(b"HTTP/1.1 400\r\n")
    )
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
    owner = QObject()
    desktop = Desktop(qtbot, drawn, owner)
    desktop.show(RINGING)
    qtbot.waitUntil(lambda: bool(desktop.tray.said))
    desktop.bus.close()
    stranger.close()
    owner.deleteLater()


def test_the_end_of_the_program_takes_the_notices_along(
    server: NotificationServer, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A person's end is not held up for longer than a moment: the bus is well, but may be busy.
    monkeypatch.setattr("twocan.gui.around.session_bus.HEARD_WITHIN", 30.0)
    desktop.show(RINGING)
    desktop.notices.tell("A sign", "of the test")
    desktop.see(server, "A sign", "Demo Person is calling")
    desktop.notices.close()
    # Qt's loop does not run any more by then.
    desktop.bus.close()
    desktop.see(server)


# --- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Demo Person", "Demo Person"),
        ("  two\n lines\t", "two lines"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\x00\x1b[31mb", "a [31mb"),
        ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("\ud800", ""),
        ("<b>I</b>", "\u2039b>I\u2039/b>"),
    ],
)
def test_a_name_is_made_fit_for_one_line(given: str, shown: str) -> None:
    assert plain(given) == shown
