"""Signalling over XMPP, through slixmpp: ``sign_in`` gives a ``Signalling``."""

from twocan.xmpp.client import XmppSignalling, sign_in
from twocan.xmpp.stream import SignInError

__all__ = ["SignInError", "XmppSignalling", "sign_in"]
