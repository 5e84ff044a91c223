"""What there is to say of new versions of the program."""

from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from twocan.desk.state import Finding, Stage, Update
from twocan.gui.words import when
from twocan.gui.words.marking import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_STAGES = MappingProxyType(
    {
        Stage.ASKING: QT_TRANSLATE_NOOP("updates", "Looking for a new version…"),
        Stage.FETCHING: QT_TRANSLATE_NOOP("updates", "Version {version} is being downloaded…"),
        Stage.PREPARING: QT_TRANSLATE_NOOP("updates", "Version {version} is being unpacked…"),
        Stage.READY: QT_TRANSLATE_NOOP("updates", "Version {version} is ready for the next start."),
    }
)

_FINDINGS = MappingProxyType(
    {
        Finding.NEWEST: QT_TRANSLATE_NOOP("updates", "This is the newest version."),
        Finding.NO_RELEASES: QT_TRANSLATE_NOOP(
            "updates", "The site of your account does not tell of new versions."
        ),
        Finding.NONE_FOR_US: QT_TRANSLATE_NOOP(
            "updates", "There is a new version, but none for this kind of computer."
        ),
        Finding.SILENT: QT_TRANSLATE_NOOP("updates", "The server did not answer in time."),
        Finding.UNREACHABLE: QT_TRANSLATE_NOOP("updates", "The server could not be reached."),
        Finding.NOT_SECURE: QT_TRANSLATE_NOOP(
            "updates", "The server could not prove who it is, so nothing was taken from it."
        ),
        Finding.BAD_ANSWER: QT_TRANSLATE_NOOP(
            "updates", "The server gave an answer that cannot be used."
        ),
        Finding.NOT_SIGNED: QT_TRANSLATE_NOOP(
            "updates",
            "The server offered a version that does not come from the makers of this one. "
            "It was not downloaded.",
        ),
        Finding.METERED: QT_TRANSLATE_NOOP(
            "updates", "A new version waits until you are in a network without a data limit."
        ),
        Finding.TOO_SLOW: QT_TRANSLATE_NOOP("updates", "The download was too slow."),
        Finding.CUT_SHORT: QT_TRANSLATE_NOOP("updates", "The download was cut short."),
        Finding.WRONG_FILE: QT_TRANSLATE_NOOP(
            "updates", "What was downloaded is not the new version. It was thrown away."
        ),
        Finding.NO_ROOM: QT_TRANSLATE_NOOP(
            "updates", "There is not enough room on the disk for the new version."
        ),
        Finding.NOT_WRITTEN: QT_TRANSLATE_NOOP("updates", "The new version could not be saved."),
        Finding.NOT_PREPARED: QT_TRANSLATE_NOOP(
            "updates", "The new version was downloaded, but could not be unpacked."
        ),
    }
)


def state(update: Update) -> str:
    """What is being done about a new version, or what came of it last; empty: nothing is known."""
    said = _STAGES.get(update.stage)
    if said is None and update.came is not None:
        said = _FINDINGS.get(update.came)
    if said is None and update.version is not None:
        said = QT_TRANSLATE_NOOP(
            "updates", "Version {version} is out: it is downloaded when there is no call."
        )
    return translate("updates", said).format(version=update.version or "") if said else ""


def asked(update: Update, now: float | None = None) -> str:
    """When it was looked for last. ``now``: see ``words.when``."""
    if update.asked is None:
        return translate("updates", "Not looked for yet.")
    said = translate("updates", "Last looked for: {when}")
    return said.format(when=when(update.asked, now))


def ready(update: Update) -> str:
    """What a phone that waits says of a new version that is prepared."""
    said = translate("updates", "Twocan {version} is ready for the next start.")
    return said.format(version=update.version or "")
