"""The recipe that unpacks Debian's packages, as far as it can be tried without any."""

import subprocess
from pathlib import Path

RECIPE = Path(__file__).parents[1] / "build/unpack"


def unpack(destination: Path, path: Path) -> tuple[int, str]:
    """Exit code and standard error, with ``path`` as the only folder of programs."""
    ended = subprocess.run(
        ["/bin/sh", str(RECIPE), str(destination), "ejabberd", "ejabberd-mod-isolation"],
        env={"PATH": str(path)},
        check=False,
        capture_output=True,
        text=True,
    )
    return ended.returncode, ended.stderr


def program(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    destination = tmp_path / "ejabberd"
    destination.mkdir()
    assert unpack(destination, tmp_path) == (0, "")
    assert list(tmp_path.iterdir()) == [destination]


def test_without_apt_it_says_what_to_install(tmp_path: Path) -> None:
    code, said = unpack(tmp_path / "ejabberd", tmp_path)
    assert code == 1
    assert said == (
        "unpack: this recipe needs apt, and apt-cache is not here; install ejabberd "
        "ejabberd-mod-isolation in your system's own way instead\n"
    )


def test_without_lists_it_says_how_to_get_them(tmp_path: Path) -> None:
    for name in ("apt-cache", "apt-get", "dpkg", "dpkg-query"):
        program(tmp_path, name, "exit 100")
    code, said = unpack(tmp_path / "ejabberd", tmp_path)
    assert code == 1
    assert said == (
        "unpack: apt does not know all of ejabberd ejabberd-mod-isolation: run "
        "'apt-get update' as root, then again\n"
    )
    assert not (tmp_path / "ejabberd").exists()
