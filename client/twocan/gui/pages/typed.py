"""What a person typed or pasted to say whom to call. Pure."""

from twocan.address import bare, check

_LINK = "twocan:"
_URI = "xmpp:"


def is_link(text: str) -> bool:
    """Whether it is a launch link of a site, which is followed and not called."""
    return text.strip()[: len(_LINK)].lower() == _LINK


def meant(text: str) -> str:
    """The bare address in what was typed: an address, or an ``xmpp:`` URI (RFC 5122).

    Raises ``ValueError``.
    """
    text = text.strip()
    if text[: len(_URI)].lower() == _URI:
        text = _of_uri(text[len(_URI) :])
    return bare(check(text))


def _of_uri(rest: str) -> str:
    from urllib.parse import unquote  # takes longer to load than all else here

    # RFC 5122 §2.2: an authority, "//me@site.example/", says whose account is to be used, and
    # what follows "?" or "#" what is to be done.
    path = rest.partition("#")[0].partition("?")[0]
    if path.startswith("//"):
        path = path[2:].partition("/")[2]
    return unquote(path, errors="strict")
