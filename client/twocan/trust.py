"""Whose certificates are believed where nobody named any: those of the system's authorities.

Python asks its OpenSSL where they are, which says where they were on the machine that it was made
for. The download brings an OpenSSL made for Debian; other systems have one file of them elsewhere.
"""

import ssl
from collections.abc import Iterable
from pathlib import Path

USUAL = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch, Gentoo, NixOS
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora and its kin
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # the same since Fedora 43
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS
)
"""Where systems keep the certificates of all authorities that they trust, in one file."""


def by_the_system(usual: Iterable[str] = USUAL) -> ssl.SSLContext:
    """A client's context that believes those whom the system believes."""
    context = ssl.create_default_context()
    if bundle := bundle_for(ssl.get_default_verify_paths(), usual):
        context.load_verify_locations(bundle)
    return context


def bundle_for(known: ssl.DefaultVerifyPaths, usual: Iterable[str] = USUAL) -> str | None:
    """The file to read beside what OpenSSL knows: none where that is there."""
    if known.cafile or known.capath:
        return None
    return next((path for path in usual if Path(path).is_file()), None)
