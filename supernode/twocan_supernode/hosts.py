"""Whether a host is this very machine, by how it is written. Nothing is looked up. Pure."""

from ipaddress import ip_address


def is_this_machine(host: str) -> bool:
    """``localhost``, or an address of loopback (RFC 6890)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def in_url(host: str) -> str:
    """As a URL has it (RFC 3986 3.2.2): an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host
