"""The buttons of a call, at the foot of it: as many as there is room for."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from twocan.gui.in_call.pills import Ground
from twocan.gui.parts import RoundButton, Tone
from twocan.gui.tokens import Size, Space
from twocan.states import CallView


class ControlBar(Ground):
    """Hold and keypad give way where it is narrow; ``left_out`` says which did, for a menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mute = switch("microphone", self.tr("Mute"), "microphone-off")
        self.camera = switch("camera-off", self.tr("Camera"), "camera")
        self.hold = switch("hold", self.tr("Hold"), "hold")
        self.keypad = _button("keypad", self.tr("Keypad"))
        self.more = _button("more", self.tr("More"))
        self.end = _button("hang-up", self.tr("Hang up"), Tone.END)
        self._yields = (self.hold, self.keypad)
        self._buttons = (self.mute, self.camera, self.hold, self.keypad, self.more, self.end)
        self._box = QHBoxLayout(self)
        self._box.setSizeConstraint(QBoxLayout.SizeConstraint.SetNoConstraint)
        self._box.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.SMALL)
        self._box.setSpacing(Space.SMALL)
        for button in self._buttons:
            self._box.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Controls of the call"))

    def show_call(self, call: CallView) -> None:
        """Show what is switched how. A button that was just pressed shows what is, not what was
        wished: the wish may come to nothing."""
        self.mute.setChecked(call.muted)
        self.camera.setChecked(call.showing)
        self.hold.setChecked(call.held)

    def left_out(self) -> tuple[RoundButton, ...]:
        """Those that there is no room for."""
        return tuple(button for button in self._yields if button.isHidden())

    def set_on_stage(self, on_stage: bool) -> None:
        super().set_on_stage(on_stage)
        for button in self._buttons:
            button.set_on_stage(on_stage)

    def sizeHint(self) -> QSize:
        return self._size(self._buttons)

    def minimumSizeHint(self) -> QSize:
        return self._size(tuple(each for each in self._buttons if each not in self._yields))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._fit()

    def _fit(self) -> None:
        shown = list(self._buttons)
        for button in self._yields:
            if self._size(tuple(shown)).width() > self.width():
                shown.remove(button)
        for button in self._yields:
            button.setVisible(button in shown)

    def _size(self, buttons: tuple[RoundButton, ...]) -> QSize:
        margins = self._box.contentsMargins()
        sizes = [button.sizeHint() for button in buttons]
        gaps = (len(buttons) - 1) * self._box.spacing()
        width = sum(size.width() for size in sizes) + gaps
        height = max(size.height() for size in sizes)
        return QSize(
            width + margins.left() + margins.right(), height + margins.top() + margins.bottom()
        )


def _button(icon: str, text: str, tone: Tone = Tone.PLAIN) -> RoundButton:
    return RoundButton(icon, text, tone, captioned=True, size=Size.ROUND)


def switch(icon: str, text: str, icon_on: str) -> RoundButton:
    """A button that is on or off. Its name stays: that it is on is said beside it."""
    return RoundButton(icon, text, icon_on=icon_on, checkable=True, captioned=True)
