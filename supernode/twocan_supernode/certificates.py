"""The node's own certificate authority, and the one certificate of all its sites. Pure.

Clients trust the authority through the ``ca`` of their account file. The node's certificate is
made anew at each start, so that it always names the sites there are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_LASTS = timedelta(days=3650)
_CERTIFICATE_LASTS = timedelta(days=825)  # the longest that Apple's systems accept
_CLOCKS_DIFFER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority of one node."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey

    @classmethod
    def new(cls) -> Self:
        key = generate_private_key(SECP256R1())
        name = _name(f"Twocan supernode {x509.random_serial_number():x}"[:64])
        builder = (
            _builder(name, name, key, _AUTHORITY_LASTS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
        )
        return cls(builder.sign(key, SHA256()), key)

    @classmethod
    def load(cls, certificate: bytes, key: bytes) -> Self:
        """From the two PEM files that an authority is kept in."""
        private = load_pem_private_key(key, password=None)
        if not isinstance(private, EllipticCurvePrivateKey):
            raise TypeError("the authority's key is not an elliptic-curve key")
        return cls(x509.load_pem_x509_certificate(certificate), private)

    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def key_pem(self) -> bytes:
        return key_pem(self.key)

    def issue(
        self, names: list[str], addresses: list[IPv4Address | IPv6Address], *, peer: bool = False
    ) -> bytes:
        """A server's certificate for all of these, and its new key, as one PEM file.

        A ``peer`` shows it as a client, too.
        """
        key = generate_private_key(SECP256R1())
        subject = x509.SubjectAlternativeName(
            [*map(x509.DNSName, names), *map(x509.IPAddress, addresses)]
        )
        purposes = [ExtendedKeyUsageOID.SERVER_AUTH]
        if peer:
            purposes.append(ExtendedKeyUsageOID.CLIENT_AUTH)
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        certificate = (
            _builder(_name("Twocan supernode"), self.certificate.subject, key, _CERTIFICATE_LASTS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
            .add_extension(subject, critical=False)
            .add_extension(issuer_key, critical=False)
            .sign(self.key, SHA256())
        )
        return certificate.public_bytes(Encoding.PEM) + key_pem(key)


def is_by(certificate: bytes, authority: bytes) -> bool:
    """Whether that authority issued the first of the certificates; both are PEM files."""
    try:
        first = x509.load_pem_x509_certificate(certificate)
        return first.issuer == x509.load_pem_x509_certificate(authority).subject
    except ValueError:  # what is none is by nobody
        return False


def key_pem(key: EllipticCurvePrivateKey) -> bytes:
    """A private key as an unencrypted PEM file (PKCS#8)."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + lasts)
        .add_extension(identifier, critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
