"""The checks that every test is held to bite, and let through what is in order."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

TESTS = """
import asyncio, logging, socket, subprocess, threading
import pytest

kept = []
over = threading.Event()

async def test_leaves_a_task():
    kept.append(asyncio.create_task(asyncio.sleep(60)))

def test_leaves_a_socket():
    kept.append(socket.socket())

def test_leaves_a_thread():
    threading.Thread(target=over.wait, args=(5,)).start()

def test_leaves_a_process():
    kept.append(subprocess.Popen(["sleep", "60"]))

def test_warns():
    logging.getLogger("twocan.phone").warning("odd")

async def test_errs():
    asyncio.get_running_loop().call_exception_handler({"message": "odd"})

def test_deprecated():
    logging.getLogger("anything").warn("odd")

@pytest.mark.expects_log
def test_fine_warns_as_expected():
    logging.getLogger("twocan.phone").warning("odd")

def test_fine_others_warn():
    logging.getLogger("other").warning("odd")

async def test_fine_tidies_up():
    await asyncio.to_thread(int)
    reader, writer = socket.socketpair()
    asyncio.get_running_loop().call_later(0.05, reader.close)
    asyncio.get_running_loop().call_later(0.05, writer.close)
    await asyncio.create_task(asyncio.sleep(0))
    kept.append(asyncio.create_task(asyncio.sleep(0.1)))

@pytest.fixture(scope="session")
def server():
    server = subprocess.Popen(["sleep", "60"])
    yield
    server.kill()
    server.wait()

async def test_fine_a_server_goes_on(server): ...

def test_fine_a_server_went_on(server): ...

@pytest.fixture(scope="session", autouse=True)
def tidy():
    yield
    over.set()
    for process in kept:
        if isinstance(process, subprocess.Popen):
            process.kill()
            process.wait()
        elif isinstance(process, socket.socket):
            process.close()
"""


@pytest.mark.timeout(180)
def test_a_test_that_leaves_something_behind_or_complains_fails(tmp_path: Path) -> None:
    impatient = (HERE / "conftest.py").read_text().replace("SECONDS = 10.0", "SECONDS = 0.3")
    (tmp_path / "conftest.py").write_text(impatient)
    (tmp_path / "test_made_up.py").write_text(TESTS)

    settings = str(HERE.parent / "pyproject.toml")
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "--rootdir", ".", "-c", settings, "test_made_up.py"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    ).stdout

    blamed = dict(re.findall(r"^(?:ERROR|FAILED) test_made_up.py::test_(\w+) - (.*)$", said, re.M))
    assert blamed.keys() == {
        "leaves_a_task",
        "leaves_a_socket",
        "leaves_a_thread",
        "leaves_a_process",
        "warns",
        "errs",
        "deprecated",
    }
    assert "11 passed" in said
    assert "tasks left running" in blamed["leaves_a_task"]
    assert "sockets left open" in blamed["leaves_a_socket"]
    assert "threads left open" in blamed["leaves_a_thread"]
    assert "processes left open" in blamed["leaves_a_process"]
    assert "logged: twocan.phone" in blamed["warns"]
