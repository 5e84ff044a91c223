"""The settings: a list of pages, and the page that is chosen, side by side where there is room."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from twocan.desk.state import DeskView
from twocan.gui.bridge import Bridge
from twocan.gui.parts import RoundButton, Tone, Words, column, row
from twocan.gui.settings.page import Page
from twocan.gui.settings.sections import Section, SectionList
from twocan.gui.tokens import Size, Space, Type


class SettingsView(QWidget):
    """What a person can choose.

    Where it is narrow, the list is a level of its own: a page lies behind it, and Escape or the
    back button lead from there to the list, and from the list out.
    """

    closed = Signal()
    """The person is done."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._pages: dict[Section, Page] = {}
        self._inside = False
        """Whether a page was chosen, which is what is shown where there is room for one thing."""
        self.back = RoundButton("back", self.tr("Back"), Tone.QUIET, size=Size.ROUND_SMALL)
        self.title = Words("", Type.HEADING, elided=True)
        self.list = SectionList()
        self._side, self._stack = QWidget(), QStackedWidget()
        self.setLayout(self._laid_out())
        self.back.clicked.connect(self.go_back)
        self.list.turned.connect(lambda _section: self._arrange())
        self.list.wanted.connect(self._enter)

    def show_desk(self, view: DeskView) -> None:
        """Draw the page that is shown."""
        if (page := self.page) is not None:
            page.show_desk(view)

    @property
    def page(self) -> Page | None:
        """The page that is shown; None where only the list is."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Page) and not self._stack.isHidden() else None

    @property
    def section(self) -> Section | None:
        """Which page is shown; None where only the list is."""
        return self.list.section if self.page is not None else None

    @property
    def is_wide(self) -> bool:
        """Whether list and page are side by side."""
        return self.width() >= Size.BESIDE

    def open_page(self, section: Section) -> None:
        """Show this page."""
        self._inside = True
        self.list.turn_to(section)
        self._arrange()

    def go_back(self) -> None:
        """From a page to the list, where that is elsewhere; else out."""
        if self.is_wide or not self._inside:
            self.closed.emit()
            return
        self._inside = False
        self._arrange()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _laid_out(self) -> QVBoxLayout:
        head = row(self.back, self.title, space=Space.SMALL)
        head.setContentsMargins(Space.SMALL, Space.SMALL, Space.MEDIUM, Space.SMALL)
        head.setStretch(1, 1)
        at_side = row(self.list)
        at_side.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
        self._side.setLayout(at_side)
        body = row(self._side, self._stack, space=0)
        body.setStretch(1, 1)
        # Shown with its first page.
        self._stack.hide()
        whole = column(head, body, space=0)
        whole.setStretch(1, 1)
        return whole

    def _enter(self, section: Section) -> None:
        self.open_page(section)
        if (page := self.page) is not None and (first := _first_control(page)) is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        """Show list and page, or the one of them that is looked at. Pages are made to be seen."""
        if not self.isVisible():
            return
        wide = self.is_wide
        shows_page = wide or self._inside
        if shows_page:
            page = self._page(self.list.section)
            page.show_desk(self._bridge.view)
            self._stack.setCurrentWidget(page)
        self._stack.setVisible(shows_page)
        shows_list = wide or not self._inside
        if self.list.hasFocus() and not shows_list:
            # What is hidden hands the keyboard on as if the tab key had been pressed.
            self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._side.setVisible(shows_list)
        self.list.lead(not wide)
        if wide:
            self.list.setFixedWidth(self.list.natural_width())
        else:
            self.list.setMinimumWidth(0)
            self.list.setMaximumWidth(self.maximumWidth())
        own = self.list.titles()[self.list.section]
        self.title.setText(own if shows_page and not wide else self.tr("Settings"))

    def _page(self, section: Section) -> Page:
        if section not in self._pages:
            self._pages[section] = page = _MAKE[section](self._bridge)
            self._stack.addWidget(page)
        return self._pages[section]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard begins with the list."""
        first = self.list if self.list.isVisibleTo(self) else self.back
        first.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is room for both now, or no more."""
        super().resizeEvent(event)
        if self.list.leads is self.is_wide:
            self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """It is known now how much room there is."""
        super().showEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """The next time it begins with the list."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._inside = False
            self._stack.hide()


def _first_control(page: QWidget) -> QWidget | None:
    """What the keyboard comes to first on this page."""
    at = page.nextInFocusChain()
    while at is not None and at is not page:
        if page.isAncestorOf(at) and _takes_focus(at) and at.isVisibleTo(page):
            return at
        at = at.nextInFocusChain()
    return None


def _takes_focus(widget: QWidget) -> bool:
    tabbed = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(tabbed) and widget.focusProxy() is None and widget.isEnabled()


def _make_sound(bridge: Bridge) -> Page:
    from twocan.gui.settings.sound import SoundPage

    return SoundPage(bridge)


def _make_camera(bridge: Bridge) -> Page:
    from twocan.gui.settings.camera import CameraPage

    return CameraPage(bridge)


def _make_accounts(bridge: Bridge) -> Page:
    from twocan.gui.settings.accounts import AccountsPage

    return AccountsPage(bridge)


def _make_sites(bridge: Bridge) -> Page:
    from twocan.gui.settings.sites import SitesPage

    return SitesPage(bridge)


def _make_general(bridge: Bridge) -> Page:
    from twocan.gui.settings.general import GeneralPage

    return GeneralPage(bridge)


def _make_about(bridge: Bridge) -> Page:
    from twocan.gui.settings.about import AboutPage

    return AboutPage(bridge)


_MAKE: dict[Section, Callable[[Bridge], Page]] = {
    Section.SOUND: _make_sound,
    Section.CAMERA: _make_camera,
    Section.ACCOUNTS: _make_accounts,
    Section.SITES: _make_sites,
    Section.GENERAL: _make_general,
    Section.ABOUT: _make_about,
}
"""Each is loaded when it is first turned to."""
