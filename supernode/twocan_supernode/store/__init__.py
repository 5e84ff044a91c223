"""A site's database: SQLite beside the node's other state, or PostgreSQL for several nodes."""

from twocan_supernode.store.facade import Store
from twocan_supernode.store.urls import url_of
from twocan_supernode.store.values import (
    Code,
    CodeError,
    Entry,
    Expired,
    Hook,
    Revocation,
    SiteKey,
    StoreAway,
    TooManyKeys,
    Unknown,
    Used,
)

__all__ = [
    "Code",
    "CodeError",
    "Entry",
    "Expired",
    "Hook",
    "Revocation",
    "SiteKey",
    "Store",
    "StoreAway",
    "TooManyKeys",
    "Unknown",
    "Used",
    "url_of",
]
