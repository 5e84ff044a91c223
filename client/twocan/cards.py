"""Cards: what a site says of who calls, signed with its key (a JWT, RFC 7519).

The caller's phone puts its own card into its proposal. The callee's believes it only if its own
site signed it, for this very caller, and it is not over; then its name is shown in place of an
address that is no word. A card may name a picture as well. That is not fetched: whoever calls would
learn the network address of everybody at whom it rings.
"""

import json
import logging

from twocan.initiation import LONGEST_CARD
from twocan.jws import JwsError, public_key, verified
from twocan.one_line import one_line

log = logging.getLogger(__name__)

KIND = "twocan-card+jwt"
LONGEST_NAME = 100


def name_on(card: str, sender: str, names_key: str | None, now: float) -> str | None:
    """What the site calls ``sender``, a bare address; None if it says nothing, or did not say it.

    ``names_key``: the public key of our own site, a JWK as JSON. ``now``: seconds since 1970.
    """
    try:
        name = _claims(card, sender, names_key, now).get("name")
    except JwsError as error:
        # Never what is in it: it may be anybody's word about anybody.
        log.info("the card of %s is not believed: it %s", sender, error)
        return None
    return one_line(name, LONGEST_NAME) if isinstance(name, str) else None


def _claims(card: str, sender: str, names_key: str | None, now: float) -> dict[str, object]:
    if names_key is None:
        raise JwsError("cannot be checked: our site gave no key for that")
    if len(card) > LONGEST_CARD:
        raise JwsError("is too long")
    claims = verified(card, _key(names_key), KIND)
    if claims.get("sub") != sender:
        raise JwsError("is of somebody else")
    expires = claims.get("exp")
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        raise JwsError("does not say until when it is good")
    if not now < expires:
        raise JwsError("is over")
    return claims


def _key(names_key: str) -> str:
    try:
        return public_key(json.loads(names_key))
    except (ValueError, RecursionError):
        raise JwsError("cannot be checked: our site's key is none") from None
