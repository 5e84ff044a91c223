"""One account that is kept: who it is, where it came from, and where its secret lasts."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from twocan.desk.state import Known
from twocan.gui.parts import Avatar, PushButton, Words, column, row
from twocan.gui.settings.confirm import Confirm
from twocan.gui.settings.pieces import ProblemLine, help_line
from twocan.gui.tokens import Ink, Size, Space, Type


class AccountRow(QWidget):
    """An account; ``show_account`` draws it."""

    used = Signal()
    """It is wanted."""
    forgotten = Signal()
    """It is to be signed out and forgotten."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._avatar = Avatar(Size.AVATAR_SMALL)
        self.name, self.address = Words("", Type.STRONG, wrap=True), help_line()
        self.site, self.stored = help_line(), help_line()
        self.standing = Words("", Type.SMALL, Ink.ACCENT, wrap=True)
        self.problem = ProblemLine()
        self.use = PushButton(self.tr("Use"))
        self.use.setAccessibleName(self.tr("Use {address}").format(address=address))
        self.sign_out = Confirm(
            self.tr("Sign out…"),
            self.tr("Sign out and forget {address}?").format(address=address),
            self.tr("Sign out"),
            self.tr("Keep"),
            beside=self.use,
        )
        named = self.tr("Sign out {address}").format(address=address)
        self.sign_out.button.setAccessibleName(named)
        self._lay_out()
        self.use.clicked.connect(self.used)
        self.sign_out.confirmed.connect(self.forgotten)

    def _lay_out(self) -> None:
        lines = (self.name, self.address, self.site, self.stored, self.standing, self.problem)
        texts = column(*lines, space=Space.HAIR)
        top = row(self._avatar, texts, space=Space.MEDIUM)
        top.setStretch(1, 1)
        top.setAlignment(self._avatar, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(top, self.sign_out, space=Space.MEDIUM))

    def show_account(self, known: Known, standing: str | None, problem: str | None) -> None:
        """Draw what is known of it. ``standing``: how it stands with the one that is in use; None
        for the others."""
        self._avatar.show_person(known.address, known.name)
        self.name.setText(known.name or known.address)
        self.address.setText(known.address)
        self.address.setVisible(known.name is not None)
        self.site.setText(self.tr("Came with a link of {site}").format(site=known.site))
        self.site.setVisible(known.site is not None)
        self.stored.setText(self._where(known.stored))
        in_use = self.tr("In use: {standing}").format(standing=standing)
        self.standing.setText(in_use)
        self.standing.setVisible(standing is not None)
        self.problem.show_problem(problem)
        self.use.setVisible(standing is None)

    def allow(self, on: bool) -> None:
        """Whether accounts may be changed now."""
        self.use.setEnabled(on)
        self.sign_out.setEnabled(on)

    def _where(self, stored: str | None) -> str:
        if stored is None:
            return self.tr("Known only until Twocan is closed")
        return self.tr("In {store}").format(store=stored)
