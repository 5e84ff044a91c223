"""What is asked before there is a window: about a download that is older than what is installed."""

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from twocan.gui.older import OlderQuestion


def question() -> QPixmap:
    """A picture of it."""
    asked = OlderQuestion("1.9", "1.12")
    try:
        asked.open()
        QApplication.processEvents()
        return asked.grab()
    finally:
        asked.hide()
        asked.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
