"""Why somebody could not sign in."""

from enum import StrEnum


class Hindrance(StrEnum):
    """What kept somebody from signing in."""

    UNREACHABLE = "unreachable"
    """The supernode, or the network: it may be there again in a moment."""
    UNTRUSTED = "untrusted"
    """Whoever answered could not prove to be the supernode."""
    REFUSED = "refused"
    """The supernode does not take the secret, or does not know the site."""
    EXPIRED = "expired"


class SignInError(Exception):
    """Signing in failed: one line, what is wrong and what to do."""

    def __init__(self, words: str, hindrance: Hindrance = Hindrance.UNREACHABLE) -> None:
        super().__init__(words)
        self.hindrance = hindrance
