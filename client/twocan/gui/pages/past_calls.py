"""The recent calls: a list whose rows call back.

A row is painted, not made of widgets, so that a long history costs no more than what is seen of
it. What it says to the eye by an icon and by weight it says in words to a screen reader.
"""

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QListView, QMenu, QSizePolicy, QWidget

from twocan.desk.state import DeskView, Past
from twocan.gui.bridge import Bridge
from twocan.gui.pages.dialling import Dialling
from twocan.gui.pages.past_model import AnyIndex, PastModel
from twocan.gui.pages.past_row import PAST, PastRow
from twocan.gui.pages.sheet import Actions
from twocan.gui.parts import PushButton, Scroll, Tone, Words, column
from twocan.gui.tokens import Size

_ROWS_AT_LEAST = 2
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select)
_NOT_OURS = (Qt.Key.Key_Escape, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class PastCalls(Scroll):
    """The history, to call back from."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.rows = PastList(bridge)
        super().__init__(self.rows, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.rows.selectionModel().currentChanged.connect(self._follow)

    def show_desk(self, view: DeskView, fresh: frozenset[str]) -> None:
        """Show this desk's history. ``fresh``: the calls that the person did not know of."""
        self.rows.show_desk(view, fresh)
        least = min(len(view.past), _ROWS_AT_LEAST)
        self.setMinimumHeight(self.rows.height_of(least))

    def _follow(self, current: QModelIndex) -> None:
        if current.isValid() and self.rows.hasFocus():
            place = self.rows.visualRect(current)
            self.ensureVisible(place.left(), place.center().y(), 0, place.height() // 2 + 1)


class PastList(QListView):
    """Its rows, all of them: a click or Enter calls, a click on a row's camera or Ctrl+Enter calls
    with the camera. It is as high as they are, and lies in what scrolls."""

    clear_wanted = Signal()
    """The person wants the list to be emptied, and is to be asked first."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dialling = Dialling(bridge)
        self._model, self._row = PastModel(self), PastRow(self)
        self._pressed: str | None = None
        self.setModel(self._model)
        self.setItemDelegate(self._row)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Recent calls"))
        self.setAccessibleDescription(
            self.tr("Enter calls back, Ctrl+Enter calls back with the camera.")
        )

    def show_desk(self, view: DeskView, fresh: frozenset[str]) -> None:
        """Show this desk's history. ``fresh``: the calls that the person did not know of."""
        current = self.currentIndex().data(PAST)
        if self._model.show_desk(view, fresh) and isinstance(current, Past):
            row = self._model.row(current.sid)
            if row is not None:
                self.setCurrentIndex(self._model.index(row))
        self.updateGeometry()

    def height_of(self, rows: int) -> int:
        """Of so many rows, in pixels."""
        return rows * self._row.height()

    def minimumSizeHint(self) -> QSize:
        return QSize(Size.NARROWEST // 2, self.height_of(self._model.rowCount()))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def scrollTo(
        self,
        index: AnyIndex,
        hint: QListView.ScrollHint = QListView.ScrollHint.EnsureVisible,
    ) -> None:
        """Everything is there already: what it lies in scrolls."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ApplicationFontChange:
            self.scheduleDelayedItemsLayout()
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        past = self.currentIndex().data(PAST)
        if event.key() in _ENTER and isinstance(past, Past):
            with_control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self._call(past, showing=bool(with_control))
        elif event.key() in _NOT_OURS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        past = self.indexAt(event.position().toPoint()).data(PAST)
        left = event.button() is Qt.MouseButton.LeftButton
        self._pressed = past.sid if left and isinstance(past, Past) else None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Its first click has called.
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at, pressed = event.position().toPoint(), self._pressed
        self._pressed = None
        index = self.indexAt(at)
        past = index.data(PAST)
        # Rows may have moved between press and release: a new call comes in on top.
        if isinstance(past, Past) and past.sid == pressed:
            self._call(past, showing=self._row.camera(self.visualRect(index)).contains(at))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._row.pointer = event.position().toPoint()
        self.viewport().update(self.visualRect(self.indexAt(self._row.pointer)))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._row.pointer = None
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_mouse = event.reason() is Qt.FocusReason.MouseFocusReason
        if not self.currentIndex().isValid() and not by_mouse and self._model.rowCount():
            self.setCurrentIndex(self._model.index(0))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        past = index.data(PAST)
        if isinstance(past, Past):
            at = self.visualRect(index).center() if keyboard else event.pos()
            self.menu(past).popup(self.viewport().mapToGlobal(at))

    def menu(self, past: Past) -> QMenu:
        """What can be done about a call of the past."""
        from twocan.gui.parts.menus import Menu

        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Call"), lambda: self._call(past, showing=False))
        menu.addAction(self.tr("Call with camera"), lambda: self._call(past, showing=True))
        menu.addSeparator()
        copy = self.tr("Copy address")
        menu.addAction(copy, lambda: QGuiApplication.clipboard().setText(past.peer))
        menu.addAction(self.tr("Clear history…"), self.clear_wanted.emit)
        return menu

    def _call(self, past: Past, *, showing: bool) -> None:
        self._dialling.call(past.peer, showing=showing)


class Clearing(QWidget):
    """Asks, above the list, whether it is to be emptied. Escape is a no."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        asked = self.tr("Remove all calls from this list? This cannot be undone.")
        self.keep, self.clear = (
            PushButton(self.tr("Keep them")),
            PushButton(self.tr("Remove all"), Tone.END),
        )
        self.setLayout(column(Words(asked, wrap=True), Actions(self.keep, self.clear)))
        for button in (self.keep, self.clear):
            button.setAccessibleDescription(asked)
            button.clicked.connect(self.hide)
        self.clear.clicked.connect(lambda: bridge.do(lambda desk: desk.clear_history()))
        self.hide()

    def ask(self) -> None:
        """Put the question. The answer that loses nothing is the one at hand."""
        self.show()
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
