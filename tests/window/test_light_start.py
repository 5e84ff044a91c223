"""What is loaded when: nothing heavy before the window is painted, nothing of media before a call.

Each test is a start of the program of its own, which tells what was loaded at that moment.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# What takes its time to load, or its memory.
DESK = {"asyncio", "keyring", "slixmpp", "sqlite3", "ssl"}
PAGES = {"twocan.gui.around.around", "twocan.gui.parts", "twocan.gui.words"}
MEDIA = {"aiortc", "av", "cv2", "numpy", "sounddevice"}

PAINTED = """
import json, sys
from twocan.gui import app
from twocan.gui.opening import open_window

def begin(face):
    print(json.dumps(sorted(sys.modules)))
    face.quit()

app.Face._begin = begin
sys.exit(open_window([]))
"""

SHOWN = """
import json, sys
from twocan.gui import app
from twocan.gui.opening import open_window
from twocan.gui.window import Page

def changed(face, view):
    show(face, view)
    if face.window.page is Page.SIGN_IN and "twocan.gui.around.around" in sys.modules:
        print(json.dumps(sorted(sys.modules)))
        face.quit()

show, app.Face._changed = app.Face._changed, changed
sys.exit(open_window([]))
"""


def loaded(program: str, home: Path) -> set[str]:
    """The modules that were there when the program said so."""
    strange = {"TWOCAN_ACCOUNT", "XDG_CONFIG_HOME", "XDG_DATA_HOME"}
    kept = {name: value for name, value in os.environ.items() if name not in strange}
    own = {"HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    ended = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        env={"QT_QPA_PLATFORM": "offscreen"} | kept | own,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return set(json.loads(ended.stdout))


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return loaded(PAINTED, tmp_path_factory.mktemp("painted"))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return loaded(SHOWN, tmp_path_factory.mktemp("shown"))


def test_the_window_is_painted_by_qt_and_little_else(painted: set[str]) -> None:
    assert "twocan.gui.beginning" in painted
    assert painted & (DESK | PAGES | MEDIA) == set()


def test_a_phone_that_waits_has_nothing_of_media(shown: set[str]) -> None:
    assert {"asyncio", "twocan.desk.desk", "twocan.gui.pages.sign_in"} <= shown
    assert shown & MEDIA == set()
