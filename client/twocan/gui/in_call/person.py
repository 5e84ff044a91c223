"""Who one talks with, where there are no pictures of them."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from twocan.gui.in_call.pills import Facts
from twocan.gui.parts import Avatar, PushButton, Tone, Words
from twocan.gui.tokens import Ink, Size, Space, Type


class Person(QWidget):
    """The avatar, the name, how long, and what is so of the call. Over pictures only the last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._huge, self._small = Avatar(Size.AVATAR_HUGE), Avatar(Size.AVATAR)
        self.name = Words(type=Type.TITLE, wrap=True, centred=True)
        self.duration = Words(type=Type.NUMERALS, ink=Ink.MUTED, centred=True)
        self.facts = Facts()
        self.resume = PushButton(self.tr("Resume"), Tone.ACCENT, "resume")
        self._on_stage = False
        middle = Qt.AlignmentFlag.AlignHCenter
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        self._box.setSpacing(Space.SMALL)
        self._box.addStretch(2)
        self._box.addWidget(self._huge, 0, middle)
        self._box.addWidget(self._small, 0, middle)
        self._box.addSpacing(Space.TINY)
        self._box.addWidget(self.name)
        self._box.addWidget(self.duration)
        self._box.addWidget(self.facts)
        self._box.addWidget(self.resume, 0, middle)
        self._box.addStretch(3)
        # It takes what is left: the avatar gives way, not the window.
        self.setMinimumHeight(Space.HUGE)

    def show_person(self, address: str, name: str) -> None:
        for avatar in (self._huge, self._small):
            avatar.show_person(address, name)
        self.name.setText(name)

    def set_on_stage(self, on_stage: bool) -> None:
        """Whether their picture is behind."""
        self._on_stage = on_stage
        self.name.setVisible(not on_stage)
        self.duration.setVisible(not on_stage)
        # Over a picture what is to be said stands at its head, not on the face.
        self._box.setStretch(0, 0 if on_stage else 2)
        self.fit()

    def keep_clear(self, below: int) -> None:
        """Leave so much free at the foot, as far as the words do not need it."""
        margins = self._box.contentsMargins()
        words = self._words_high() - margins.bottom() + Space.SMALL
        below = below if self.height() - below >= words else 0
        if margins.bottom() != Space.SMALL + below:
            margins.setBottom(Space.SMALL + below)
            self._box.setContentsMargins(margins)
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self.fit()
        return done

    def fit(self) -> None:
        """Let the avatar give way to words, as far as they need it."""
        left = self.height() - self._words_high()
        huge = left >= Size.AVATAR_HUGE
        self._huge.setVisible(huge and not self._on_stage)
        self._small.setVisible(not huge and left >= Size.AVATAR and not self._on_stage)
        spacing = Space.SMALL if left >= 0 else Space.TINY
        if self._box.spacing() != spacing:
            # It asks for a new layout even where nothing changes, which would end up here again.
            self._box.setSpacing(spacing)

    def _words_high(self) -> int:
        margins = self._box.contentsMargins()
        width = self.width() - margins.left() - margins.right()
        high = margins.top() + margins.bottom() + Space.SMALL + Space.TINY
        for part in (self.name, self.duration, self.facts, self.resume):
            if not part.isHidden():
                item = part.heightForWidth(width) if part.hasHeightForWidth() else -1
                high += max(item, part.sizeHint().height()) + Space.SMALL
        return high
