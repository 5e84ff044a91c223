"""Signing webhooks, and what a receiver does with the signature (Standard Webhooks 1.0.0). Pure.

Each request names its event in ``webhook-id``, which stays the same however often it is told, and
is signed with a secret that only the site and we have (https://www.standardwebhooks.com). Times are
milliseconds since 1970.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from twocan_supernode.site.settings import Webhook, secret_bytes
from twocan_supernode.site.strict_json import JsonError, read_object

TOLERANCE = 5 * 60_000
"""Milliseconds by which the sender's clock may be off the receiver's."""


class WebhookError(Exception):
    """Why what came is not to be believed. It holds nothing of it."""


def sign(webhook: Webhook, name: str, body: bytes, now: int) -> dict[str, str]:
    """The headers that go with ``body``, the event ``name``."""
    second = str(now // 1000)
    signatures = (_signature(secret, name, second, body) for secret in webhook.secrets)
    return {
        "webhook-id": name,
        "webhook-timestamp": second,
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: int) -> dict[str, object]:
    """The event that somebody with the site's ``secret`` sent just now; else raises WebhookError.

    ``body`` is as it came, byte for byte. The receiver ignores a ``webhook-id`` that it has seen.
    """
    said = {name.lower(): value for name, value in headers.items()}
    name, second = said.get("webhook-id", ""), said.get("webhook-timestamp", "")
    ours = _signature(secret, name, second, body).encode()
    signatures = said.get("webhook-signature", "").split()
    theirs = [each.removeprefix("v1,").encode() for each in signatures if each.startswith("v1,")]
    if not name or not any(hmac.compare_digest(ours, each) for each in theirs):
        raise WebhookError("it is not signed with this secret")
    # Only now is its time somebody's word.
    if not second.isdecimal() or abs(now - int(second) * 1000) > TOLERANCE:
        raise WebhookError("it is not of now: it was sent before, or a clock is wrong")
    try:
        return read_object(body)
    except JsonError as error:
        raise WebhookError(f"its body {error}") from None


def _signature(secret: str, name: str, second: str, body: bytes) -> str:
    content = f"{name}.{second}.".encode() + body
    return base64.b64encode(hmac.digest(secret_bytes(secret), content, hashlib.sha256)).decode()
