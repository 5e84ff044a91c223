"""A certificate of the operator's own, such as ACME gets, in place of one by the node's authority.

It is checked before ejabberd has it, since ejabberd would start without one that it does not like.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from twocan_supernode.errors import UsageError


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """Where it is: a chain in PEM with the server's own first, and the key to that one."""

    chain: Path
    key: Path

    def read(self, sites: Iterable[str], now: datetime) -> bytes:
        """Both as one PEM file. Raises UsageError for what no phone of ``sites`` would believe."""
        chain, key = self._chain(), self._key()
        first = chain[0]
        if first.public_key() != key.public_key():
            raise UsageError(
                f"{self.key} is not the key to the first certificate in {self.chain}: name the two "
                "that belong together"
            )
        self._check_dates(first, now)
        self._check_names(first, sites)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return b"".join(each.public_bytes(Encoding.PEM) for each in chain) + private

    def _chain(self) -> list[x509.Certificate]:
        try:
            return x509.load_pem_x509_certificates(_content(self.chain))
        except ValueError:
            raise UsageError(
                f"{self.chain} holds no certificates in PEM (-----BEGIN CERTIFICATE-----)"
            ) from None

    def _key(self) -> EllipticCurvePrivateKey | RSAPrivateKey:
        try:
            key = load_pem_private_key(_content(self.key), password=None)
        except TypeError:
            raise UsageError(f"{self.key} needs a password: give a key without one") from None
        except ValueError:
            raise UsageError(f"{self.key} holds no private key in PEM") from None
        if not isinstance(key, EllipticCurvePrivateKey | RSAPrivateKey):
            raise UsageError(f"{self.key} is neither an RSA nor an elliptic-curve key")
        return key

    def _check_dates(self, first: x509.Certificate, now: datetime) -> None:
        since, until = first.not_valid_before_utc, first.not_valid_after_utc
        if now < since:
            raise UsageError(f"{self.chain} is valid from {since:%Y-%m-%d %H:%M} UTC on, not yet")
        if now >= until:
            raise UsageError(f"{self.chain} was valid until {until:%Y-%m-%d %H:%M} UTC: renew it")

    def _check_names(self, first: x509.Certificate, sites: Iterable[str]) -> None:
        """Phones want the name of their site in it, wherever they connect to (RFC 6120 13.7)."""
        names = _names(first)
        if others := [site for site in sites if not any(_covers(name, site) for name in names)]:
            raise UsageError(
                f"{self.chain} is for {', '.join(names) or 'no name'}, and phones of "
                f"{', '.join(others)} would not believe it: its subject alternative names have to "
                "hold every site of the node"
            )


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return found.value.get_values_for_type(x509.DNSName)


def _covers(name: str, site: str) -> bool:
    """A wildcard stands for the whole of the first label, and for one (RFC 6125 6.4.3)."""
    name = name.lower()
    if name.startswith("*."):
        return site.partition(".")[2] == name[2:]
    return name == site
