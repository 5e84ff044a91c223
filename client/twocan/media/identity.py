"""The certificate that a call's media prove themselves with, made before aiortc is loaded.

What a phone says when it rings is bound to it (``verification``), and nothing else of the media is.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from twocan.messages import Fingerprint

HASH = "sha-256"

_BEFORE, _AFTER = timedelta(days=1), timedelta(days=30)
"""Nobody checks for how long it is good: the fingerprint is believed, and that once."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate that is signed by itself (RFC 8827 §6.5: ECDSA with P-256), and its key."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate

    @classmethod
    def new(cls) -> "Identity":
        """For one call."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, secrets.token_hex(16))])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _BEFORE)
            .not_valid_after(now + _AFTER)
            .sign(key, hashes.SHA256())
        )
        return cls(key, certificate)

    @property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """What is said of it: one SHA-256 hash (RFC 8122 §5)."""
        digest = self.certificate.fingerprint(hashes.SHA256())
        return (Fingerprint(HASH, digest.hex(":").upper()),)
