"""Signalling over XMPP, through slixmpp: ``sign_in`` gives a ``Signalling``."""

from twocan.xmpp.client import XmppSignalling, sign_in
from twocan.xmpp.stream import Hindrance, SignInError

__all__ = ["Hindrance", "SignInError", "XmppSignalling", "sign_in"]
