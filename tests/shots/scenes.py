"""Everything that the window can show: made-up desks, and what is opened over them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

from PySide6.QtCore import QDateTime, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from twocan.desk.settings import Settings
from twocan.desk.state import (
    DeskView,
    Finding,
    Invitation,
    Known,
    Outcome,
    Past,
    PickedUp,
    Problem,
    Stage,
    Standing,
    Step,
    Trial,
    Trouble,
    Update,
)
from twocan.gui.in_call import InCallView
from twocan.gui.pages.sign_in import SignInView
from twocan.gui.settings import SettingsView
from twocan.gui.settings.general import GeneralPage
from twocan.gui.settings.sections import Section
from twocan.gui.settings.updates import Updates
from twocan.gui.window import Page, Window
from twocan.states import CallView, End, State

ME = Known("demo@site.example", "site.example", "Demo person", "GNOME Keyring")
OTHER_ME = Known("demo@other.example", "other.example", None, "GNOME Keyring")
PERSON, LIBRARY = "demo@club.example", "library@town.example"
BAKERY, STRANGER = "bakery@market.example", "k7fq2mzt@site.example"
NAMES = MappingProxyType(
    {PERSON: "Demo friend", LIBRARY: "Demo Library", BAKERY: "Demo Bakery & Café"}
)
LONG = "a.person.with.quite.a.long.name@quite-a-long-name-of-a-site.example"

Act = Callable[[Window], object]


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that there is to see. ``name``: of its file, begins with its page.

    ``act``: what the person opens there. ``far``, ``near``: pictures come. ``tabs``: how often the
    tab key is pressed, so that the keyboard's place is seen.
    """

    name: str
    page: Page
    draw: Callable[[], DeskView]
    act: Act | None = None
    section: Section | None = None
    far: bool = False
    near: bool = False
    tabs: int = 0
    score: float | None = 4.2


V = TypeVar("V", bound=QWidget)


def the(window: Window, kind: type[V]) -> V:
    """The one part of this kind."""
    found = window.findChild(kind)
    assert found is not None, f"the window shows no {kind.__name__}"
    return found


# --- Desks ------------------------------------------------------------------------------------


def desk(**what: Any) -> DeskView:
    """Somebody is signed in, and nothing goes on but ``what``."""
    plain: dict[str, Any] = {
        "standing": Standing.ONLINE,
        "account": ME,
        "accounts": (ME, OTHER_ME),
        "stores": "GNOME Keyring",
        "names": NAMES,
        "ready": True,
    }
    return DeskView(**(plain | what))


def nobody(**what: Any) -> DeskView:
    """Nobody is signed in."""
    plain = {"standing": Standing.NOBODY, "account": None, "accounts": ()}
    return desk(**(plain | what))


def call(sid: str = "one", state: State = State.ACTIVE, **what: Any) -> CallView:
    """A call that is up since twelve minutes, or in another state."""
    connected = {"connected": time.monotonic() - 754} if state is State.ACTIVE else {}
    plain: dict[str, Any] = {
        "peer": PERSON,
        "outgoing": True,
        "end": None,
        "ended_by": None,
        "held": False,
        "held_by_peer": False,
        "muted": False,
        "muted_by_peer": False,
        "verification": "048 215",
        "times": MappingProxyType(connected),
    }
    return CallView(sid=sid, state=state, **(plain | what))


def seen(**what: Any) -> CallView:
    """A call in which both are seen."""
    since = time.monotonic() - 754
    times = MappingProxyType({"connected": since, "first_video": since + 1})
    pictures: dict[str, Any] = {
        "pictures": True,
        "showing": True,
        "shown_by_peer": True,
        "times": times,
    }
    return call(**(pictures | what))


def in_call(*calls: CallView, **what: Any) -> Callable[[], DeskView]:
    """These calls, as if each had been made at the moment that it is drawn."""
    made = time.monotonic()

    def draw() -> DeskView:
        late = time.monotonic() - made
        return desk(calls=tuple(_later(each, late) for each in calls), **what)

    return draw


def _later(call: CallView, seconds: float) -> CallView:
    times = {name: at + seconds for name, at in call.times.items()}
    return replace(call, times=MappingProxyType(times))


def ended(end: End, *, by: str | None = None, talked: float = 0, **what: Any) -> DeskView:
    """A call is over, after so many seconds of talk."""
    times = {"connected": 0.0, "ended": talked} if talked else {"started": 0.0, "ended": 20.0}
    over = call(state=State.ENDED, end=end, ended_by=by, times=MappingProxyType(times), **what)
    return desk(ended=over)


def history(*, news: bool = False) -> tuple[Past, ...]:
    """Calls of two weeks. ``news``: two missed ones were not seen yet."""
    missed, answered = Outcome.MISSED, Outcome.ANSWERED
    return (
        Past("a", PERSON, False, missed, _at(0, "09:42"), seen=not news),
        Past("b", BAKERY, True, answered, _at(0, "08:15"), 73),
        Past("c", STRANGER, False, missed, _at(1, "19:03"), seen=not news),
        Past("d", PERSON, True, answered, _at(1, "18:20"), 2534, pictures=True),
        Past("e", LIBRARY, True, Outcome.NOT_REACHED, _at(3, "10:31")),
        Past("f", LIBRARY, False, Outcome.DECLINED, _at(4, "15:12")),
        Past("g", LONG, False, answered, _at(6, "11:05"), 351),
        Past("h", BAKERY, False, answered, _at(12, "07:55"), 41),
    )


def _at(days: int, clock: str) -> float:
    """So many days ago, at that time."""
    day = QDateTime.currentDateTime().addDays(-days)
    day.setTime(QTime.fromString(clock, "HH:mm"))
    return float(day.toSecsSinceEpoch())


def updating(stage: Stage = Stage.RESTING, came: Finding | None = None) -> DeskView:
    """A phone that looks for new versions of itself."""
    update = Update("1.12", stage, asked=_at(0, "08:03"), came=came)
    return desk(past=history(), update=update)


def _new_version() -> DeskView:
    return updating(Stage.READY, Finding.READY)


# --- What is opened ----------------------------------------------------------------------------


def _keypad(window: Window) -> None:
    view = the(window, InCallView)
    view.controls.keypad.click()
    QTest.keyClicks(view, "415#")


def _more(window: Window) -> None:
    the(window, InCallView).controls.more.click()


def _statistics(window: Window) -> None:
    the(window, InCallView).heading.statistics_wanted.emit()


def _verification(window: Window) -> None:
    the(window, InCallView).heading.verification_wanted.emit()


def _devices(window: Window) -> None:
    the(window, InCallView).troubles.devices_wanted.emit()


def _advanced(window: Window) -> None:
    view = the(window, SignInView)
    view.address.set_text("demo@site.example")
    view.password.field.set_text("a demo secret")
    view.server.opener.setChecked(True)


def _list_of_settings(window: Window) -> None:
    window.open_settings()


def _page_of_settings(section: Section) -> Act:
    def act(window: Window) -> None:
        window.open_settings()
        the(window, SettingsView).open_page(section)

    return act


def _updates(window: Window) -> None:
    _page_of_settings(Section.GENERAL)(window)
    QApplication.processEvents()
    the(window, GeneralPage).ensureWidgetVisible(the(window, Updates))


# --- The scenes --------------------------------------------------------------------------------


def scenes() -> tuple[Scene, ...]:
    """All of them, page by page."""
    return (
        Scene("beginning", Page.BEGINNING, DeskView),
        *_idle(),
        *_sign_in(),
        *_asking(),
        *_calling(),
        *_incoming(),
        *_in_call(),
        *_over_a_call(),
        *_ended(),
        *_settings(),
        *_new_versions(),
    )


def _idle() -> tuple[Scene, ...]:
    page = Page.IDLE
    quiet = Settings(do_not_disturb=True)
    expired, away = Problem(Trouble.EXPIRED), Problem(Trouble.NO_NETWORK)
    return (
        Scene("idle-empty", page, desk),
        Scene("idle-history", page, lambda: desk(past=history())),
        Scene("idle-missed", page, lambda: desk(past=history(news=True))),
        Scene("idle-keyboard", page, lambda: desk(past=history()), tabs=3),
        Scene("idle-quiet", page, lambda: desk(past=history()[:2], settings=quiet)),
        Scene(
            "idle-offline",
            page,
            lambda: desk(standing=Standing.OFFLINE, problem=away, past=history()[:3]),
        ),
        Scene("idle-refused", page, lambda: desk(standing=Standing.REFUSED, problem=expired)),
        Scene("idle-new-version", page, _new_version),
    )


def _sign_in() -> tuple[Scene, ...]:
    page = Page.SIGN_IN
    wrong = Problem(Trouble.WRONG_SECRET)
    return (
        Scene("sign-in-first", page, nobody),
        Scene("sign-in-nowhere-to-keep", page, lambda: nobody(stores=None)),
        Scene("sign-in-problem", page, lambda: nobody(problem=wrong)),
        Scene("sign-in-kept", page, lambda: nobody(accounts=(ME, OTHER_ME))),
        Scene("sign-in-advanced", page, nobody, _advanced),
    )


def _asking() -> tuple[Scene, ...]:
    page = Page.ASKING
    plain = Invitation("club.example", ME.name or "", PERSON, "Demo friend")
    reason = "The order of bread that you asked about"
    rich = Invitation(
        "market.example", ME.name or "", BAKERY, NAMES[BAKERY], showing=True, reason=reason
    )
    rings = replace(plain, answering="one")
    stranger = replace(rings, peer=STRANGER, peer_name=None, showing=True)
    picked_up, signing_in = PickedUp("one", PERSON, "Demo friend"), Standing.SIGNING_IN
    return (
        Scene("asking-waiting", page, lambda: desk(opening_link=True)),
        Scene("asking", page, lambda: desk(invitation=plain)),
        Scene("asking-camera", page, lambda: desk(invitation=rich)),
        Scene("asking-answer", page, lambda: desk(invitation=rings)),
        Scene("asking-answer-camera", page, lambda: nobody(invitation=stranger)),
        Scene("asking-picking-up", page, lambda: desk(standing=signing_in, picked_up=picked_up)),
    )


def _calling() -> tuple[Scene, ...]:
    page = Page.CALLING
    shown: dict[str, Any] = {"pictures": True, "showing": True}
    return (
        Scene("calling", page, lambda: desk(calls=(call(state=State.DIALLING),))),
        Scene("calling-rings", page, lambda: desk(calls=(call(state=State.RINGING),))),
        Scene(
            "calling-own-picture",
            page,
            lambda: desk(calls=(call(state=State.RINGING, **shown),)),
            near=True,
        ),
    )


def _incoming() -> tuple[Scene, ...]:
    page, rings = Page.INCOMING, State.INCOMING
    return (
        Scene("incoming", page, lambda: desk(calls=(call(state=rings, outgoing=False),))),
        Scene(
            "incoming-camera",
            page,
            lambda: desk(calls=(call(state=rings, outgoing=False, pictures=True),)),
        ),
        Scene(
            "incoming-stranger",
            page,
            lambda: desk(calls=(call(state=rings, outgoing=False, peer=LONG),)),
        ),
    )


def _in_call() -> tuple[Scene, ...]:
    page, busy = Page.IN_CALL, "Demo camera does not open: another program may use it"
    waits: dict[str, Any] = {"sid": "two", "peer": LIBRARY}
    knocks: dict[str, Any] = {
        "sid": "two",
        "peer": LIBRARY,
        "state": State.INCOMING,
        "outgoing": False,
    }
    return (
        Scene("in-call", page, in_call(call())),
        Scene("in-call-muted", page, in_call(call(muted=True, muted_by_peer=True)), score=3.7),
        Scene("in-call-held", page, in_call(call(held=True))),
        Scene("in-call-held-by-them", page, in_call(call(held_by_peer=True))),
        Scene(
            "in-call-no-camera", page, in_call(call(showing=True, camera_problem=busy)), score=2.0
        ),
        Scene("in-call-keyboard", page, in_call(call()), tabs=2),
        Scene("in-call-two", page, in_call(call(held=True, **waits), call())),
        Scene("in-call-second-rings", page, in_call(call(), call(**knocks))),
        Scene("in-call-pictures", page, in_call(seen()), far=True, near=True),
        Scene(
            "in-call-pictures-muted",
            page,
            in_call(seen(muted=True)),
            far=True,
            near=True,
            score=3.3,
        ),
        Scene(
            "in-call-pictures-second-rings",
            page,
            in_call(seen(), call(**knocks)),
            far=True,
            near=True,
        ),
        Scene(
            "in-call-paused",
            page,
            in_call(seen(shown_by_peer=False, paused_by_peer=True)),
            near=True,
        ),
    )


def _over_a_call() -> tuple[Scene, ...]:
    page, up = Page.IN_CALL, in_call(call())
    return (
        Scene("in-call-keypad", page, up, _keypad),
        Scene("in-call-statistics", page, in_call(seen()), _statistics, far=True, near=True),
        Scene("in-call-verification", page, up, _verification),
        Scene("in-call-devices", page, up, _devices),
        Scene("in-call-more", page, up, _more),
    )


def _ended() -> tuple[Scene, ...]:
    page = Page.ENDED
    return (
        Scene("ended-hung-up", page, lambda: ended(End.HUNG_UP, by="them", talked=754)),
        Scene("ended-declined", page, lambda: ended(End.DECLINED)),
        Scene("ended-unreachable", page, lambda: ended(End.UNREACHABLE)),
        Scene("ended-missed", page, lambda: ended(End.NO_ANSWER, outgoing=False)),
        Scene("ended-lost", page, lambda: ended(End.CONNECTION_LOST, talked=61, showing=True)),
        Scene("ended-not-secure", page, lambda: ended(End.NOT_SECURE)),
    )


def _settings() -> tuple[Scene, ...]:
    page, sites = Page.SETTINGS, Settings(trusted_sites=("club.example", "market.example"))
    listens = Trial(microphone=Step.METERING)
    drawn: dict[Section, DeskView] = {
        Section.SOUND: desk(trial=listens),
        Section.CAMERA: desk(trial=Trial(camera=True)),
        Section.SITES: desk(settings=sites),
    }
    pages = (
        Scene(
            f"settings-{section}",
            page,
            lambda section=section: drawn.get(section, desk()),  # type: ignore[misc]
            _page_of_settings(section),
            section,
            near=section is Section.CAMERA,
        )
        for section in Section
    )
    return (Scene("settings-list", page, desk, _list_of_settings), *pages)


def _new_versions() -> tuple[Scene, ...]:
    """Where the settings tell of them: none, one that comes, one that is here, one that is bad."""
    drawn: dict[str, Callable[[], DeskView]] = {
        "newest": lambda: updating(came=Finding.NEWEST),
        "coming": lambda: updating(Stage.FETCHING),
        "ready": _new_version,
        "not-signed": lambda: updating(came=Finding.NOT_SIGNED),
    }
    return tuple(
        Scene(f"settings-version-{name}", Page.SETTINGS, draw, _updates, Section.GENERAL)
        for name, draw in drawn.items()
    )
