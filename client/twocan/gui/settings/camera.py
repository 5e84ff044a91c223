"""The page of the camera: which one, and what it sees."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from twocan.desk.settings import NO_CAMERA
from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge, Pane
from twocan.gui.parts import Card
from twocan.gui.pictures.picture_view import PictureView
from twocan.gui.settings.devices import DeviceChoice, Plugged
from twocan.gui.settings.page import Page
from twocan.gui.settings.pieces import Group, ProblemLine, help_line
from twocan.gui.tokens import Radius, Size
from twocan.gui.words import camera_problem

if TYPE_CHECKING:
    from twocan.desk.equipment import Equipped


class Preview(PictureView):
    """The picture, as wide as its place and as high as cameras usually see."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane, mirrored=True, rounded=Radius.MEDIUM)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """For a page of the usual width."""
        return QSize(Size.NARROWEST, self.heightForWidth(Size.NARROWEST))

    def minimumSizeHint(self) -> QSize:
        """Small enough for any page."""
        return QSize(Size.OWN_PICTURE, self.heightForWidth(Size.OWN_PICTURE))

    def hasHeightForWidth(self) -> bool:
        """It goes by its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """16:9."""
        return width * 9 // 16


class CameraPage(Page):
    """What others see of the person.

    The camera is tried while the page is looked at. A call that shows it has it already: then
    nothing is opened, and the picture is the call's.
    """

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        name = self.tr("Camera")
        self.choice = DeviceChoice(name, {NO_CAMERA: self.tr("No camera")})
        self.picture = Preview(bridge.near)
        self.picture.setAccessibleName(self.tr("What your camera sees"))
        self.note, self.problem = help_line(), ProblemLine()
        self.plugged = Plugged(bridge, self._show_plugged, self)
        self._trying = False
        self._missing: str | None = None
        group = Group()
        group.gather(name, self.choice, self.problem, self.picture, self.note)
        self.lay_out(Card(group))
        self.choice.chosen.connect(self._choose)

    def show_desk(self, view: DeskView) -> None:
        """Draw what is chosen, what it sees, and what is wrong."""
        camera = view.settings.camera
        self.choice.show_chosen(camera)
        trouble = self._trouble(view)
        self.problem.show_problem(camera_problem(trouble) if trouble else None)
        note = self._note(view)
        self.note.setText(note or "")
        self.note.setVisible(note is not None)
        self.picture.setVisible(note is None and trouble is None)
        self._try()

    def came(self) -> None:
        """The camera is opened, and what is plugged in is looked at."""
        self.plugged.start()
        self._try()

    def left(self) -> None:
        """Nothing stays open."""
        self.plugged.stop()
        self._try()

    def _note(self, view: DeskView) -> str | None:
        """Why there is no picture, though nothing is wrong."""
        if view.settings.camera == NO_CAMERA:
            return self.tr("Without a camera, others hear you and do not see you.")
        if view.calls and not any(call.showing for call in view.calls):
            return self.tr("Your picture is shown here when the call is over.")
        return None

    def _trouble(self, view: DeskView) -> str | None:
        """Why the camera is not seen, in the trial or in the call that has it."""
        if view.settings.camera == NO_CAMERA:
            return None
        if view.calls:
            problems = (call.camera_problem for call in view.calls if call.showing)
            return next(filter(None, problems), None)
        return view.trial.problem or (None if view.trial.camera else self._missing)

    def _try(self) -> None:
        view = self.bridge.view
        wanted = self.seen and not view.calls and view.settings.camera != NO_CAMERA
        if wanted is not self._trying:
            self._trying = wanted
            self.bridge.do(lambda desk: desk.try_camera(wanted))

    def _choose(self, name: str) -> None:
        self.bridge.do(lambda desk: desk.change(camera=name))
        if self._trying and name != NO_CAMERA:
            # Asked for again, because the one before may not have opened.
            self.bridge.do(lambda desk: desk.try_camera(True))

    def _show_plugged(self, equipped: "Equipped") -> None:
        self.choice.show_plugged(equipped.cameras)
        self._missing = equipped.camera_problem
        self.show_desk(self.bridge.view)
