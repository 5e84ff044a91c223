"""What a person has chosen, as a value."""

from dataclasses import dataclass

DEFAULT = "default"
"""Of a device: the one that the system has as its default."""
NO_CAMERA = "none"

LANGUAGES = ("en", "de", "es", "zh_CN", "ar")
"""Those that the window speaks."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that lasts from one start to the next, but for accounts and history."""

    microphone: str = DEFAULT
    speaker: str = DEFAULT
    ringer: str = DEFAULT
    camera: str = DEFAULT
    """Names of devices, or of what stands for one; see ``media.ends`` and
    ``media.pictures.sources``."""
    echo: bool = True
    noise: bool = True
    gain: bool = True
    """What is done to the sound of the microphone."""
    ring_volume: float = 0.8
    """From 0, silent, to 1."""
    language: str | None = None
    """One of ``LANGUAGES``; None goes by the system's."""
    do_not_disturb: bool = False
    trusted_sites: tuple[str, ...] = ()
    """Hosts whose links may call without asking."""
    account: str | None = None
    """The address that is signed in, of those that are kept."""
    told_of_closing: bool = False
    """Whether the person knows that a closed window leaves the phone reachable."""
    updates: bool = True
    """Whether new versions of the program are looked for."""
