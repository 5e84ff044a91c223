"""What is typed wrong, and what answers wrongly: one line that says so, and the right exit code."""

import asyncio
import base64
import json
import os
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from twocan import __version__, account, cli
from twocan.headless import Headless, Limits, describe
from twocan.media import Media
from twocan.media.figures import Figures
from twocan.media.figures import Path as MediaPath
from twocan.media.stats import Stream
from twocan.report import call_report, exit_code, no_call_report
from twocan.signalling import Exchange, Extension, Reach
from twocan.states import CallView, End, State
from twocan.xmpp import SignInError, sign_in
from twocan_supernode.state import State as NodeState

ADDRESS = "person@site.example"
ACCOUNT: dict[str, Any] = {"address": ADDRESS, "token": "t", "host": "127.0.0.1", "port": 9}
HEAVY = ("aiortc", "av", "cv2", "numpy", "slixmpp", "PySide6", "sounddevice")


@pytest.fixture(autouse=True)
def no_account_of_ones_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TWOCAN_ACCOUNT", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An account file that is one."""
    path = tmp_path / "account.json"
    path.write_text(json.dumps(ACCOUNT))
    return path


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What ``twocan`` says of wrong arguments: one line, and nothing on standard output."""
    try:
        code: object = cli.run([str(argument) for argument in arguments])
    except SystemExit as left:
        code = left.code
    said = capsys.readouterr()
    *usage, error = said.err.splitlines()
    assert (code, said.out) == (2, "")
    assert error.startswith("twocan")
    # argparse tells the usage before what is wrong with it.
    assert not usage or usage[0].startswith("usage: ")
    return error


# --- wrong usage


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "COMMAND"),
        (["sing"], "'sing'"),
        (["call"], "ADDRESS"),
        (["call", ADDRESS, "--volume", "11"], "--volume"),
        (["call", ADDRESS, "--for", "0"], "'0' is not a number of seconds"),
        (["call", ADDRESS, "--for", "-1"], "'-1' is not a number of seconds"),
        (["call", ADDRESS, "--for", "long"], "'long' is not a number of seconds"),
        (["call", ADDRESS, "--for", "nan"], "'nan' is not a number of seconds"),
        (["call", ADDRESS, "--for", "inf"], "'inf' is not a number of seconds"),
        (["call", ADDRESS, "--min-mos", "0.9"], "'0.9' is not a score from 1 to 5"),
        (["call", ADDRESS, "--min-mos", "good"], "'good' is not a score from 1 to 5"),
        (["call", ADDRESS, "--echo"], "--echo"),
        (["answer", "--calls", "0"], "'0' is not a number from 1"),
        (["answer", "--calls", "1.5"], "'1.5' is not a whole number"),
        (["answer", "--calls", "some"], "'some' is not a number from 1"),
        (["answer", ADDRESS], ADDRESS),
        (["selftest", "--account", "x"], "--account"),
    ],
)
def test_an_argument_that_cannot_be(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert told in refused(capsys, *arguments)


@pytest.mark.parametrize(
    "address",
    ["", "person", "@site.example", "person@", "a@b@c", "a b@c", "p@site..example", "p@-x", "p@c/"],
)
def test_an_address_that_is_none(
    capsys: pytest.CaptureFixture[str], file: Path, address: str
) -> None:
    said = refused(capsys, "call", address, "--account", file)
    assert repr(address) in said
    assert "is not an address" in said


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "it is not JSON"),
        ("tea", "it is not JSON"),
        ("[]", "it is not a JSON object"),
        ('"text"', "it is not a JSON object"),
        ("{}", 'needs either a "token" or a "password"'),
        ({**ACCOUNT, "token": None}, 'needs either a "token" or a "password"'),
        ({**ACCOUNT, "password": "p"}, 'needs either a "token" or a "password"'),
        ({**ACCOUNT, "token": 5}, 'the "token" in .* is not text'),
        ({**ACCOUNT, "token": ""}, 'the "token" in .* is not text'),
        ({**ACCOUNT, "address": None}, 'needs an "address"'),
        ({**ACCOUNT, "address": "person"}, 'the "address" in .* is wrong'),
        ({**ACCOUNT, "host": None}, 'needs both "host" and "port", or neither'),
        ({**ACCOUNT, "port": None}, 'needs both "host" and "port", or neither'),
        ({**ACCOUNT, "port": 0}, 'the "port" in .* is not a number from 1 to 65535'),
        ({**ACCOUNT, "port": 65536}, 'the "port" in .* is not a number from 1 to 65535'),
        ({**ACCOUNT, "port": "5222"}, 'the "port" in .* is not a number from 1 to 65535'),
        ({**ACCOUNT, "port": True}, 'the "port" in .* is not a number from 1 to 65535'),
        ({**ACCOUNT, "ca": "not-there.pem"}, "'not-there.pem', which is not a file"),
        ({**ACCOUNT, "ca": ["x"]}, 'the "ca" in .* is not text'),
    ],
)
def test_an_account_file_that_is_none(
    capsys: pytest.CaptureFixture[str], file: Path, content: str | dict[str, Any], told: str
) -> None:
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    said = refused(capsys, "call", ADDRESS, "--account", file)
    assert re.search(told, said)
    assert str(file) in said


def test_an_account_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, "answer", "--account", "not-there.json")
    assert "cannot read the account file 'not-there.json': No such file or directory" in said


def test_an_account_file_that_is_no_text(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    assert "it is not text" in refused(capsys, "answer", "--account", file)


def test_an_account_file_that_is_a_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "Is a directory" in refused(capsys, "answer", "--account", tmp_path)


def test_no_account_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, "call", ADDRESS)
    assert said == "twocan: no account: name its file with --account or in TWOCAN_ACCOUNT"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{tea", "TWOCAN_ACCOUNT is not an account file: it is not JSON"),
        ('{"address": "person@site.example"}', "TWOCAN_ACCOUNT needs either a"),
        ("not-there.json", "cannot read the account file"),
    ],
)
def test_an_account_in_the_environment_that_is_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, given: str, told: str
) -> None:
    monkeypatch.setenv("TWOCAN_ACCOUNT", given)
    assert told in refused(capsys, "call", ADDRESS)


def test_a_token_in_a_broken_file_is_not_shown(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    file.write_text('{"token": "the-secret-token", ')
    assert "secret" not in refused(capsys, "call", ADDRESS, "--account", file)


# --- sound that cannot be


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--microphone", "no-such-one"], "there is no microphone 'no-such-one'"),
        (["--microphone", "tone:loud"], "bad tone 'loud'"),
        (["--microphone", "not-there.wav"], "'not-there.wav': No such file"),
        (["--microphone", "empty.wav"], "'empty.wav' is empty"),
        (["--microphone", "hollow.wav"], "'hollow.wav' is empty"),
        (["--microphone", "text.wav"], "'text.wav' is not sound"),
        (["--microphone", "folder.wav"], "'folder.wav' is not a file"),
        (["--speaker", "no-such-one"], "there is no speaker 'no-such-one'"),
        (["--speaker", "heard.mp3"], "there is no speaker 'heard.mp3'"),
        (["--ringer", "no-such-one"], "there is no speaker 'no-such-one'"),
        (["--processing", "echo,reverb"], "'reverb' is none of echo, noise, gain"),
        (["--keys", "12x"], "'x' is no key"),
        (["--speaker", "not-there/heard.wav"], "'not-there/heard.wav': No such file"),
        (["--speaker", "folder.wav"], "'folder.wav': Is a directory"),
        (["--microphone", "a.wav", "--speaker", "a.wav"], "both the microphone and the speaker"),
        (["--microphone", "a.wav", "--speaker", "./a.wav"], "both the microphone and the speaker"),
        (["--camera", "no-such-one"], "there is no camera 'no-such-one'"),
        (["--camera", "pattern:0x0"], "no pattern of 0x0"),
        (["--camera", "not-there.mp4"], "there is no file not-there.mp4"),
        (["--screen", "seen.mp4"], "bad screen 'seen.mp4'"),
        (["--screen", "not-there/seen.webm"], "not-there"),
        (["--report", "not-there/report.json"], "its folder does not exist"),
        (["--report", "folder.wav"], "it is a folder"),
    ],
)
def test_sound_or_a_report_that_cannot_be(
    capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path, options: list[str], told: str
) -> None:
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("these are words\n" * 100)
    (tmp_path / "folder.wav").mkdir()
    with wave.open(str(tmp_path / "hollow.wav"), "wb") as hollow:
        hollow.setparams((1, 2, 48000, 0, "NONE", ""))
    assert told in refused(capsys, "call", ADDRESS, "--account", file, *options)


# --- what a wrong word costs


def modules_of(*arguments: str | Path) -> tuple[subprocess.CompletedProcess[str], set[str]]:
    """``twocan`` in a process of its own, and the top modules that it imported."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "twocan", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done, imported(done)


def imported(done: subprocess.CompletedProcess[str]) -> set[str]:
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["call", "--help"], 0),
        (["call", "person"], 2),
        (["call", ADDRESS], 2),
        (["answer", "--calls", "none"], 2),
        (["answer", "--account", "not-there.json"], 2),
    ],
)
def test_what_needs_neither_network_nor_sound_loads_neither(
    arguments: list[str], code: int
) -> None:
    done, modules = modules_of(*arguments)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "json" in modules
    assert modules.isdisjoint(HEAVY)


def test_sound_that_cannot_be_is_said_before_the_network_is_loaded(file: Path) -> None:
    done, modules = modules_of("call", ADDRESS, "--account", file, "--microphone", "not-there.wav")
    assert done.returncode == 2
    assert "slixmpp" not in modules


def test_the_version_alone_is_said_before_anything_is_loaded() -> None:
    done, modules = modules_of("--version")
    assert (done.returncode, done.stdout) == (0, f"twocan {__version__}\n")
    assert modules.isdisjoint({"argparse", "asyncio", "json", *HEAVY})


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.run(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"twocan {__version__}\n"


# --- supernodes that are none


def token(expires: float) -> str:
    """A token that says so; nobody signed it."""
    parts = ({"alg": "ES256"}, {"exp": expires})
    encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return ".".join([*encoded, "c2lnbmF0dXJl"])


def test_an_expired_token_needs_no_network_to_be_refused(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    expired = {**ACCOUNT, "token": token(time.time() - 1)}
    file.write_text(json.dumps(expired))
    assert cli.run(["call", ADDRESS, "--account", str(file)]) == 3
    said = capsys.readouterr()
    assert said.err == f"twocan: the token of {ADDRESS} has expired; get a new account file\n"
    report = json.loads(said.out)
    assert report == {"event": "report", **no_call_report("failed", "not-signed-in", ADDRESS)}
    assert (report["direction"], report["peer"]) == ("outgoing", ADDRESS)


def test_nobody_listening_is_code_3(
    capsys: pytest.CaptureFixture[str], file: Path, unused_tcp_port: int
) -> None:
    file.write_text(json.dumps({**ACCOUNT, "port": unused_tcp_port}))
    assert cli.run(["answer", "--account", str(file)]) == 3
    said = capsys.readouterr()
    assert said.err == (
        f"twocan: 127.0.0.1:{unused_tcp_port} cannot be reached (Connection refused); "
        "check host, port and network\n"
    )
    assert [json.loads(line)["event"] for line in said.out.splitlines()] == ["report"]


async def test_a_host_that_nobody_knows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    content = {**ACCOUNT, "host": "nowhere.invalid", "port": 5223}
    with pytest.raises(SignInError, match=r"^nowhere\.invalid:5223 is not known"):
        await sign_in(account.parse(json.dumps(content), "it"))


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(talk: Talk, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on loopback: its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def says_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    while await reader.read(4096):
        pass


async def greets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n")
    await reader.read(4096)
    writer.write(b"500 what?\r\n")
    await writer.drain()


async def speaks_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(4096)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


async def hangs_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> NodeState:
    """A certificate for the site of ``ACCOUNT``, as a supernode has it."""
    state = NodeState(tmp_path_factory.mktemp("node"))
    state.add_site("site.example")
    state.issue_certificate([ip_address("127.0.0.1")])
    return state


@pytest.mark.parametrize("tls", [True, False], ids=["tls", "plain"])
@pytest.mark.parametrize(
    ("talk", "told"),
    [
        (says_nothing, r"does not answer; check the network"),
        (greets, r"does not speak|closed the connection|ended the stream"),
        (speaks_http, r"does not speak|closed the connection|ended the stream"),
        (hangs_up, r"closed the connection|cannot be reached|does not speak"),
    ],
)
async def test_what_is_no_supernode_is_told_so(
    node: NodeState, talk: Talk, told: str, tls: bool
) -> None:
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(node.certificate)
    async with serving(talk, context) as port:
        content = {**ACCOUNT, "port": port, "ca": str(node.ca)}
        within = 1.0 if talk is says_nothing else 40.0
        with pytest.raises(SignInError, match=told) as error:
            await sign_in(account.parse(json.dumps(content), "it"), within=within)
    assert str(error.value).startswith(f"127.0.0.1:{port} ")
    assert "\n" not in str(error.value)


def unread(*arguments: str) -> tuple[int, str]:
    """Run ``twocan`` while nobody reads what it says: its exit code and standard error."""
    with subprocess.Popen(
        [sys.executable, "-m", "twocan", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read().decode()
        return process.wait(), said


def test_a_refusal_ends_quietly_when_nobody_reads(file: Path) -> None:
    file.write_text(json.dumps({**ACCOUNT, "token": token(0)}))
    code, said = unread("call", ADDRESS, "--account", str(file))
    assert code == 3
    assert said == f"twocan: the token of {ADDRESS} has expired; get a new account file\n"


def test_the_selftest_ends_quietly_when_nobody_reads() -> None:
    assert unread("selftest") == (0, "")


# --- a phone that is signed out later


@pytest.fixture
async def phone(capsys: pytest.CaptureFixture[str]) -> AsyncIterator[tuple[Headless, Extension]]:
    """A headless phone on an exchange in memory."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    loop = asyncio.get_running_loop()
    extension = Exchange(loop.call_later).join(f"{ADDRESS}/phone")
    headless = Headless(extension, no_media, Limits(), 5.0)
    yield headless, extension
    await headless.close()
    for number, handler in handlers.items():
        loop.remove_signal_handler(number)
        signal.signal(number, handler)


def no_media(_: object) -> Media:
    raise AssertionError("nobody calls")


async def test_an_answerer_that_is_signed_out_says_so_and_ends_with_code_3(
    phone: tuple[Headless, Extension], capsys: pytest.CaptureFixture[str]
) -> None:
    headless, extension = phone
    answering = asyncio.create_task(headless.answer(None))
    await asyncio.sleep(0)
    assert extension._listener
    for reach in (Reach.OFFLINE, Reach.SIGNED_OUT):
        extension._listener.reach_changed(reach)
    assert await asyncio.wait_for(answering, 40) == 3
    said = capsys.readouterr()
    assert said.err == "twocan: the supernode does not let us in any more\n"
    events = [json.loads(line)["event"] for line in said.out.splitlines()]
    assert events == ["signed-in", "ready", "offline", "signed-out", "report"]


# --- the self-test


def selftest(*prefix: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, sys.executable, "-X", "importtime", "-m", "twocan", "selftest"],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )


def used_by_children() -> float:
    """Seconds of a processor's work: the machine may do much else meanwhile."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_selftest_passes_soon_and_loads_no_face() -> None:
    before = used_by_children()
    done = selftest()
    assert used_by_children() - before < 5
    assert done.returncode == 0, done.stdout
    *checks, verdict = done.stdout.splitlines()
    assert checks
    assert all(check.startswith("ok: ") for check in checks)
    assert verdict.startswith("selftest passed in ")
    modules = imported(done)
    assert "aiortc" in modules
    assert modules.isdisjoint({"PySide6", "cv2", "sounddevice", "slixmpp"})


def test_the_selftest_needs_no_network_but_loopback() -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], check=False).returncode:
        pytest.skip("network namespaces are not permitted here")
    alone = (unshare, "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
    done = selftest(*alone)
    assert done.returncode == 0, done.stdout
    assert "127.0.0.1" in done.stdout


# --- reports, exit codes and the line for people


def view(**changes: Any) -> CallView:
    """A call that rang after 0.1 s, was connected after 2 and ended after 63."""
    about: dict[str, Any] = {
        "sid": "s1",
        "peer": ADDRESS,
        "outgoing": True,
        "state": State.ENDED,
        "end": End.HUNG_UP,
        "ended_by": "us",
        **dict.fromkeys(("held", "held_by_peer", "muted", "muted_by_peer"), False),
        "verification": "123 456",
        "times": {
            "started": 10.0,
            "ringing": 10.1,
            "answered": 11.5,
            "connected": 12.0,
            "first_audio": 12.04,
            "ended": 73.0,
        },
        **changes,
    }
    about["times"] = MappingProxyType(about["times"])
    return CallView(**about)


def talking(**flags: bool) -> CallView:
    """One that goes on since 65 s, at 100."""
    return view(state=State.ACTIVE, end=None, times={"connected": 35.0}, **flags)


NEVER_CONNECTED = {"started": 10.0, "ringing": 10.1, "ended": 20.0}


def figures(lost: int = 0, repaired: int = 0, heard: float = 60.0, packets: int = 3000) -> Figures:
    concealed = 20.0 * (lost - repaired)
    stream = Stream(packets, 250_000, lost, 1.0, 33.0, concealed, 20.0, -20.0, 0, repaired, 3.0)
    path = MediaPath("192.0.2.1:5", "192.0.2.2:6", "udp", relayed=False)
    return Figures(stream, stream, 10.0, path, heard)


@pytest.mark.parametrize(
    ("call", "media", "min_mos", "code"),
    [
        (view(), figures(), None, 0),
        (view(), figures(), 4.0, 0),
        (view(), figures(), 4.5, 4),
        (view(), figures(lost=1000), None, 0),
        (view(), figures(lost=1000), 3.0, 4),
        (view(), figures(lost=1000, repaired=1000), 4.0, 0),
        (view(), figures(heard=0.0), None, 4),
        (view(), None, None, 4),
        (view(end=End.CONNECTION_LOST), figures(), None, 4),
        (view(end=End.VANISHED), figures(), None, 4),
        (view(end=End.REPLACED), figures(), None, 0),
        *(
            (view(end=end, times=NEVER_CONNECTED), None, None, 1)
            for end in (
                *(End.DECLINED, End.BUSY, End.CANCELLED, End.NO_ANSWER, End.UNREACHABLE),
                *(End.FORBIDDEN, End.ANSWERED_ELSEWHERE, End.DECLINED_ELSEWHERE, End.SIGNED_OUT),
                *(End.HUNG_UP, End.REPLACED),
            )
        ),
        *(
            (view(end=end, times=NEVER_CONNECTED), None, None, 4)
            for end in (
                *(End.CONNECTION_FAILED, End.NOT_SECURE, End.INCOMPATIBLE, End.PROTOCOL_ERROR),
                *(End.FAILED, End.VANISHED),
            )
        ),
    ],
)
def test_the_exit_code_says_what_came_of_a_call(
    call: CallView, media: Figures | None, min_mos: float | None, code: int
) -> None:
    assert exit_code(call, media, min_mos) == code


@pytest.mark.parametrize("end", End)
def test_every_end_has_an_outcome_and_its_own_reason(end: End) -> None:
    report = call_report(view(end=end, times=NEVER_CONNECTED), None, 5.0)
    assert report["reason"] == end.value
    assert report["outcome"] in {
        *("cancelled", "declined", "busy", "unanswered", "unreachable", "answered-elsewhere"),
        "failed",
    }
    assert report["outcome"] != "declined" or end in (End.DECLINED, End.DECLINED_ELSEWHERE)


def test_a_report_is_what_testers_read() -> None:
    report = call_report(view(), figures(), 432.14)
    assert report["times_ms"] == {
        "signed_in": 432.1,
        "ringing": 100.0,
        "answered": 1500.0,
        "connected": 2000.0,
        "first_audio": 2040.0,
        "first_video": None,
        "ended": 63000.0,
    }
    stream = {
        "packets": 3000,
        "bytes": 250_000,
        "lost": 0,
        "jitter_ms": 1.0,
        "bitrate_kbps": 33.0,
        "concealed_ms": 0.0,
        "playout_delay_ms": 20.0,
        "level_dbfs": -20.0,
        "late": 0,
        "repaired": 0,
        "stretched_ms": 3.0,
    }
    assert report["audio"] == {"sent": stream, "received": stream}
    assert report["path"] == {
        "local": "192.0.2.1:5",
        "remote": "192.0.2.2:6",
        "protocol": "udp",
        "relayed": False,
    }
    assert (report["outcome"], report["reason"], report["ended_by"]) == (
        "completed",
        "hung-up",
        "us",
    )
    assert (report["direction"], report["peer"]) == ("outgoing", ADDRESS)
    assert (report["rtt_ms"], report["verification"]) == (10.0, "123 456")
    assert 4.3 < report["mos"] < 4.41
    assert report["version"] == __version__
    assert json.loads(json.dumps(report)) == report


def test_every_report_has_every_key() -> None:
    nothing = no_call_report("not-called", "stopped", None)
    unheard = call_report(view(end=End.BUSY, ended_by="them", times=NEVER_CONNECTED), None, 5.0)
    heard = call_report(view(), figures(), 5.0)
    for report in (nothing, unheard, heard):
        assert shape(report) == shape(heard)
    assert unheard["audio"]["received"]["packets"] == 0
    assert (unheard["mos"], unheard["rtt_ms"], unheard["path"]) == (None, None, None)
    assert unheard["times_ms"]["connected"] is None


def shape(report: object) -> object:
    """The keys of a report, at every depth; a path is there only where there was one."""
    if not isinstance(report, dict):
        return None
    return {key: None if key == "path" else shape(value) for key, value in report.items()}


@pytest.mark.parametrize(
    ("call", "score", "line"),
    [
        (view(state=State.DIALLING, end=None, times={"started": 1.0}), None, "calling {}"),
        (
            view(state=State.INCOMING, end=None, outgoing=False, times={"started": 1.0}),
            None,
            "{} is calling",
        ),
        (talking(), 4.4, "talking with {} 1:05 good (4.4)"),
        (talking(), 3.6, "talking with {} 1:05 fair (3.6)"),
        (talking(), 3.2, "talking with {} 1:05 poor (3.2)"),
        (talking(), 1.0, "talking with {} 1:05 bad (1.0)"),
        (
            talking(held=True, muted_by_peer=True),
            None,
            "talking with {} 1:05 held muted by peer",
        ),
        (view(), None, "the call with {} ended (hung up) 1:01"),
        (
            view(end=End.NO_ANSWER, times=NEVER_CONNECTED),
            None,
            "the call with {} ended (no answer)",
        ),
    ],
)
def test_a_line_says_how_a_call_is(call: CallView, score: float | None, line: str) -> None:
    assert describe(call, score, 100.0) == line.format(ADDRESS)
