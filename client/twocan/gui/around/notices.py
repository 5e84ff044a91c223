"""Which notices there are to be on the desktop: a call that rings, and calls that were missed."""

from enum import StrEnum

from PySide6.QtCore import QLocale, QObject, Signal

from twocan.desk.state import DeskView, Outcome, Past
from twocan.gui.around.notice_server import OPEN, Kind, Notice, NoticeServer
from twocan.gui.around.plain import plain
from twocan.gui.around.session_bus import SessionBus
from twocan.gui.around.tray import Tray
from twocan.gui.bridge import Bridge
from twocan.gui.words.facts import site
from twocan.states import CallView, State

MISSED = "\0missed"
"""The key of the one notice of missed calls; that of a call is its sid, which others choose: it may
be any text, but for this character, which XML does not have."""
TOLD = "\0told"
"""The key of what ``tell`` tells."""
_NAMED = 3
"""As many of those who called in vain are named."""


class _Press(StrEnum):
    """What can be pressed in a notice."""

    ACCEPT = "accept"
    ACCEPT_SHOWING = "accept-showing"
    DECLINE = "decline"
    CALL_BACK = "call-back"
    OPEN = OPEN


class Notices(QObject):
    """Says on the desktop who calls and who called, and takes the answer there.

    Where the desktop has no notification server, or is none of the kind that has a session bus, a
    message of ``tray`` says it, and can only be clicked.
    """

    open_wanted = Signal(str)
    """The window is wanted. An activation token comes along where the desktop gave one."""

    def __init__(
        self, bridge: Bridge, bus: SessionBus, tray: Tray, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._tray = bridge, tray
        self._server = NoticeServer(bus, self)
        self._server.pressed.connect(self._pressed)
        self._server.unshown.connect(self._say_by_tray)
        self._shown: dict[str, Notice] = {}
        self._said: set[str] = set()
        self._known: set[str] | None = None
        self._missed: tuple[Past, ...] = ()
        tray.message_clicked.connect(lambda: self.open_wanted.emit(""))

    def show_desk(self, view: DeskView, window_active: bool) -> None:
        """Have the notices that this view asks for, while the window is or is not looked at."""
        wanted = self._ringing(view, window_active) | self._unseen(view, window_active)
        for key in self._shown.keys() - wanted.keys() - {TOLD}:
            self._withdraw(key)
        for key, notice in wanted.items():
            if self._shown.get(key) != notice:
                self._show(key, notice)

    def tell(self, title: str, text: str) -> None:
        """Say this once. It goes away by itself; a click on it opens the window."""
        if TOLD in self._shown:
            self._withdraw(TOLD)
        self._show(TOLD, Notice(Kind.WORD, title, text, ((_Press.OPEN, self.tr("Open")),)))

    def close(self) -> None:
        """Take all notices away."""
        for key in tuple(self._shown):
            self._withdraw(key)

    def _show(self, key: str, notice: Notice) -> None:
        self._shown[key] = notice
        self._server.show(key, notice)

    def _withdraw(self, key: str) -> None:
        del self._shown[key]
        self._said.discard(key)
        self._server.withdraw(key)

    # What there is to be

    def _ringing(self, view: DeskView, window_active: bool) -> dict[str, Notice]:
        if view.settings.do_not_disturb:
            return {}
        # A notice that is there stays until the call is taken or over: one that comes and goes
        # as the window does would only be in the way.
        return {
            call.sid: self._incoming(view, call)
            for call in view.calls
            if call.state is State.INCOMING and (call.sid in self._shown or not window_active)
        }

    def _incoming(self, view: DeskView, call: CallView) -> Notice:
        where = plain(site(call.peer))
        told = self.tr("Video call from {site}") if call.pictures else self.tr("Call from {site}")
        accept = [(_Press.ACCEPT, self.tr("Accept"))]
        if call.pictures:
            accept.append((_Press.ACCEPT_SHOWING, self.tr("Accept with camera")))
        return Notice(
            Kind.RINGING,
            title=self.tr("{name} is calling").format(name=plain(view.name(call.peer))),
            text=told.format(site=where),
            actions=(*accept, (_Press.DECLINE, self.tr("Decline")), (_Press.OPEN, self.tr("Open"))),
        )

    def _unseen(self, view: DeskView, window_active: bool) -> dict[str, Notice]:
        if not view.ready:
            return {}
        unseen = [p for p in view.past if p.outcome is Outcome.MISSED and not p.seen]
        known = self._known
        self._known = {past.sid for past in unseen}
        # What was missed before this run was said then, and is in the window's list.
        fresh = known is not None and self._known - known
        if view.settings.do_not_disturb or not unseen:
            return {}
        if fresh and not window_active and MISSED in self._shown:
            # The person may have put the one before away: this one is news.
            self._withdraw(MISSED)
        if (fresh and not window_active) or MISSED in self._shown:
            self._missed = tuple(unseen)
            return {MISSED: self._of_missed(view, unseen)}
        return {}

    def _of_missed(self, view: DeskView, unseen: list[Past]) -> Notice:
        peers = list(dict.fromkeys(past.peer for past in unseen))
        names = [plain(view.name(peer)) for peer in peers[:_NAMED]]
        actions = [(_Press.OPEN, self.tr("Open"))]
        if len(peers) == 1:
            actions.insert(0, (_Press.CALL_BACK, self.tr("Call back")))
        return Notice(
            Kind.MISSED,
            title=self.tr("%n missed call(s)", "", len(unseen)),
            text=self.tr("From {names}").format(names=QLocale().createSeparatedList(names)),
            actions=tuple(actions),
        )

    # What the person does

    def _pressed(self, key: str, action: str, token: str) -> None:
        match action:
            case _Press.ACCEPT:
                self._bridge.do(lambda desk: desk.answer(key))
            case _Press.ACCEPT_SHOWING:
                self._bridge.do(lambda desk: desk.answer(key, showing=True))
            case _Press.DECLINE:
                self._bridge.do(lambda desk: desk.decline(key))
            case _Press.CALL_BACK:
                self._call_back()
        if action != _Press.DECLINE:
            self.open_wanted.emit(token)

    def _call_back(self) -> None:
        last = self._missed[0]
        self._bridge.do(lambda desk: desk.dial(last.peer, showing=last.pictures))
        self._bridge.do(lambda desk: desk.saw_missed())

    def _say_by_tray(self, key: str) -> None:
        notice = self._shown.get(key)
        if notice is not None and key not in self._said:
            self._said.add(key)
            self._tray.say(notice.title, notice.text)
