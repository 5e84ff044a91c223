"""The page of a phone that waits: who I am, whom to call, and the calls of late."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from twocan.desk.state import DeskView, Problem, Stage, Standing
from twocan.gui import words
from twocan.gui.bridge import Bridge
from twocan.gui.pages.callee import Callee
from twocan.gui.pages.past_calls import Clearing, PastCalls
from twocan.gui.pages.sheet import fill, sheet
from twocan.gui.parts import (
    Avatar,
    Badge,
    Banner,
    PushButton,
    RoundButton,
    Tone,
    Words,
    column,
    row,
)
from twocan.gui.parts.painting import brush_for
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Size, Space, Type


class IdleView(QWidget):
    """``settings_wanted``, ``sign_in_wanted``: the person wants to see those pages."""

    settings_wanted = Signal()
    sign_in_wanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._fresh: frozenset[str] = frozenset()
        self.me, self.callee = Me(bridge), Callee(bridge)
        self.notice = Banner(tone=Tone.END)
        self.notice.hide()
        self.again = PushButton(self.tr("Sign in again"), Tone.PLAIN)
        self.update_notice = Banner(tone=Tone.ACCENT)
        self.update_notice.hide()
        self.heading = Words("", Type.STRONG, wrap=True)
        self.past, self.empty = PastCalls(bridge), Nothing()
        self.clearing = Clearing(bridge)
        told = (self.notice, self.again, self.update_notice)
        above = column(self.me, *told, self.callee, space=Space.LARGE)
        of_past = column(self.heading, self.clearing, space=Space.SMALL)
        for inset in (above, of_past):
            # The rows of the list reach further out: what is in them stands below the rest.
            inset.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
        recent = column(of_past, self.past, self.empty, space=Space.SMALL)
        aside = Space.LARGE - Space.SMALL
        fill(self, sheet(above, recent, aside=aside, below=0))
        self.me.settings.clicked.connect(self.settings_wanted)
        self.past.rows.clear_wanted.connect(self.clearing.ask)
        self.again.clicked.connect(self.sign_in_wanted)
        self.notice.acted.connect(self._act)
        self.update_notice.acted.connect(_restart)

    def show_desk(self, view: DeskView) -> None:
        self._look(view)
        self.me.show_desk(view)
        self.callee.show_desk(view)
        self._show_notice(view)
        self._show_update(view)
        self._show_past(view)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look(self._bridge.view)
        self._show_past(self._bridge.view)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # What was news is none the next time.
        self._fresh = frozenset()
        self.clearing.hide()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Not as a focus proxy: the tabulator would come to it in place of what stands before it.
        self.callee.setFocus(event.reason())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self._look(self._bridge.view)

    def _look(self, view: DeskView) -> None:
        """Missed calls are news as long as this page is there, and known once it is looked at."""
        unseen = {past.sid for past in view.past if not past.seen}
        self._fresh |= unseen
        if unseen and self.isVisible() and self.isActiveWindow():
            self._bridge.do(lambda desk: desk.saw_missed())

    def _show_notice(self, view: DeskView) -> None:
        self.again.setVisible(view.standing is Standing.REFUSED)
        self.notice.setVisible(view.problem is not None)
        if view.problem is None:
            return
        headline, advice = words.problem(view.problem)
        told = self.tr("{headline}. {advice}").format(headline=headline, advice=advice or "")
        self.notice.show_text(told.strip(), self._way_out(view, view.problem))

    def _show_update(self, view: DeskView) -> None:
        ready = view.update.stage is Stage.READY
        self.update_notice.setVisible(ready)
        if ready:
            from twocan.gui.words import updates

            self.update_notice.show_text(updates.ready(view.update), self.tr("Restart Twocan"))

    def _way_out(self, view: DeskView, problem: Problem) -> str | None:
        if view.standing is Standing.OFFLINE:
            return self.tr("Try now")
        return None if view.standing is Standing.REFUSED else self.tr("OK")

    def _act(self) -> None:
        if self._bridge.view.standing is Standing.OFFLINE:
            self._bridge.do(lambda desk: desk.try_again())
        else:
            self._bridge.do(lambda desk: desk.dismiss())

    def _show_past(self, view: DeskView) -> None:
        missed = len(self._fresh & {past.sid for past in view.past})
        counted = self.tr("%n missed call(s)", "", missed)
        self.heading.setText(counted if missed else self.tr("Recent calls"))
        self.heading.set_ink(Ink.BAD if missed else Ink.TEXT)
        self.heading.setVisible(bool(view.past))
        self.past.setVisible(bool(view.past))
        self.empty.setVisible(not view.past)
        self.past.show_desk(view, self._fresh)


class Me(QWidget):
    """Who is signed in, whether calls can come, and what is to be set."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.avatar = Avatar()
        self.name = Words("", Type.HEADING, elided=True)
        self.dot, self.standing = Dot(), Words("", Type.SMALL, Ink.MUTED, wrap=True)
        self.quiet = RoundButton(
            "ringer",
            self.tr("Do not disturb"),
            Tone.QUIET,
            icon_on="ringer-off",
            text_on=self.tr("Do not disturb is on"),
            checkable=True,
            size=Size.ROUND_SMALL,
        )
        self.settings = RoundButton(
            "settings", self.tr("Settings"), Tone.QUIET, size=Size.ROUND_SMALL
        )
        said = row(self.dot, column(self.standing), space=Space.SMALL)
        said.setStretch(1, 1)
        who = column(None, self.name, said, None, space=Space.HAIR)
        line = row(self.avatar, who, self.quiet, self.settings, space=Space.SMALL)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.quiet.clicked.connect(
            lambda on: bridge.do(lambda desk: desk.change(do_not_disturb=on))
        )

    def show_desk(self, view: DeskView) -> None:
        """Show who is signed in, and how that goes."""
        if view.account is not None:
            self.avatar.show_person(view.account.address, view.account.name)
        self.avatar.setVisible(view.account is not None)
        self.name.setText(_called(view))
        self.name.setToolTip(view.account.address if view.account else "")
        self.standing.setText(words.standing(view))
        self.dot.show_desk(view)
        self.quiet.setChecked(view.settings.do_not_disturb)


class Dot(QWidget):
    """The standing at a glance: full where calls come, hollow where they do not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink, self._full = Ink.MUTED, False
        self.setFixedSize(QSize(Space.MEDIUM, Space.MEDIUM))

    def show_desk(self, view: DeskView) -> None:
        inks = {Standing.ONLINE: Ink.GOOD, Standing.REFUSED: Ink.BAD, Standing.NOBODY: Ink.MUTED}
        self._ink = inks.get(view.standing, Ink.FAIR)
        self._full = view.standing is Standing.ONLINE
        if self._full and view.settings.do_not_disturb:
            self._ink, self._full = Ink.FAIR, False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colour = brush_for(self), theme().colour(self._ink)
        inside = QRectF(self.rect()).adjusted(Size.FOCUS, Size.FOCUS, -Size.FOCUS, -Size.FOCUS)
        painter.setPen(QPen(colour, Size.FOCUS))
        painter.setBrush(colour if self._full else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(inside)


class Nothing(QWidget):
    """What stands where there are no calls yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = Words(self.tr("No calls yet"), Type.STRONG, centred=True, wrap=True)
        how = Words(
            self.tr(
                "Type an address above, or press the call button beside somebody on a site. "
                "Whoever calls you is listed here as well."
            ),
            Type.SMALL,
            Ink.MUTED,
            centred=True,
            wrap=True,
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        box.setSpacing(Space.SMALL)
        box.addStretch(1)
        box.addWidget(Badge("call"), 0, Qt.AlignmentFlag.AlignHCenter)
        box.addSpacing(Space.SMALL)
        box.addWidget(title)
        box.addWidget(how)
        box.addStretch(2)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)


def _restart() -> None:
    # Only a frozen program has anything to become.
    from twocan.gui.restarting import restart

    restart()


def _called(view: DeskView) -> str:
    if view.account is None:
        return ""
    return view.account.name or view.account.address
