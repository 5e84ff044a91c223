"""A site's settings: from where its pages come, what it is told about calls, how much it may ask.

They are in ``settings.json`` in the site's folder, for its owner's eyes only. Without the file a
site has no page, no webhook and the usual limits. ::

    {"origins": ["https://site.example"],
     "webhook": {"url": "https://site.example/calls", "secret": "whsec_…", "before": "whsec_…"},
     "limits": {"launches": {"count": 30, "seconds": 60, "burst": 10}, "tokens": {…}}}
"""

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from twocan_supernode import accounts
from twocan_supernode.errors import SupernodeError
from twocan_supernode.site import limits
from twocan_supernode.site.limits import Rate
from twocan_supernode.site.strict_json import JsonError, read_object
from twocan_supernode.state import write_private

FILE = "settings.json"
MAX_URL = 2048
MAX_ORIGINS = 50
"""They are in a header of every page."""

_RATE = {"count", "seconds", "burst"}
_SECRET_PREFIX = "whsec_"  # noqa: S105 - what a secret begins with
_SECRET_BYTES = 32
_USUAL_PORTS = {"http": 80, "https": 443}
_IN_A_URL = re.compile(r"[!-~]+")


class SettingsError(ValueError):
    """What is wrong with a setting, and what to do. It holds no secret."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the site is told about calls, and what proves that it was us who told.

    ``before`` is the secret that ``secret`` took the place of: what is sent is signed with both,
    so that the receiver can change over at a moment of its own.
    """

    url: str
    secret: str = field(repr=False)
    before: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_webhook_url(self.url)
        for secret in self.secrets:
            secret_bytes(secret)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Those to sign with."""
        return (self.secret,) if self.before is None else (self.secret, self.before)


@dataclass(frozen=True, slots=True)
class Limits:
    """How often each person may ask."""

    launches: Rate = limits.LAUNCHES
    tokens: Rate = limits.TOKENS


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """``origins`` are in the one way that browsers write them (RFC 6454 §6.2)."""

    origins: tuple[str, ...] = ()
    webhook: Webhook | None = None
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        if len(self.origins) > MAX_ORIGINS:
            raise SettingsError(f"a site has {MAX_ORIGINS} origins at most")
        if any(origin != normal_origin(origin) for origin in self.origins):
            raise SettingsError("origins: write them as browsers do, such as https://site.example")

    @staticmethod
    def load(folder: Path) -> "SiteSettings":
        """Those of the site with that folder. Raises SupernodeError, and OSError."""
        file = folder / FILE
        try:
            return _settings(read_object(file.read_bytes()))
        except FileNotFoundError:
            return SiteSettings()
        except JsonError as error:
            raise SupernodeError(
                f"{file} {error}: mend it, or delete it and make a new one by {_COMMAND}"
            ) from None
        except SettingsError as error:
            raise SupernodeError(f"{file}: {error}") from None

    def save(self, folder: Path) -> None:
        """Keeps them there, whole or not at all. Raises OSError."""
        text = json.dumps(self.as_dict(), indent=2)
        write_private(folder / FILE, f"{text}\n".encode())

    def as_dict(self) -> dict[str, object]:
        """As in the file, secrets included."""
        said: dict[str, object] = {"origins": list(self.origins), "limits": asdict(self.limits)}
        if self.webhook is not None:
            kept = asdict(self.webhook)
            said["webhook"] = {name: value for name, value in kept.items() if value is not None}
        return said


_COMMAND = "twocan-supernode site-settings"


def new_secret() -> str:
    """What webhooks are signed with, as Standard Webhooks writes it."""
    return _SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def secret_bytes(secret: str) -> bytes:
    """The 24 to 64 bytes that such a secret stands for. Raises SettingsError."""
    prefix, _, encoded = secret.partition("_")
    try:
        content = base64.b64decode(encoded, validate=True)
    except ValueError:
        content = b""
    if f"{prefix}_" != _SECRET_PREFIX or not 24 <= len(content) <= 64:
        raise SettingsError(
            "webhook.secret is not whsec_ and 24 to 64 bytes in base64: make one by "
            f"{_COMMAND} --new-webhook-secret"
        )
    return content


def normal_origin(text: str) -> str:
    """The origin as browsers write it. Raises SettingsError for what is none, or not safe."""
    split = _split(text, "origin")
    if split.path not in ("", "/") or split.query or split.fragment:
        raise SettingsError("the origin has more than scheme, host and port: https://site.example")
    address = _address(str(split.hostname))
    host = str(split.hostname if address is None else address)
    port = split.port or _USUAL_PORTS[split.scheme]
    shown = f"[{host}]" if ":" in host else host
    ending = "" if port == _USUAL_PORTS[split.scheme] else f":{port}"
    return f"{split.scheme}://{shown}{ending}"


def check_webhook_url(text: str) -> None:
    """Raises SettingsError where no webhook may be sent to."""
    if _split(text, "webhook's URL").fragment:
        raise SettingsError("the webhook's URL has a fragment (#…), which nobody is sent")


def _split(text: str, what: str) -> SplitResult:
    """The parts of an https URL without credentials; http at this machine only.

    What is wrong is told without the URL: there may be a password in it, or a key in its query.
    """
    if len(text) > MAX_URL or not _IN_A_URL.fullmatch(text):
        raise SettingsError(f"the {what} is not 1 to {MAX_URL} characters of ASCII without spaces")
    try:
        split = urlsplit(text)
        host, port = split.hostname, split.port
    except ValueError:
        raise SettingsError(f"the {what} is no URL") from None
    if "@" in split.netloc:
        raise SettingsError(f"the {what} holds credentials; its host and path are enough")
    if not host or not _is_host(host) or port == 0 or split.netloc.endswith(":"):
        raise SettingsError(f"the {what} names no host in the way of https://site.example")
    if split.scheme not in _USUAL_PORTS or (split.scheme == "http" and not _is_loopback(host)):
        raise SettingsError(f"the {what} is not https (http is for this machine only)")
    return split


def _is_host(host: str) -> bool:
    if "%" in host:  # a zone (RFC 6874) is this machine's word for one of its networks
        return False
    return accounts.is_site_name(host) or _address(host) is not None


def _is_loopback(host: str) -> bool:
    address = _address(host)
    named = host == "localhost" or host.endswith(".localhost")  # RFC 6761 §6.3
    return named if address is None else address.is_loopback


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


# --- from JSON: each reader raises SettingsError and says which field is wrong


def _settings(found: dict[str, object]) -> SiteSettings:
    _refuse_others(found, "", {"origins", "webhook", "limits"})
    origins = found.get("origins", [])
    if not isinstance(origins, list) or not all(isinstance(each, str) for each in origins):
        raise SettingsError("origins is no list of texts")
    webhook, limited = found.get("webhook"), found.get("limits", {})
    return SiteSettings(
        # Each once, in their order.
        tuple(dict.fromkeys(map(normal_origin, origins))),
        None if webhook is None else _webhook(_object(webhook, "webhook")),
        _limits(_object(limited, "limits")),
    )


def _webhook(found: dict[str, object]) -> Webhook:
    _refuse_others(found, "webhook.", {"url", "secret", "before"})
    url, secret, before = found.get("url"), found.get("secret"), found.get("before")
    if not isinstance(url, str) or not isinstance(secret, str):
        raise SettingsError("webhook has no url and secret that are texts")
    if before is not None and not isinstance(before, str):
        raise SettingsError("webhook.before is no text")
    return Webhook(url, secret, before)


def _limits(found: dict[str, object]) -> Limits:
    _refuse_others(found, "limits.", {"launches", "tokens"})
    rates = {name: _rate(name, _object(rate, f"limits.{name}")) for name, rate in found.items()}
    return Limits(**rates)


def _rate(name: str, found: dict[str, object]) -> Rate:
    _refuse_others(found, f"limits.{name}.", _RATE)
    numbers = {part: _whole(f"limits.{name}.{part}", found.get(part)) for part in _RATE}
    try:
        return Rate(**numbers)
    except ValueError as error:
        raise SettingsError(f"limits.{name}: {error}") from None


def _whole(where: str, found: object) -> int:
    if isinstance(found, bool) or not isinstance(found, int):
        raise SettingsError(f"{where} is no whole number")
    return found


def _object(found: object, where: str) -> dict[str, object]:
    if not isinstance(found, dict):
        raise SettingsError(f"{where} is no JSON object")
    return found


def _refuse_others(found: Mapping[str, object], where: str, known: set[str]) -> None:
    if others := sorted(set(found) - known):
        names = ", ".join(f"{where}{name}" for name in others)
        raise SettingsError(f"{names}: there is no such setting")
