"""Signalling over XMPP, through slixmpp: ``sign_in`` gives a ``Signalling``."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast


@contextmanager
def _left_out(name: str) -> Iterator[None]:
    """Have nobody find the module of this name meanwhile."""
    there = sys.modules.get(name)
    sys.modules[name] = cast("ModuleType", None)
    try:
        yield
    finally:
        del sys.modules[name]
        if there is not None:
            sys.modules[name] = there


# The download has slixmpp's Python for addresses, which complains that Rust would be faster.
logging.getLogger("slixmpp.stringprep").setLevel(logging.ERROR)

# Where there is pygments, slixmpp loads it to colour what it logs at a level that we never let it
# reach: 2 MB, and as long as all the rest of it takes.
with _left_out("pygments"):
    from twocan.xmpp.client import XmppSignalling, sign_in
    from twocan.xmpp.hindrance import Hindrance, SignInError

__all__ = ["Hindrance", "SignInError", "XmppSignalling", "sign_in"]
