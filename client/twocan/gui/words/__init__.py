"""What the window says of calls, accounts, times and figures, in the person's language.

The reasons themselves are ``states.End`` and ``desk.state.Trouble``; here are their words: what
happened, and what can be done about it.
"""

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from twocan.desk.state import DeskView, Problem, Standing, Trouble
from twocan.gui.words.devices import camera_problem as camera_problem
from twocan.gui.words.devices import microphone_problem as microphone_problem
from twocan.gui.words.endings import ending as ending
from twocan.gui.words.marking import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_Said = tuple[str, str | None]
"""What happened, and what to do about it."""

_PROBLEMS: dict[Trouble, _Said] = {
    Trouble.NO_NETWORK: (
        QT_TRANSLATE_NOOP("words", "There is no way to the server"),
        QT_TRANSLATE_NOOP("words", "Check your internet connection, then try again."),
    ),
    Trouble.NOT_SECURE: (
        QT_TRANSLATE_NOOP("words", "The connection is not safe, so nothing was sent"),
        QT_TRANSLATE_NOOP(
            "words",
            "Whoever answered cannot prove to be the right server. Try another network, "
            "or ask the site.",
        ),
    ),
    Trouble.WRONG_SECRET: (
        QT_TRANSLATE_NOOP("words", "The address and the password do not belong together"),
        QT_TRANSLATE_NOOP("words", "Check both, then try again."),
    ),
    Trouble.EXPIRED: (
        QT_TRANSLATE_NOOP("words", "This sign-in is over"),
        QT_TRANSLATE_NOOP(
            "words", "Press the call button on the site again: it brings you a new one."
        ),
    ),
    Trouble.SECRET_LOST: (
        QT_TRANSLATE_NOOP("words", "This computer does not have this account's password any more"),
        QT_TRANSLATE_NOOP(
            "words", "Type it once more, or press the call button on the site again."
        ),
    ),
    Trouble.BAD_ADDRESS: (
        QT_TRANSLATE_NOOP("words", "This is not an address"),
        QT_TRANSLATE_NOOP("words", "It has to look like person@site.example."),
    ),
    Trouble.BAD_LINK: (
        QT_TRANSLATE_NOOP("words", "This is no link for a call, or a part of it is missing"),
        QT_TRANSLATE_NOOP("words", "Press the call button on the site again."),
    ),
    Trouble.LINK_USED: (
        QT_TRANSLATE_NOOP("words", "This link was used before, or is too old"),
        QT_TRANSLATE_NOOP("words", "Press the call button on the site again."),
    ),
    Trouble.SITE_AWAY: (
        QT_TRANSLATE_NOOP("words", "The site does not answer"),
        QT_TRANSLATE_NOOP("words", "Check your internet connection, or try again later."),
    ),
    Trouble.IN_CALL: (
        QT_TRANSLATE_NOOP("words", "The link is for another account than the one in this call"),
        QT_TRANSLATE_NOOP(
            "words", "End the call first, then press the call button on the site again."
        ),
    ),
    Trouble.CALL_OVER: (
        QT_TRANSLATE_NOOP("words", "The call is over: it does not ring any more"),
        QT_TRANSLATE_NOOP(
            "words",
            "Whoever called gave up, or you took it on another device. Call back when you like.",
        ),
    ),
}

_STANDINGS = {
    Standing.NOBODY: QT_TRANSLATE_NOOP("words", "Nobody is signed in"),
    Standing.SIGNING_IN: QT_TRANSLATE_NOOP("words", "Signing in…"),
    Standing.ONLINE: QT_TRANSLATE_NOOP("words", "Ready for calls"),
    Standing.OFFLINE: QT_TRANSLATE_NOOP("words", "Offline, trying again by itself"),
    Standing.REFUSED: QT_TRANSLATE_NOOP("words", "The server does not let this account in"),
}

_QUALITIES = (
    (4.0, QT_TRANSLATE_NOOP("words", "Good")),
    (3.6, QT_TRANSLATE_NOOP("words", "Fair")),
    (3.1, QT_TRANSLATE_NOOP("words", "Poor")),
)
"""After the bands of ITU-T G.107 Annex B; the headless face says the same."""

_LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "zh_CN": "简体中文",
    "ar": "العربية",
}
"""As those call them who speak them."""

_WEEK = 7


def problem(what: Problem) -> tuple[str, str | None]:
    """What did not work, and what to do about it."""
    if what.trouble not in _PROBLEMS:
        again = translate("words", "Try again in a moment.")
        return translate("words", "That did not work"), what.detail or again
    headline, advice = _PROBLEMS[what.trouble]
    return translate("words", headline), translate("words", advice) if advice else None


def standing(view: DeskView) -> str:
    """Whether calls can come and go, in one line."""
    if not view.ready:
        return translate("words", "Starting…")
    if view.standing is Standing.ONLINE and view.settings.do_not_disturb:
        return translate("words", "Do not disturb: calls do not ring")
    return translate("words", _STANDINGS[view.standing])


def duration(seconds: float) -> str:
    """``1:15`` or ``1:02:15``, in the digits of the person's language."""
    minutes, rest = divmod(max(int(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    zero = ord(QLocale().zeroDigit())
    return "".join(chr(zero + int(each)) if each.isdigit() else each for each in text)


def when(epoch: float, now: float | None = None) -> str:
    """When something was, as short as can be: a time today, a day of this week, or a date.

    Both in seconds since 1970; ``now``: the computer's clock, unless it is given.
    """
    here = QLocale()
    then = QDateTime.fromSecsSinceEpoch(int(epoch))
    today = QDateTime.currentDateTime() if now is None else QDateTime.fromSecsSinceEpoch(int(now))
    time = here.toString(then.time(), QLocale.FormatType.ShortFormat)
    match then.daysTo(today):
        case 0:
            return time
        case 1:
            return translate("words", "Yesterday, {time}").format(time=time)
        case days if 1 < days < _WEEK:
            day = here.standaloneDayName(then.date().dayOfWeek())
            return translate("words", "{day}, {time}").format(day=day, time=time)
        case _:
            return here.toString(then.date(), QLocale.FormatType.ShortFormat)


def quality(score: float) -> str:
    """An opinion score, 1 to 5, in a word."""
    for least, word in _QUALITIES:
        if score >= least:
            return translate("words", word)
    return translate("words", "Bad")


def language(code: str) -> str:
    """The language's own name for itself, for one of ``settings.LANGUAGES``."""
    return _LANGUAGES.get(code) or QLocale(code).nativeLanguageName() or code
