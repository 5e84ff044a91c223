"""Controls that lie on a picture go away when nobody does anything, and are back at once."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPropertyAnimation, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QCursor
from PySide6.QtWidgets import QApplication, QGraphicsOpacityEffect, QWidget

from twocan.gui.theme import theme
from twocan.gui.tokens import Time


class Fading(QObject):
    """Fades ``widgets`` of ``view`` when nothing happened for a while and ``may`` allows it.

    They stay as long as the keyboard is at one of them by Tab, or somebody listens to the screen:
    who cannot see the picture loses nothing to it.
    """

    faded = Signal(bool)

    def __init__(
        self, view: QWidget, widgets: tuple[QWidget, ...], may: Callable[[], bool]
    ) -> None:
        super().__init__(view)
        self._view, self._widgets, self._may = view, widgets, may
        self._away = False
        self._pointed = QCursor.pos()
        self._timer = QTimer(self, singleShot=True, interval=Time.LINGER)
        self._timer.timeout.connect(self._go)
        self._effects = [QGraphicsOpacityEffect(widget) for widget in widgets]
        self._motion = QPropertyAnimation(self._effects[0], b"opacity", self)
        self._motion.setDuration(Time.CALM)
        self._motion.valueChanged.connect(self._follow)
        self._motion.finished.connect(self._arrived)
        for widget, effect in zip(widgets, self._effects, strict=True):
            effect.setEnabled(False)
            widget.setGraphicsEffect(effect)
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)

    @property
    def away(self) -> bool:
        """Whether they are gone, or going."""
        return self._away

    def wake(self) -> None:
        """Something happened: be there, and go only after a while of nothing."""
        if self._away:
            self._back()
        if self._may():
            self._timer.start()
        else:
            self._timer.stop()

    def reconsider(self) -> None:
        """There may be pictures now, or none any more."""
        if not self._may():
            self.stop()
        elif not self._away and not self._timer.isActive():
            self._timer.start()

    def moved(self) -> None:
        """The pointer may have moved. Qt says so as well when something goes from under it."""
        if (at := QCursor.pos()) != self._pointed:
            self._pointed = at
            self.wake()

    def stop(self) -> None:
        """Nobody looks: be there, without a timer."""
        self._timer.stop()
        if self._away:
            self._back()

    def _go(self) -> None:
        if not self._may() or self._is_needed():
            return
        self._away = True
        self._pointed = QCursor.pos()
        for effect in self._effects:
            effect.setEnabled(True)
        self._motion.setStartValue(1.0)
        self._motion.setEndValue(0.0)
        self._motion.setDuration(Time.CALM if theme().animates else 0)
        self._motion.start()

    def _is_needed(self) -> bool:
        focused = QApplication.focusWidget()
        within = focused is not None and any(each.isAncestorOf(focused) for each in self._widgets)
        by_keyboard = within and getattr(focused, "ringed", True)
        return by_keyboard or QAccessible.isActive()

    def _follow(self, opacity: float) -> None:
        for effect in self._effects[1:]:
            effect.setOpacity(opacity)

    def _arrived(self) -> None:
        if not self._away:
            return
        # The keyboard must not be at what cannot be seen.
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        for widget in self._widgets:
            widget.hide()
        self._view.setCursor(Qt.CursorShape.BlankCursor)
        self.faded.emit(True)

    def _back(self) -> None:
        self._away = False
        self._motion.stop()
        for widget, effect in zip(self._widgets, self._effects, strict=True):
            effect.setEnabled(False)
            effect.setOpacity(1.0)
            widget.show()
        self._view.unsetCursor()
        self.faded.emit(False)
