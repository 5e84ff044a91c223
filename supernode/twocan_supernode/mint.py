"""The account file of a person of a site: what a phone needs to sign in as them."""

from datetime import UTC, datetime, timedelta

from twocan_supernode import accounts
from twocan_supernode.errors import SupernodeError
from twocan_supernode.state import State


def account_file(state: State, site_name: str, person: str, valid: timedelta) -> dict[str, object]:
    """Address, token, host, port, time of expiry, and ca if systems do not know who made the node's
    certificate. Nothing is stored.

    Raises SupernodeError when there is no such site, or no node ran yet that could say where it is.
    """
    site = state.site(site_name)
    node = state.node()
    if not node:
        raise SupernodeError(
            f"no node ran in {state.folder} yet: run one first, for its host and port"
        )
    address = accounts.address_of(site.secret(), person, site.name)
    account = accounts.sign_in(site.key(), address, datetime.now(UTC), valid)
    ca = state.authority()
    return {
        "address": account.address,
        "token": account.token,
        "host": node.host,
        "port": node.ports.xmpps,
        **({"ca": str(ca)} if ca else {}),
        "expires": account.expires.isoformat(),
    }
