"""Which cameras there are, what they are called, and which is meant; and why one is closed."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import cv2
import pytest

from twocan.media.pictures.cameras import CameraDevice, Cameras
from twocan.media.pictures.cameras.feeds import open_system_camera
from twocan.media.pictures.cameras.listing import choose, listed_cameras, meant, v4l_cameras
from twocan.media.pictures.cameras.permission import why_closed
from twocan.media.pictures.picture import PictureError

# --- listing ---------------------------------------------------------------------------------


class Sys:
    """A ``/sys/class/video4linux``, whose nodes in ``/dev`` cannot be asked anything."""

    def __init__(self, root: Path) -> None:
        self.folder, self.nodes, self.plugs = root / "class", root / "dev", root / "devices"
        for folder in (self.folder, self.nodes, self.plugs):
            folder.mkdir()

    def node(self, number: int, name: str, index: int = 0, plug: str = "1-1") -> None:
        entry = self.folder / f"video{number}"
        entry.mkdir()
        (entry / "name").write_text(name + "\n")
        (entry / "index").write_text(f"{index}\n")
        (self.plugs / plug).mkdir(exist_ok=True)
        (entry / "device").symlink_to(self.plugs / plug)

    def list(self) -> list[tuple[str, int]]:
        return [(device.name, device.index) for device in v4l_cameras(self.folder, self.nodes)]


@pytest.fixture
def system(tmp_path: Path) -> Sys:
    return Sys(tmp_path)


def test_cameras_have_their_own_names_and_the_order_of_their_numbers(system: Sys) -> None:
    system.node(10, "Door", plug="2-1")
    system.node(2, "HD Pro Webcam C920")
    (system.folder / "vbi0").mkdir()

    assert system.list() == [("HD Pro Webcam C920", 2), ("Door", 10)]


def test_the_node_of_a_camera_that_has_only_metadata_is_no_camera(system: Sys) -> None:
    system.node(0, "Desk", index=0)
    system.node(1, "Desk", index=1)

    assert system.list() == [("Desk", 0)]


def test_a_node_that_says_it_cannot_capture_is_no_camera(
    system: Sys, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture, metadata, decoder, told = 0x1, 0x00800000, 0x4000, 0x80000000
    answers = {
        "video0": (told | capture | metadata, metadata),
        "video1": (told | capture | metadata, capture),
        "video2": (told | decoder, decoder),
        "video3": (told | 0x1000, 0x1000),
        "video4": (capture, 0),
    }
    for number, node in enumerate(answers):
        system.node(number, node, index=1, plug=node)
        (system.nodes / node).touch()

    def ioctl(node: Any, request: int, answer: Any) -> int:
        assert request == 0x80685600
        answer.capabilities, answer.device_caps = answers[Path(node.name).name]
        return 0

    monkeypatch.setattr("fcntl.ioctl", ioctl)

    assert system.list() == [("video1", 1), ("video3", 3), ("video4", 4)]


def test_two_of_one_make_keep_their_names_while_they_keep_their_plugs(system: Sys) -> None:
    system.node(0, "Webcam", plug="1-1")
    system.node(2, "Webcam", plug="1-2")
    assert system.list() == [("Webcam", 0), ("Webcam (2)", 2)]

    (system.folder / "video0").rename(system.folder / "video4")

    assert system.list() == [("Webcam (2)", 2), ("Webcam", 4)]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Integrated Camera: Integrated C", "Integrated Camera"),
        ("HD Webcam: HD Webcam", "HD Webcam"),
        ("OBS: Virtual", "OBS: Virtual"),
        ("  two\nlines ", "two lines"),
        ("", "video0"),
    ],
)
def test_a_name_is_tidied(system: Sys, given: str, shown: str) -> None:
    system.node(0, given)
    assert system.list() == [(shown, 0)]


def test_a_computer_without_video4linux_has_no_cameras(tmp_path: Path) -> None:
    assert v4l_cameras(tmp_path / "none", tmp_path) == ()


def test_elsewhere_a_library_lists_them(monkeypatch: pytest.MonkeyPatch) -> None:
    library = ModuleType("cv2_enumerate_cameras")
    asked = []

    def enumerate_cameras(backend: int) -> list[SimpleNamespace]:
        asked.append(backend)
        return [
            SimpleNamespace(name="Surface Front", path="usb#1", index=0),
            SimpleNamespace(name="Surface Front", path=None, index=1),
        ]

    vars(library)["enumerate_cameras"] = enumerate_cameras
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", library)
    monkeypatch.setattr(sys, "platform", "win32")

    assert listed_cameras() == (
        CameraDevice("Surface Front", "usb#1", 0),
        CameraDevice("Surface Front (2)", "1", 1),
    )
    assert asked == [cv2.CAP_MSMF]


def test_without_that_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    with pytest.raises(PictureError, match=r"install twocan\[camera\]"):
        listed_cameras()


DESK, DOOR = CameraDevice("Desk cam", "/dev/video0", 0), CameraDevice("Door cam", "/dev/video2", 2)


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("default", "default"),
        ("Desk cam", "Desk cam"),
        ("door", "Door cam"),
        ("/dev/video2", "Door cam"),
    ],
)
def test_a_camera_is_chosen_by_name(name: str, full: str) -> None:
    assert choose(name, [DESK, DOOR]) == full


@pytest.mark.parametrize(
    ("name", "devices", "words"),
    [
        ("lap", [DESK, DOOR], "no camera 'lap': give default, or one of 'Desk cam', 'Door cam'"),
        ("cam", [DESK, DOOR], "could be several cameras: give more of 'Desk cam', 'Door cam'"),
        ("lap", [], "there is no camera 'lap', nor any other: plug one in"),
    ],
)
def test_a_name_that_nobody_has_is_answered_with_those_that_there_are(
    name: str, devices: list[CameraDevice], words: str
) -> None:
    with pytest.raises(PictureError, match=words):
        Cameras(lambda: tuple(devices)).open(name)


def test_default_is_the_first_camera() -> None:
    assert meant("default", [DESK, DOOR]) is DESK
    assert meant("default", []) is None
    assert meant("Door cam", [DESK]) is None


# --- the system's own ------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_a_camera_that_is_gone_is_said_to_be_so_and_opencv_is_silent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    gone = CameraDevice("Desk", str(tmp_path / "video63"), 63)
    with pytest.raises(PictureError, match="Desk is unplugged"):
        open_system_camera(gone)
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_why_a_camera_does_not_open_on_linux(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "video0"
    there.touch()
    device = CameraDevice("Desk", str(there), 0)
    assert why_closed(device, opened=False) is None
    # It opens for us, and not for pictures: somebody else has those.
    assert why_closed(device, opened=True) is None

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    assert "add it to the group 'video'" in str(why_closed(device, opened=True))


def test_windows_and_macos_say_where_to_allow_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    video = SimpleNamespace(status=0, asked=0)

    def ask(_kind: object, _then: object) -> None:
        video.asked += 1

    foundation = SimpleNamespace(
        AVMediaTypeVideo="vide",
        AVCaptureDevice=SimpleNamespace(
            authorizationStatusForMediaType_=lambda _kind: video.status,
            requestAccessForMediaType_completionHandler_=ask,
        ),
    )
    monkeypatch.setitem(sys.modules, "AVFoundation", foundation)
    assert "macOS asks whether" in str(why_closed(DESK, opened=False))
    why_closed(DESK, opened=False)
    assert video.asked == 1
    video.status = 2
    assert "System Settings" in str(why_closed(DESK, opened=False))
    video.status = 3
    assert why_closed(DESK, opened=False) is None
