"""Whose certificates are believed where nobody named any, on systems of several kinds."""

import ssl
from pathlib import Path

import pytest

from twocan.trust import USUAL, bundle_for, by_the_system
from twocan_supernode.certificates import Authority


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """What a system of another kind has: its authorities, in one file."""
    file = tmp_path / "ca-bundle.crt"
    file.write_bytes(Authority.new().certificate_pem())
    return file


def known(cafile: str = "", capath: str = "") -> ssl.DefaultVerifyPaths:
    return ssl.DefaultVerifyPaths(cafile, capath, "", "", "", "")


def test_where_openssl_knows_of_authorities_no_other_file_is_read(bundle: Path) -> None:
    assert bundle_for(known(cafile="/usr/lib/ssl/cert.pem"), [str(bundle)]) is None
    assert bundle_for(known(capath="/usr/lib/ssl/certs"), [str(bundle)]) is None


def test_where_it_knows_of_none_it_is_the_first_that_is_there(bundle: Path) -> None:
    places = [str(bundle.with_name("absent.pem")), str(bundle.parent), str(bundle)]
    assert bundle_for(known(), [*places, *USUAL]) == str(bundle)
    assert bundle_for(known(), places[:2]) is None


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A system without the folders that OpenSSL was made for."""
    for name, place in (("SSL_CERT_FILE", "cert.pem"), ("SSL_CERT_DIR", "certs")):
        monkeypatch.setenv(name, str(tmp_path / "ssl" / place))


@pytest.mark.usefixtures("elsewhere")
def test_who_is_in_that_file_is_believed(bundle: Path) -> None:
    context = by_the_system([str(bundle)])

    assert len(context.get_ca_certs()) == 1
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.usefixtures("elsewhere")
def test_where_no_system_keeps_any_nobody_is_believed(bundle: Path) -> None:
    assert by_the_system([str(bundle.with_name("absent.pem"))]).get_ca_certs() == []
