"""What several commands are told in the same way, and how it is read."""

import argparse
import re
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from twocan_supernode import accounts

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def add_state(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--state",
        type=Path,
        required=True,
        metavar="DIR",
        help="the node's folder: keys, database, log",
    )


def site(text: str) -> str:
    if not accounts.is_site_name(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no lower-case domain name")
    return text


def person(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("a person's ID is not empty")
    return text


def address(text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no IP address") from None


def duration(text: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,5})([smhd])", text)
    if not match or not int(match[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 90s, 30m, 1h or 7d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def port(text: str) -> int:
    if not text.isdecimal() or len(text) > 5 or int(text) > 0xFFFF:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)
