"""The languages of the window: Qt's translators, and the direction that is read in."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from twocan.desk.settings import LANGUAGES
from twocan.gui.places import assets

_SOURCE = "en"
"""What the texts in the program are in."""


class Language:
    """The language that an application speaks. ``speak`` changes it; what is drawn already has to
    be drawn anew."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._translators: list[QTranslator] = []
        self.spoken: str | None = None
        """One of ``LANGUAGES``, once one is spoken."""

    def speak(self, chosen: str | None) -> bool:
        """Speak what was chosen, or what the system speaks. Whether that is a change."""
        code = chosen if chosen in LANGUAGES else nearest(QLocale.system().uiLanguages())
        if code == self.spoken:
            return False
        self.spoken = code
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)
        self._translators = [*self._load(code)]
        locale = QLocale(code) if chosen in LANGUAGES else _system_locale(code)
        QLocale.setDefault(locale)
        self._application.setLayoutDirection(QLocale(code).textDirection())
        return True

    def _load(self, code: str) -> list[QTranslator]:
        if code == _SOURCE:
            places = [("twocan_en", str(assets() / "translations"))]
        else:
            qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            places = [(f"qtbase_{code}", qts), (f"twocan_{code}", str(assets() / "translations"))]
        loaded = []
        for name, folder in places:
            translator = QTranslator(self._application)
            if translator.load(name, folder):
                QCoreApplication.installTranslator(translator)
                loaded.append(translator)
        return loaded

    @property
    def right_to_left(self) -> bool:
        return self._application.layoutDirection() is Qt.LayoutDirection.RightToLeft


def nearest(wanted: list[str]) -> str:
    """The first of the wanted languages (BCP 47, best first) that is one of ours, or English."""
    for tag in wanted:
        parts = tag.replace("_", "-").split("-")
        if parts[0] == "zh" and not {"TW", "HK", "MO", "Hant"} & set(parts):
            return "zh_CN"
        if parts[0] in LANGUAGES:
            return parts[0]
    return _SOURCE


def _system_locale(code: str) -> QLocale:
    """The system's formats, if they are of the language that is spoken."""
    system = QLocale.system()
    return system if nearest([system.bcp47Name()]) == code else QLocale(code)
