"""The looks of the running program: tokens turned into Qt's colours and fonts.

It follows the system: light or dark, more contrast, a larger font, no motion. Standard widgets get
all of it through the palette, so that no style sheet is ever parsed; our own parts ask for colours
while they paint, and are painted anew whenever the palette changes.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFileOpenEvent, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from twocan.gui.tokens import DARK, LIGHT, Colours, Ink, Share, Type

Role, Group = QPalette.ColorRole, QPalette.ColorGroup

ROLES = (
    (Role.Window, Ink.BACKGROUND),
    (Role.WindowText, Ink.TEXT),
    (Role.Base, Ink.SURFACE),
    (Role.AlternateBase, Ink.BACKGROUND),
    (Role.Text, Ink.TEXT),
    (Role.PlaceholderText, Ink.MUTED),
    (Role.Button, Ink.RAISED),
    (Role.ButtonText, Ink.TEXT),
    (Role.BrightText, Ink.BAD),
    (Role.ToolTipBase, Ink.SCRIM),
    (Role.ToolTipText, Ink.ON_STAGE),
    (Role.Highlight, Ink.SOFT),
    (Role.HighlightedText, Ink.ON_SOFT),
    (Role.Accent, Ink.ACCENT),
    (Role.Link, Ink.ACCENT),
    (Role.LinkVisited, Ink.ACCENT),
    (Role.Light, Ink.SURFACE),
    (Role.Midlight, Ink.LINE),
    (Role.Mid, Ink.LINE),
    (Role.Dark, Ink.EDGE),
    (Role.Shadow, Ink.STAGE),
)
"""What each of Qt's colours is, in ours."""

FADED = (Role.WindowText, Role.Text, Role.ButtonText, Role.PlaceholderText)
"""What is fainter where a widget is disabled."""


class Theme(QObject):
    """Colours and fonts as they are now.

    There is one for an application, made by it; ``theme()`` gives it.
    """

    changed = Signal()
    """Colours or fonts are others now. What paints is painted anew without it."""

    def __init__(self, application: "Application") -> None:
        super().__init__(application)
        self._application = application
        self._forced: bool | None = None
        self._fonts: dict[Type, QFont] = {}
        self._inks: dict[Ink, QColor] = {}
        self._tokens: Colours | None = None
        # Both are kept: PySide takes the second for gone as soon as nobody has the first any more.
        self._hints = QGuiApplication.styleHints()
        self._needs = self._hints.accessibility()
        self._scheme = self._hints.colorScheme()
        self._hints.colorSchemeChanged.connect(self._take_scheme)
        self._needs.contrastPreferenceChanged.connect(self._follow)
        application.fontChanged.connect(self._take_font)
        self._follow()

    @property
    def dark(self) -> bool:
        """Whether it is night: the person's choice in the system, or what was forced."""
        if self._forced is not None:
            return self._forced
        return self._scheme is Qt.ColorScheme.Dark

    @property
    def tokens(self) -> Colours:
        """The colours in use, as #rrggbb."""
        tokens = DARK if self.dark else LIGHT
        return tokens.with_more_contrast() if self._wants_contrast() else tokens

    @property
    def animates(self) -> bool:
        """Whether things may move; people can have that switched off in their system."""
        # QStyle takes PySide some 10 ms to load: not before something is about to move.
        from PySide6.QtWidgets import QStyle

        style = self._application.style()
        return style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0

    def force(self, dark: bool | None) -> None:
        """Be dark, or light, whatever the system says; None follows the system again."""
        self._forced = dark
        self._follow()

    def colour(self, ink: Ink) -> QColor:
        """The colour for this."""
        return QColor(self._inks[ink])

    def font(self, kind: Type) -> QFont:
        """The font for this, relative to the one that the person chose for the system."""
        if kind not in self._fonts:
            self._fonts[kind] = _font(self._application.font(), kind)
        return QFont(self._fonts[kind])

    def _take_scheme(self, scheme: Qt.ColorScheme) -> None:
        self._scheme = scheme
        self._follow()

    def _take_font(self) -> None:
        # Qt has every widget measured and painted anew, and parts ask for their font as they do so.
        self._fonts.clear()
        self.changed.emit()

    def _follow(self) -> None:
        tokens = self.tokens
        if tokens == self._tokens:
            return
        self._tokens = tokens
        self._inks = {ink: QColor(tokens[ink]) for ink in Ink}
        self._application.setPalette(self._palette())
        self.changed.emit()

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, ink in ROLES:
            palette.setColor(role, self._inks[ink])
        for role in FADED:
            faded = palette.color(Group.Active, role)
            palette.setColor(
                Group.Disabled, role, mix(faded, self._inks[Ink.BACKGROUND], Share.OFF)
            )
        palette.setColor(Group.Disabled, Role.Highlight, self._inks[Ink.LINE])
        palette.setColor(Group.Disabled, Role.HighlightedText, self._inks[Ink.MUTED])
        return palette

    def _wants_contrast(self) -> bool:
        return self._needs.contrastPreference() is Qt.ContrastPreference.HighContrast


class Application(QApplication):
    """The program, with its looks. ``arguments``: as in ``sys.argv``."""

    asked_to_open = Signal(str)
    """A link was clicked, as macOS tells it: not by an argument, but by an Apple event."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        # Said as an argument, because ``setStyle`` makes PySide load QStyle, which takes it 10 ms.
        super().__init__([*(arguments or ("twocan",)), "-style", "fusion"])
        # A cursor that blinks would wake a window that only waits, twice a second.
        self.setCursorFlashTime(0)
        self._theme = Theme(self)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            # Encoded as it came: ``toString`` would decode what hides in it.
            link = bytes(event.url().toEncoded().data()).decode("ascii")
            if link.startswith("twocan:"):
                self.asked_to_open.emit(link)
                return True
        return super().event(event)

    @property
    def theme(self) -> Theme:
        return self._theme


def theme() -> Theme:
    """The looks of the running program."""
    application = QApplication.instance()
    assert isinstance(application, Application), "the looks need an Application"
    return application.theme


def mix(colour: QColor, other: QColor, share: float) -> QColor:
    """``colour`` with this share, 0 to 1, of ``other`` in it."""
    return QColor.fromRgbF(
        colour.redF() + (other.redF() - colour.redF()) * share,
        colour.greenF() + (other.greenF() - colour.greenF()) * share,
        colour.blueF() + (other.blueF() - colour.blueF()) * share,
        colour.alphaF() + (other.alphaF() - colour.alphaF()) * share,
    )


def _font(system: QFont, kind: Type) -> QFont:
    font = QFont(system)
    if system.pointSizeF() > 0:
        font.setPointSizeF(system.pointSizeF() * kind.scale)
    else:
        font.setPixelSize(round(system.pixelSize() * kind.scale))
    font.setWeight(QFont.Weight(kind.weight))
    if kind is Type.NUMERALS:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
