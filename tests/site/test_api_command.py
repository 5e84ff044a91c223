"""The commands as people type them: keys, and the API as a process of its own."""

import contextlib
import json
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest

from site_api import SITE, Phone, code_in
from twocan_supernode.__main__ import main
from twocan_supernode.ports import Ports
from twocan_supernode.site import serving
from twocan_supernode.site.parts import XmppServer
from twocan_supernode.site.running import Options, found
from twocan_supernode.state import Node, State

LIST = ("site-key", "list", "--state", "{}", "--site", SITE)
PLACES = ("--xmpp", "127.0.0.1:5223", "--websocket", "wss://127.0.0.1:5443/ws")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    State(folder).add_site(SITE)
    return folder


def key_command(folder: Path, *arguments: str) -> int:
    action, *rest = arguments
    return main(["site-key", action, "--state", str(folder), "--site", SITE, *rest])


# --- keys


def test_a_key_is_printed_once_and_listed_by_its_id(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert key_command(folder, "new") == 0
    key = capsys.readouterr().out.strip()
    name, secret = key.split("_", 2)[1:]

    assert key_command(folder, "list") == 0

    listed = capsys.readouterr().out
    assert listed.startswith(f"{name}  made 20")
    assert listed.rstrip().endswith("valid")
    assert secret not in listed
    kept = b"".join(file.read_bytes() for file in folder.glob("site.sqlite*"))
    assert name.encode() in kept
    assert secret.encode() not in kept


def test_one_key_takes_the_place_of_another(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [key_command(folder, "new") for _ in range(3)] == [0, 0, 1]
    said = capsys.readouterr()
    assert "2 valid keys" in said.err
    old = said.out.split("_")[1]

    assert key_command(folder, "retire", old) == 0
    assert key_command(folder, "new") == 0
    assert key_command(folder, "retire", old) == 1
    assert "no valid key of that ID" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["site-key", "new", "--state", "{}", "--site", "nobody.example"],
            "no site nobody.example",
        ),
        (
            [*LIST, "--database", "postgresql://twocan:hunter2@localhost/twocan"],
            "--database has a password",
        ),
        (["site", "--state", "{}/none"], "there are no sites in"),
        (["site", "--state", "{}", "--listen", "192.0.2.1"], "needs --url"),
        (["site", "--state", "{}"], "no node ran in"),
        (["site", "--state", "{}", "--url", "http://calls.site.example"], "is not secure"),
        (["site", "--state", "{}", "--url", "https://a@b"], "is no URL"),
        (["site", "--state", "{}", "--xmpp", "calls.site.example"], "is no HOST:PORT"),
        (["site", "--state", "{}", "--port", "65536"], "is no port"),
        (["site", "--state", "{}", "--limit-per-address", "60/0s"], "from 1 to"),
        (["site", "--state", "{}", "--limit-per-address", "60"], "a rate is such as"),
        (["site", "--state", "{}", "--metrics-token", "/dev/null"], "holds no token"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [argument.replace("{}", str(folder)) for argument in arguments]

    with contextlib.suppress(SystemExit):
        assert main(given) in (1, 2)

    told = capsys.readouterr().err
    assert said in told
    assert "hunter2" not in told


def test_the_nodes_own_authority_is_for_this_machine_alone(folder: Path) -> None:
    state = State(folder)
    state.issue_certificate([ip_address("127.0.0.1")])
    servers = (XmppServer("127.0.0.1", 5223),)

    def authority(url: str | None) -> Path | None:
        asked = Options(state, "127.0.0.1", 0, "", url, servers, "wss://127.0.0.1:5443/ws")
        return found(asked, 8080).ca

    assert authority(None) == authority("http://localhost:8080") == state.ca
    assert authority("https://calls.site.example") is None
    assert authority("https://127.0.0.1:8443") is None


def test_pages_on_this_machine_reach_the_node_without_tls(folder: Path) -> None:
    state = State(folder)
    state.note(Node(1, "192.0.2.1", Ports(xmpps=1, xmpp=2, https=3, stun=4, ws=5)))

    def websocket(url: str | None) -> str:
        return found(Options(state, "127.0.0.1", 0, "", url), 8080).websocket

    assert websocket(None) == websocket("http://localhost:8080") == "ws://127.0.0.1:5/ws"
    assert websocket("https://calls.site.example") == "wss://192.0.2.1:3/ws"


# --- the process


class Process:
    """``twocan-supernode site``, until it is told to stop."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "twocan_supernode", "site", "--state", str(folder)]
        self._log = (folder.parent / "log").open("w+")
        self.process = subprocess.Popen(
            [*command, *PLACES], stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        assert self.process.stdout
        self.said = self.process.stdout.readline()

    def stopped(self) -> tuple[int, str]:
        """Its exit code, and all that it said."""
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=40)
        self._log.seek(0)
        log = self._log.read()
        self._log.close()
        return self.process.returncode, self.said + rest + log


@pytest.fixture
def process(folder: Path) -> Iterator[Process]:
    process = Process(folder)
    yield process
    if process.process.poll() is None:
        process.process.kill()
        process.stopped()


def test_the_process_serves_keeps_its_secrets_and_stops(
    folder: Path, process: Process, capsys: pytest.CaptureFixture[str], phone: Phone
) -> None:
    ready = json.loads(process.said)
    assert ready["event"] == "ready"
    assert ready["url"].startswith("http://127.0.0.1:")
    key_command(folder, "new")
    key = capsys.readouterr().out.strip()
    with httpx.Client(base_url=ready["url"], timeout=30) as http:
        asked = {"Authorization": f"Bearer {key}"}
        said = http.post("/v1/launches", json={"caller": "ann", "callee": "ben"}, headers=asked)
        code = code_in(said.json()["link"])
        redeemed = http.post("/v1/launches/redeem", json={"code": code, "key": phone.jwk})
        # No node runs, so nobody knows who is there.
        assert http.get("/v1/presence?person=ann", headers=asked).status_code == 503
        assert http.get("/healthz").status_code == 200

    account = redeemed.json()["account"]
    assert (account["host"], account["port"]) == ("127.0.0.1", 5223)
    running = Path(f"/proc/{process.process.pid}")
    open_to_all = [running / "cmdline", running / "environ"]
    shown = b"".join(file.read_bytes() for file in open_to_all).decode()
    code_and_more = (key, code, account["token"], account["refresh"]["token"])
    status, output = process.stopped()

    assert status == 0
    for secret in code_and_more:
        assert secret not in shown
        assert secret not in output
    assert "GET /v1/presence 503" in output
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*")}
    assert {mode & 0o077 for mode in modes.values()} == {0}, modes


def test_a_port_that_is_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving.bound("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        assert main(["site", "--state", str(folder), "--port", port, *PLACES]) == 1

    assert f"cannot listen on 127.0.0.1 port {port}" in capsys.readouterr().err
