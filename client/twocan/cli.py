"""The headless face: one JSON line per event, a report at the end, an exit code that means it.

Standard output is for programs, standard error for people: on a terminal a live line tells how
the call is.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import time
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twocan import __version__, account, address
from twocan.account import AccountError
from twocan.report import NOT_SIGNED_IN, USAGE, no_call_report

if TYPE_CHECKING:
    from twocan.headless import Headless
    from twocan.links import LaunchLink
    from twocan.media import MakeMedia
    from twocan.media.ends import Chosen
    from twocan.media.pictures.chosen import ChosenSights

    Ends = tuple[Chosen, ChosenSights]
    """Where a call's sound and pictures come from and go to."""

# Everything that signs in or carries media is imported when it is needed: a wrong option, a
# version or a bad account file costs no second.

_LOADED = time.monotonic()

DEFAULT = "default"
PROCESSING = ("echo", "noise", "gain")
_PLAIN = {DEFAULT, "none", "null", "silence"}
"""What the window can do with whatever devices there are: where there are none, it says so."""


Command = Callable[[Namespace], Coroutine[object, object, int]]


class UsageError(Exception):
    """What was typed cannot be done: one line, what is wrong and what to do."""


def run(arguments: Sequence[str]) -> int:
    """Do what the command line says; the exit code is one of ``report``'s."""
    options = _parser().parse_args(arguments)
    _log(options.verbose)
    try:
        if getattr(options, "window", False):
            return _windowed(options)
        if (alone := getattr(options, "alone", None)) is not None:
            return int(alone(options))
        run_command: Command = options.run
        return asyncio.run(run_command(options))
    except (UsageError, AccountError) as error:
        return _complain(error, USAGE)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    finally:
        _let_go()


def _let_go() -> None:
    """What is still to be printed and nobody reads any more is no failure of the call's."""
    if sys.stdout is None:
        # A windowed program on Windows has none: it is what uninstalls.
        return
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would try again at its exit, complain, and change the exit code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(error: Exception, code: int) -> int:
    print(f"twocan: {error}", file=sys.stderr)
    return code


def _warn(error: Exception | str) -> None:
    # On a terminal the line that tells how the call is may stand there.
    start = "\r\x1b[K" if sys.stderr is not None and sys.stderr.isatty() else ""
    print(f"{start}twocan: {error}", file=sys.stderr)


def _log(verbose: int) -> None:
    level = [logging.CRITICAL, logging.INFO, logging.DEBUG][min(verbose, 2)]
    logging.basicConfig(level=level, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    # slixmpp writes every stanza, tokens included, at this level.
    logging.getLogger("slixmpp").setLevel(max(level, logging.INFO))


# --- What can be typed --------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="twocan",
        description="Two cans and a string: a phone that is only the call.",
        epilog="Without a command, or with a twocan: link, it shows its window; --hidden keeps "
        "that in the tray until somebody calls.",
    )
    parser.add_argument("--version", action="version", version=f"twocan {__version__}")
    parser.add_argument(
        "--licenses", action=_Licences, help="show the licences of all that is inside, and exit"
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    call = commands.add_parser("call", help="call somebody")
    call.add_argument(
        "address",
        metavar="ADDRESS",
        help="whom to call: person@site.example, or the twocan: link of a call button, "
        "which may also be one to answer who calls",
    )
    _add_call_options(call)
    call.set_defaults(run=_call)

    answer = commands.add_parser("answer", help="wait for calls and answer them")
    answer.add_argument("--echo", action="store_true", help="give back what is heard")
    answer.add_argument("--calls", type=_count, metavar="N", help="end after N calls")
    _add_call_options(answer)
    answer.set_defaults(run=_answer)

    devices = commands.add_parser("devices", help="list microphones, speakers and cameras")
    devices.add_argument("--test", action="store_true", help="play, record, and say what was heard")
    devices.add_argument("--microphone", metavar="NAME", default=DEFAULT)
    devices.add_argument("--speaker", metavar="NAME", default=DEFAULT)
    _add_verbosity(devices)
    devices.set_defaults(run=_devices)

    selftest = commands.add_parser("selftest", help="a whole call within this program")
    _add_verbosity(selftest)
    selftest.set_defaults(run=_selftest)
    _add_installing(commands)
    return parser


class _Licences(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str, **about: Any) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, **about)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from twocan import licences

        parser.exit(licences.show())


def _add_installing(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    install = commands.add_parser("install", help="have links to calls open this program")
    add = install.add_argument
    add("--quiet", action="store_true", help="say nothing unless something is wrong")
    add("--next", action="store_true", help="test this program, and use it from the next start on")
    add("--older", action="store_true", help="even if a newer one is installed")
    _add_verbosity(install)
    install.set_defaults(alone=_install)

    uninstall = commands.add_parser("uninstall", help="remove all of Twocan from this computer")
    add = uninstall.add_argument
    add(
        "--quiet", action="store_true", help="do not ask, and say nothing unless something is wrong"
    )
    add("--history", action="store_true", help="the history of calls as well")
    _add_verbosity(uninstall)
    uninstall.set_defaults(alone=_uninstall)


def _add_call_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--account", metavar="FILE", help=f"who you are (or set {account.VARIABLE})")
    add(
        "--microphone",
        metavar="SOURCE",
        default=DEFAULT,
        help="default, a device's name, FILE.wav, tone:HZ or silence (default: %(default)s)",
    )
    add(
        "--speaker",
        metavar="SINK",
        default=DEFAULT,
        help="default, a device's name, FILE.wav or null (default: %(default)s)",
    )
    add(
        "--ringer",
        metavar="SINK",
        help="where it rings, if not on the speaker: as --speaker",
    )
    add(
        "--processing",
        type=_switches,
        metavar="LIST",
        default=frozenset(PROCESSING),
        help="what is done to a microphone's sound: some of echo,noise,gain, or none "
        "(default: all)",
    )
    add(
        "--camera",
        metavar="SOURCE",
        default="none",
        help="default, a camera's name, pattern[:WxH[@RATE]], a video file, screen[:N], "
        "window:TITLE or none (default: %(default)s)",
    )
    add(
        "--screen",
        metavar="SINK",
        default="null",
        help="FILE.webm, in which the call is seen and heard, or null (default: %(default)s)",
    )
    add(
        "--for",
        dest="seconds",
        type=_positive,
        metavar="SECONDS",
        help="hang up that long after the call was connected",
    )
    add(
        "--keys",
        type=_keys,
        default="",
        metavar="KEYS",
        help="telephone keys to press once connected, such as 12#",
    )
    add("--report", type=Path, metavar="FILE", help="write the report there as well")
    add("--window", action="store_true", help="show the window, instead of being headless")
    add("--min-mos", type=_score, metavar="X", help="fail if the sound scores less (1 to 4.4)")
    _add_verbosity(parser)


def _add_verbosity(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-v", "--verbose", action="count", default=0, help="log to standard error; twice for more"
    )


def _positive(text: str) -> float:
    return _number(text, 0.001, 1e6, "a number of seconds")


def _score(text: str) -> float:
    return _number(text, 1, 5, "a score from 1 to 5")


def _count(text: str) -> int:
    count = _number(text, 1, 1e9, "a number from 1")
    if count != int(count):
        raise ArgumentTypeError(f"{text!r} is not a whole number")
    return int(count)


def _keys(text: str) -> str:
    from twocan.media.keypad import checked

    try:
        return checked(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _switches(text: str) -> frozenset[str]:
    names = frozenset() if text == "none" else frozenset(text.split(","))
    if strange := names.difference(PROCESSING):
        raise ArgumentTypeError(f"{min(strange)!r} is none of {', '.join(PROCESSING)}")
    return names


def _number(text: str, least: float, most: float, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise ArgumentTypeError(f"{text!r} is not {what}")
    return number


# --- What is done -------------------------------------------------------------------------


async def _call(options: Namespace) -> int:
    if options.address.startswith("twocan:"):
        link = _link(options)
        return await _with_ends(options, lambda ends: _follow(options, ends, link))
    peer = _peer(options)
    who = account.load(options.account)
    return await _with_ends(
        options, lambda ends: _signed_in(options, ends, who, lambda phone: phone.call(peer), peer)
    )


async def _answer(options: Namespace) -> int:
    who = account.load(options.account)
    return await _with_ends(
        options,
        lambda ends: _signed_in(options, ends, who, lambda phone: phone.answer(options.calls)),
    )


async def _follow(options: Namespace, ends: "Ends", link: "LaunchLink") -> int:
    """Call whom a launch link is for, or answer who calls, as whom its site says. Its code is used
    up by it."""
    from twocan.desk.redeeming import RedeemError, redeem

    try:
        launch = await redeem(link)
    except RedeemError as error:
        return _not_signed_in(error)
    peer, name = launch.invitation.peer, launch.invitation.peer_name
    if sid := launch.invitation.answering:
        return await _signed_in(
            options, ends, launch.account, lambda phone: phone.pick_up(sid, peer)
        )
    return await _signed_in(
        options, ends, launch.account, lambda phone: phone.call(peer, name), peer
    )


def _link(options: Namespace) -> "LaunchLink":
    from twocan.links import LinkError, parse

    if options.account is not None:
        raise UsageError("a link brings its account: leave out --account")
    try:
        return parse(options.address)
    except LinkError as error:
        raise UsageError(str(error)) from None


def _peer(options: Namespace) -> str:
    try:
        return address.bare(address.check(options.address))
    except ValueError as error:
        raise UsageError(str(error)) from error


def _windowed(options: Namespace) -> int:
    from twocan.windowed import Windowed

    if getattr(options, "echo", False) or getattr(options, "calls", None):
        raise UsageError("--echo and --calls are for a phone without a window")
    if options.screen != "null":
        raise UsageError(
            "--screen is for a phone without a window, which shows the pictures itself"
        )
    if getattr(options, "address", "").startswith("twocan:"):
        raise UsageError("a link goes alone into the window: leave out call and all options")
    peer = _peer(options) if "address" in options else None
    who = account.load(options.account)
    _check_report(options.report)
    _check_devices(options)
    return Windowed(who, options, peer, _process_age).run()


def _check_devices(options: Namespace) -> None:
    """That what was typed can be. For what needs no look at a device or a file nothing heavy is
    loaded, so that the window is soon there."""
    if options.camera not in _PLAIN:
        _chosen_sights(options).close()
    if not {options.microphone, options.speaker, options.ringer or DEFAULT} <= _PLAIN:
        _chosen(options).close()


async def _devices(options: Namespace) -> int:
    from twocan import soundcheck

    if not options.test:
        return await asyncio.to_thread(soundcheck.list_devices)
    return await asyncio.to_thread(soundcheck.check_sound, options.microphone, options.speaker)


async def _selftest(_options: Namespace) -> int:
    from twocan.selftest import selftest

    return await selftest()


def _install(options: Namespace) -> int:
    from twocan.install import commands

    if options.next and options.older:
        raise UsageError("--older goes back now, --next is for newer programs: say one of them")
    say = _say_nothing if options.quiet else print
    try:
        if options.next:
            return commands.install_next(say)
        return commands.install(say, _warn, older=options.older)
    except commands.NotDone as error:
        return _complain(error, error.code)


def _uninstall(options: Namespace) -> int:
    from twocan.install import commands

    if not (options.quiet or _agreed(history=options.history)):
        return _complain(UsageError("nothing was removed"), commands.NOT_DONE)
    say = _say_nothing if options.quiet else print
    try:
        return commands.uninstall(say, _warn, history=options.history)
    except commands.NotDone as error:
        return _complain(error, error.code)


def _agreed(*, history: bool) -> bool:
    """Whether the person wants all of it removed, who is asked for that. Raises ``UsageError``."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("it asks before it removes anything, and nobody is there: say --quiet")
    also = " and the history of calls" if history else ""
    print(f"Remove Twocan, its settings, its accounts{also}? [y/N] ", end="", file=sys.stderr)
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _say_nothing(_words: str) -> None:
    """For whoever wants it quiet."""


async def _with_ends(
    options: Namespace, use: Callable[["Ends"], Coroutine[object, object, int]]
) -> int:
    """Use the devices and files that were chosen. That they can be is known before anybody is
    asked anything: what was typed wrong costs no link its code."""
    _check_report(options.report)
    sights = _chosen_sights(options)
    chosen = _chosen(options)
    try:
        return await use((chosen, sights))
    finally:
        chosen.close()
        sights.close()


def _not_signed_in(error: Exception, called: str | None = None) -> int:
    with contextlib.suppress(BrokenPipeError):
        report = no_call_report("failed", "not-signed-in", called)
        print(json.dumps({"event": "report", **report}), flush=True)
    return _complain(error, NOT_SIGNED_IN)


async def _signed_in(
    options: Namespace,
    ends: "Ends",
    who: account.Account,
    use: Callable[["Headless"], Coroutine[object, object, int]],
    called: str | None = None,
) -> int:
    from twocan.desk.freshness import Freshness
    from twocan.xmpp import SignInError, sign_in

    chosen, sights = ends
    fresh = Freshness(who)
    try:
        signalling = await fresh.enter(sign_in)
    except SignInError as error:
        return _not_signed_in(error, called)
    signed_in_ms = _process_age() * 1000
    lasting = asyncio.create_task(fresh.last())
    try:
        from twocan.headless import Headless, Limits, Shows
        from twocan.ringing import Sounds

        limits = Limits(options.seconds, options.min_mos, options.report)
        sounds = Sounds(chosen.speaker, chosen.ringer) if chosen.is_heard else None
        media = _media(options, chosen, sights)
        shows = Shows.CAMERA if sights.shows else Shows.NOTHING
        if getattr(options, "echo", False):
            shows = Shows.BACK
        phone = Headless(
            signalling, media, limits, signed_in_ms, sounds, options.keys, shows,
            who=lambda: fresh.account,
        )  # fmt: skip
        try:
            return await use(phone)
        finally:
            await phone.close()
    finally:
        lasting.cancel()
        await asyncio.gather(lasting, return_exceptions=True)
        await signalling.close()


def _check_report(file: Path | None) -> None:
    if file is None:
        return
    if not file.absolute().parent.is_dir():
        raise UsageError(f"cannot write {str(file)!r}: its folder does not exist")
    if file.is_dir():
        raise UsageError(f"cannot write {str(file)!r}: it is a folder")


def _chosen(options: Namespace) -> "Chosen":
    """The microphone and the speaker, if they can be: that is said before anybody is called.

    Raises ``UsageError``.
    """
    from twocan.media.ends import Chosen, Switches
    from twocan.media.sound import SoundError

    if getattr(options, "echo", False):
        return Chosen("silence", "null", "null")
    ringer = options.ringer or options.speaker
    switches = Switches(**{name: name in options.processing for name in PROCESSING})
    chosen = Chosen(options.microphone, options.speaker, ringer, switches)
    try:
        chosen.check()
    except SoundError as error:
        chosen.close()
        raise UsageError(str(error)) from error
    return chosen


def _chosen_sights(options: Namespace) -> "ChosenSights":
    """The camera and the screen, if they can be. Raises ``UsageError``."""
    from twocan.media.pictures.chosen import ChosenSights
    from twocan.media.pictures.picture import PictureError

    sights = ChosenSights(options.camera, options.screen, _warn)
    try:
        sights.check()
    except PictureError as error:
        sights.close()
        raise UsageError(str(error)) from error
    return sights


def _media(options: Namespace, chosen: "Chosen", sights: "ChosenSights") -> "MakeMedia":
    """Makes each call's media from what was chosen, opened anew for each call."""
    from twocan.media import ends
    from twocan.media.pictures.chosen import mirrored
    from twocan.media.session import CallMedia

    if getattr(options, "echo", False):
        return lambda report: CallMedia(report, ends.echo, mirrored())
    return lambda report: CallMedia(report, chosen.open, sights.sights())


def _process_age() -> float:
    """Seconds since this process began, or since this module was loaded where none can tell."""
    try:
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return time.monotonic() - _LOADED
    return uptime - ticks / os.sysconf("SC_CLK_TCK")
