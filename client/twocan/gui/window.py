"""The window: one page at a time, chosen by what the desk shows."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPainter, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from twocan.desk.state import DeskView, Standing
from twocan.gui.bridge import Bridge
from twocan.gui.theme import theme
from twocan.gui.tokens import Ink, Size
from twocan.states import State

if TYPE_CHECKING:
    from twocan.gui.pages.sign_in import SignInView
    from twocan.gui.settings import SettingsView


class Page(StrEnum):
    """What a window can show."""

    BEGINNING = "beginning"
    """Until there is a desk."""
    SIGN_IN = "sign-in"
    IDLE = "idle"
    ASKING = "asking"
    """A link wants to call, or to answer."""
    CALLING = "calling"
    """Until both hear each other."""
    INCOMING = "incoming"
    IN_CALL = "in-call"
    ENDED = "ended"
    SETTINGS = "settings"


_ON_THE_WAY = (State.DIALLING, State.RINGING, State.CONNECTING)


def page_of(view: DeskView) -> Page:
    """The page that shows what matters most now."""
    if not view.ready:
        return Page.BEGINNING
    states = {call.state for call in view.calls}
    if states & set(_ON_THE_WAY):
        return Page.CALLING
    if State.ACTIVE in states:
        return Page.IN_CALL
    if State.INCOMING in states:
        return Page.INCOMING
    if view.invitation is not None or view.opening_link or view.picked_up is not None:
        return Page.ASKING
    if view.ended is not None:
        return Page.ENDED
    if view.entering or view.standing is Standing.NOBODY:
        return Page.SIGN_IN
    return Page.IDLE


class View(Protocol):
    """A page as a widget."""

    def show_desk(self, view: DeskView) -> None:
        """Draw what there is to see."""


class Window(QWidget):
    """The phone's window."""

    painted = Signal()
    """For the first time: what is heavy may be loaded now."""
    closed = Signal()
    """The person closed it."""
    activated = Signal()
    """It became the active window, or is it no more."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._pages: dict[Page, QWidget] = {}
        self._settings_open = self._sign_in_open = False
        self._was_painted = False
        self._was_maximized = False
        self._layout = QStackedLayout(self)
        self.setWindowTitle("Twocan")
        self.setMinimumSize(Size.NARROWEST, Size.LOWEST)
        self.resize(Size.FIRST_WIDTH, Size.FIRST_HEIGHT)
        bridge.changed.connect(self.show_desk)
        theme().changed.connect(self.update)
        settings = QShortcut(QKeySequence("Ctrl+,"), self)
        settings.activated.connect(self.open_settings)
        self.show_desk(bridge.view)

    def show_desk(self, view: DeskView) -> None:
        """Turn to the page that matters, and have it drawn."""
        wanted = page_of(view)
        if any(call.state is not State.ACTIVE for call in view.calls):
            # A call that comes or goes wins over whatever was being set.
            self._settings_open = False
        page = self._page(self._opened(view, wanted))
        cast("View", page).show_desk(view)
        if self._layout.currentWidget() is not page:
            self._turn_to(page)
        if wanted is not Page.IN_CALL:
            self.full_screen(False)

    def _opened(self, view: DeskView, wanted: Page) -> Page:
        """The page that the person opened, or else the wanted one."""
        if view.standing is Standing.ONLINE:
            self._sign_in_open = False
        if self._settings_open:
            return Page.SETTINGS
        return Page.SIGN_IN if self._sign_in_open and wanted is Page.IDLE else wanted

    def open_sign_in(self) -> None:
        """Have the account that is refused signed in anew, until that is done or given up."""
        self._sign_in_open = True
        account = self._bridge.view.account
        if account is not None:
            cast("SignInView", self._page(Page.SIGN_IN)).begin(account.address)
        self.show_desk(self._bridge.view)

    def close_sign_in(self) -> None:
        self._sign_in_open = False
        self.show_desk(self._bridge.view)

    def open_settings(self) -> None:
        """Show the settings, until they are closed or a call comes."""
        self._settings_open = True
        self.show_desk(self._bridge.view)

    def close_settings(self) -> None:
        self._settings_open = False
        self.show_desk(self._bridge.view)

    def full_screen(self, on: bool) -> None:
        """Fill the screen, or be a window again as before."""
        if on and not self.isFullScreen():
            self._was_maximized = self.isMaximized()
            self.showFullScreen()
        elif not on and self.isFullScreen():
            if self._was_maximized:
                self.showMaximized()
            else:
                self.showNormal()

    def speak(self) -> None:
        """The language changed: every page is made anew, and settings where they were."""
        settings = self._settings
        section = settings.section if settings is not None else None
        for page in self._pages.values():
            self._layout.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._pages.clear()
        self.show_desk(self._bridge.view)
        # The first page of a layout is its current one at once, and nobody turned to it.
        self._turn_to(self._pages[self.page])
        if section is not None and self._settings is not None:
            self._settings.open_page(section)

    @property
    def _settings(self) -> "SettingsView | None":
        """The settings, while they are shown."""
        shown = self._pages.get(Page.SETTINGS)
        is_shown = shown is not None and shown is self._layout.currentWidget()
        return cast("SettingsView", shown) if is_shown else None

    @property
    def page(self) -> Page:
        """The one that is shown."""
        shown = self._layout.currentWidget()
        return next(page for page, widget in self._pages.items() if widget is shown)

    def _turn_to(self, page: QWidget) -> None:
        self._layout.setCurrentWidget(page)
        page.setFocus()

    def _page(self, page: Page) -> QWidget:
        if page not in self._pages:
            self._pages[page] = _MAKE[page](self)
            self._layout.addWidget(self._pages[page])
        return self._pages[page]

    # --- Qt -----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_desk(self._bridge.view)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme().colour(Ink.BACKGROUND))
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self.show_desk(self._bridge.view)
            self.activated.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        # What closing means is decided by who owns the window.
        event.ignore()
        self.closed.emit()

    # --- The pages ----------------------------------------------------------------------------

    def _make_beginning(self) -> QWidget:
        from twocan.gui.beginning import BeginningView

        return BeginningView(self)

    def _make_sign_in(self) -> QWidget:
        from twocan.gui.pages.sign_in import SignInView

        view = SignInView(self._bridge, self)
        view.closed.connect(self.close_sign_in)
        return view

    def _make_idle(self) -> QWidget:
        from twocan.gui.pages.idle import IdleView

        view = IdleView(self._bridge, self)
        view.settings_wanted.connect(self.open_settings)
        view.sign_in_wanted.connect(self.open_sign_in)
        return view

    def _make_asking(self) -> QWidget:
        from twocan.gui.pages.asking import AskingView

        return AskingView(self._bridge, self)

    def _make_calling(self) -> QWidget:
        from twocan.gui.pages.calling import CallingView

        return CallingView(self._bridge, self)

    def _make_incoming(self) -> QWidget:
        from twocan.gui.pages.incoming import IncomingView

        return IncomingView(self._bridge, self)

    def _make_in_call(self) -> QWidget:
        from twocan.gui.in_call import InCallView

        view = InCallView(self._bridge, self)
        view.full_screen_wanted.connect(self.full_screen)
        return view

    def _make_ended(self) -> QWidget:
        from twocan.gui.pages.ended import EndedView

        return EndedView(self._bridge, self)

    def _make_settings(self) -> QWidget:
        from twocan.gui.settings import SettingsView

        view = SettingsView(self._bridge, self)
        view.closed.connect(self.close_settings)
        return view


_MAKE: dict[Page, Callable[[Window], QWidget]] = {
    Page.BEGINNING: Window._make_beginning,
    Page.SIGN_IN: Window._make_sign_in,
    Page.IDLE: Window._make_idle,
    Page.ASKING: Window._make_asking,
    Page.CALLING: Window._make_calling,
    Page.INCOMING: Window._make_incoming,
    Page.IN_CALL: Window._make_in_call,
    Page.ENDED: Window._make_ended,
    Page.SETTINGS: Window._make_settings,
}
"""Each is loaded when it is first turned to."""
