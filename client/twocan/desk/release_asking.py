"""Asking a domain what the newest version of the program is. Nothing is said of who asks."""

import logging
import ssl

from twocan.desk.asking import AskError, ask
from twocan.desk.downloading import FIELDS, UpdateError, failure
from twocan.desk.state import Finding
from twocan.releases import WHERE, NotSigned, Release, ReleaseError, opened
from twocan.urls import Url

log = logging.getLogger(__name__)

OK, TOO_MANY, OWN_FAULT = 200, 429, 500


def well_known(domain: str) -> Url:
    """Where a domain tells of releases. Raises ``ValueError``: nothing can be asked there."""
    return Url(f"https://{domain.removesuffix('.').encode('idna').decode()}{WHERE}")


async def document_at(url: Url, *, within: float, trust: ssl.SSLContext | None) -> bytes | None:
    """What is said there, or None: nothing about releases. Raises ``UpdateError`` if nobody is
    there who could say it. ``within``, ``trust``: see ``asking.ask``."""
    fields = {**FIELDS, "Accept": "application/json"}
    try:
        status, content = await ask(url, fields, within=within, trust=trust)
    except AskError as error:
        raise failure(error) from None
    log.info("%s was asked for releases: %d", url.site, status)
    if status >= OWN_FAULT or status == TOO_MANY:
        raise UpdateError(Finding.SILENT)
    return content if status == OK else None


def release_in(document: bytes | None, key: bytes) -> Release:
    """The release that it tells of. Raises ``UpdateError``."""
    if document is None:
        raise UpdateError(Finding.NO_RELEASES)
    try:
        return opened(document, key)
    except NotSigned:
        raise UpdateError(Finding.NOT_SIGNED) from None
    except ReleaseError as error:
        log.info("what is said of releases cannot be used: %s", error)
        raise UpdateError(Finding.BAD_ANSWER) from None
