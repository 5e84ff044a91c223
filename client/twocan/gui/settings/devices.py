"""Choosing a device, of those that are plugged in while the page is looked at."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from twocan.desk.settings import DEFAULT
from twocan.gui.bridge import Bridge
from twocan.gui.settings.pieces import SteadyChoice

if TYPE_CHECKING:
    from twocan.desk.equipment import Equipped

LOOKS_EVERY = 2000
"""Milliseconds between two looks at what is plugged in."""


class Plugged(QObject):
    """Asks what is plugged in, again and again, from ``start`` to ``stop``."""

    def __init__(self, bridge: Bridge, tell: Callable[["Equipped"], None], parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._tell = bridge, tell
        self._timer = QTimer(self, interval=LOOKS_EVERY)
        self._timer.timeout.connect(self._look)

    @property
    def is_looking(self) -> bool:
        """Whether it asks."""
        return self._timer.isActive()

    def start(self) -> None:
        """Ask now, and then every two seconds."""
        self._timer.start()
        self._look()

    def stop(self) -> None:
        """Ask no more."""
        self._timer.stop()

    def _look(self) -> None:
        self._bridge.ask(lambda desk: desk.devices(), self._tell, self)


class DeviceChoice(SteadyChoice):
    """A device, by its name. ``chosen`` tells of what the person did, not of what was shown.

    ``fixed``: what can be chosen whatever is plugged in: the words, by what they stand for.
    """

    chosen = Signal(str)

    def __init__(
        self, label: str, fixed: dict[str, str] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(label, parent)
        self._fixed = {DEFAULT: self.tr("System default"), **(fixed or {})}
        self._plugged: tuple[str, ...] | None = None
        self._name = DEFAULT
        self._drawn: list[tuple[str, str]] = []
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))
        self._draw()

    def show_chosen(self, name: str) -> None:
        """Draw that this one is chosen, plugged in or not."""
        self._name = name
        self._draw()

    def show_plugged(self, names: Sequence[str]) -> None:
        """Draw that these are plugged in. An open list is left alone until it is asked again."""
        if not self.view().isVisible():
            self._plugged = tuple(names)
            self._draw()

    def _draw(self) -> None:
        wanted = self._wanted()
        if wanted != self._drawn:
            self._drawn = wanted
            self.clear()
            for name, text in wanted:
                self.addItem(text, name)
        self.setCurrentIndex(self.findData(self._name))

    def _wanted(self) -> list[tuple[str, str]]:
        there = [name for name in self._plugged or () if name not in self._fixed]
        items = [*self._fixed.items(), *((name, name) for name in there)]
        if self._name not in (name for name, _ in items):
            gone = self._name if self._plugged is None else self._missing(self._name)
            items.append((self._name, gone))
        return items

    def _missing(self, name: str) -> str:
        return self.tr("{device} (not plugged in)").format(device=name)
