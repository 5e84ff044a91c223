"""What a call that is up looks like: the other person, oneself, and the controls."""

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge
from twocan.gui.in_call.controls import ControlBar
from twocan.gui.in_call.heading import Heading
from twocan.gui.in_call.notices import notices
from twocan.gui.in_call.own_picture import OwnPicture
from twocan.gui.in_call.person import Person
from twocan.gui.in_call.second_call import HeldCall, KnockingCall
from twocan.gui.in_call.troubles import Troubles
from twocan.gui.pictures.picture_view import PictureView
from twocan.gui.tokens import Size, Space
from twocan.gui.words.facts import facts, held, ringing
from twocan.states import CallView


class Scene(QWidget):
    """Over their picture, or beside none: on the stage or off it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._make_parts()
        self._lay_out()

    def show_call(self, view: DeskView, call: CallView, *, own: bool) -> None:
        """Show this call of the desk. ``own``: whether one wants to see oneself."""
        self._show_person(call, view.name(call.peer))
        self._show_others(view)
        self.controls.show_call(call)
        self.troubles.show_call(call)
        self._show_own(view, call, wanted=own)
        # Once all words are there, and before any of it is painted.
        self.person.fit()

    def show_progress(self, lasted: str, score: float | None) -> None:
        """Show how long it has been, in words, and how good it is, as an opinion score."""
        self.person.duration.setText(lasted)
        self.heading.show_duration(lasted)
        self.heading.show_quality(score)

    def place(self, covered: int = 0) -> None:
        """Put what lies on or below the rest where it belongs now. ``covered``: as much above the
        controls lies under a sheet."""
        self.picture.setGeometry(self.rect())
        self.picture.lower()
        self.heading.show_full_screen(self.window().isFullScreen())
        self.person.keep_clear(self._in_the_way(covered))
        free = self.person.geometry()
        self.own.keep_clear(QMargins(0, free.top(), 0, self.height() - free.bottom() - 1))

    def _in_the_way(self, covered: int) -> int:
        """How much of the foot of the person is not seen. Over pictures nobody stands there."""
        if self.picture.isVisible():
            return 0
        own = self.own.isVisible() and not self.own.corner[1]
        low = own and self.height() < Size.FIRST_HEIGHT
        return max(covered, self.own.sizeHint().height() + Space.MEDIUM if low else 0)

    def _make_parts(self) -> None:
        self.picture = PictureView(self._bridge.far, self)
        self.picture.setAccessibleName(self.tr("Their picture"))
        self.heading, self.controls = Heading(), ControlBar()
        self.held, self.knocking = HeldCall(self._bridge), KnockingCall(self._bridge)
        self.troubles, self.person = Troubles(), Person()
        self.own = OwnPicture(self._bridge.near, self)
        self.own.hide()

    def _lay_out(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Call"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.SMALL, 0, Space.SMALL, Space.SMALL)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addSpacing(Space.SMALL)
        layout.addLayout(notices(self.knocking, self.held, self.troubles))
        layout.addWidget(self.person, 1)
        layout.addWidget(self.controls, 0, Qt.AlignmentFlag.AlignHCenter)
        # What is pressed in a call comes before what is moved about in it.
        self.own.raise_()
        self.setTabOrder(self.controls.end, self.own)
        self.setTabOrder(self.own, self.own.put_away)

    def _show_person(self, call: CallView, name: str) -> None:
        on_stage = self._is_on_stage(call)
        self.picture.setVisible(on_stage)
        for part in (self.heading, self.controls, self.person, self.own):
            part.set_on_stage(on_stage)
        self.heading.show_name(name)
        self.person.show_person(call.peer, name)
        self.person.facts.show_facts(facts(call), name, on_stage=on_stage)
        self.person.resume.setVisible(call.held)

    def _is_on_stage(self, call: CallView) -> bool:
        # They may send pictures and do not: until one came, who they are is the better sight.
        came = call.shown_by_peer and "first_video" in call.times
        return came and not (call.held or call.held_by_peer)

    def _show_others(self, view: DeskView) -> None:
        knocks = ringing(view.calls)
        self.knocking.show_call(knocks, view.name(knocks.peer) if knocks is not None else "")
        waits = next(iter(held(view.calls)), None)
        self.held.show_call(waits, view.name(waits.peer) if waits is not None else "")

    def _show_own(self, view: DeskView, call: CallView, *, wanted: bool) -> None:
        seen = call.showing and not call.held and call.camera_problem is None
        self.own.mirror(not view.sharing)
        self.own.setVisible(seen and wanted)
