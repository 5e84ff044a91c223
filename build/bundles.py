"""What Windows and macOS are told of the program, as data: its version resource and Info.plist."""

from pathlib import Path
from typing import Any

from twocan import versions

NAME = "Twocan"
IDENTIFIER = "twocan.phone"
"""What macOS knows the program by, and keeps its permissions under: it never changes."""
SCHEME = "twocan"
OLDEST_MACOS = "14.0"
"""That of the newest of what is inside: FFmpeg in PyAV's wheel."""
LANGUAGES = ("en", "de", "es", "ar", "zh-Hans")

_DESCRIPTION = "Call people on the sites you use"
_COPYRIGHT = "Apache License 2.0"
_AMERICAN_ENGLISH, _UTF_16 = 0x0409, 1200
_NUMBERS = 4
_MOST = 0xFFFF


def version_numbers(version: str) -> tuple[int, ...]:
    """The four numbers of a version of Windows's. Raises ValueError: it has no such."""
    numbers = versions.numbers(version)
    if any(number > _MOST for number in numbers):
        raise ValueError(f"Windows has no version {version}: its numbers end at {_MOST}")
    return (*numbers, *[0] * (_NUMBERS - len(numbers)))


def version_resource(version: str, file: str = "twocan.exe") -> str:
    """What the properties of ``file`` show, as PyInstaller reads it (VERSIONINFO resource)."""
    numbers = version_numbers(version)
    said = {
        "CompanyName": NAME,
        "FileDescription": NAME,  # what the list of tasks and Windows' questions call it
        "FileVersion": version,
        "InternalName": "twocan",
        "LegalCopyright": _COPYRIGHT,
        "OriginalFilename": file,
        "ProductName": NAME,
        "ProductVersion": version,
        "Comments": _DESCRIPTION,
    }
    strings = ", ".join(f"StringStruct({name!r}, {value!r})" for name, value in said.items())
    table = f"{_AMERICAN_ENGLISH:04X}{_UTF_16:04X}"
    # mask: which flags mean something. OS: NT with 32 bits and more. fileType: a program.
    return f"""VSVersionInfo(
    ffi=FixedFileInfo(
        filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0, OS=0x40004, fileType=1,
        subtype=0, date=(0, 0)
    ),
    kids=[
        StringFileInfo([StringTable({table!r}, [{strings}])]),
        VarFileInfo([VarStruct('Translation', [{_AMERICAN_ENGLISH}, {_UTF_16}])]),
    ],
)
"""


def version_file(folder: str | Path, version: str, file: str = "twocan.exe") -> str:
    """A file in ``folder`` with the version resource, for PyInstaller's EXE."""
    path = Path(folder, f"{file}.version.txt")
    path.write_text(version_resource(version, file), encoding="utf-8")
    return str(path)


def info_plist(version: str) -> dict[str, Any]:
    """What macOS is told of the bundle (Information Property List Key Reference). What PyInstaller
    says by itself, as the program's file, is not in it."""
    versions.numbers(version)
    return {
        "CFBundleName": NAME,
        "CFBundleDisplayName": NAME,
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleVersion": version,
        "CFBundleShortVersionString": version,
        "CFBundlePackageType": "APPL",
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": list(LANGUAGES),
        "CFBundleURLTypes": [
            {
                "CFBundleURLName": f"{IDENTIFIER}.link",
                "CFBundleURLSchemes": [SCHEME],
                "CFBundleTypeRole": "Viewer",
            }
        ],
        "LSMinimumSystemVersion": OLDEST_MACOS,
        "LSApplicationCategoryType": "public.app-category.social-networking",
        # A link that is clicked reaches the phone that runs, as an event.
        "LSMultipleInstancesProhibited": True,
        "NSPrincipalClass": "NSApplication",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,  # it can be dark
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSHumanReadableCopyright": _COPYRIGHT,
        # Without these words macOS ends a program that asks for the device.
        "NSMicrophoneUsageDescription": "The person you call hears you.",
        "NSCameraUsageDescription": "The person you call sees you, when you show yourself.",
        "NSLocalNetworkUsageDescription": (
            "Calls go straight to the other person, who may be in the same network as you."
        ),
    }
