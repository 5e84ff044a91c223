"""One account's stream to its supernode: sign in, stay in, come back.

slixmpp does the stream. Here is what it leaves to its user: why a sign-in failed, in words; a
sign-in with fewer round trips; and coming back after the network or the supernode was away,
to the same full address and, by XEP-0198, to the same session.
"""

import asyncio
import contextlib
import os
import secrets
import ssl
import time
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from slixmpp import ClientXMPP
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from twocan.account import Account
from twocan.signalling import Reach
from twocan.trust import by_the_system
from twocan.xmpp.capabilities import PING
from twocan.xmpp.hindrance import Hindrance, SignInError
from twocan.xmpp.returning import RETRIES_AT_MOST_EVERY, Renew, Returning

SIGNS_IN_WITHIN = 15.0
LOOKS_EVERY = 60.0
"""Seconds between two looks whether the supernode still answers: a machine that slept, or
changed its network, would not ring and not know it."""
ANSWERS_WITHIN = 10.0
RETURNS_WITHIN = 1.0
"""Seconds until a phone whose connection broke connects anew."""

_NO_ADMITTANCE = "not-allowed"
"""What a supernode says to whose token is good and was made before the site deleted them (RFC 6120
§7.6.2.2)."""
_SASL = "urn:ietf:params:xml:ns:xmpp-sasl"


class Stream(ClientXMPP):
    """A ``ClientXMPP`` that signs in once, says why if it cannot, and then stays.

    ``on_session`` is called for every new session and ``on_reach`` when the supernode went or
    came.
    """

    def __init__(
        self,
        account: Account,
        context: ssl.SSLContext,
        on_session: Callable[[], None],
        on_reach: Callable[[Reach], None],
    ) -> None:
        super().__init__(
            # Ours to choose, and kept: the far side of a call finds us again after a break.
            f"{account.address}/twocan.{secrets.token_hex(4)}",
            account.secret,
            sasl_mech="PLAIN" if account.is_token else None,
            ssl_context=context,
        )
        self._account = account
        self._on_session, self._on_reach = on_session, on_reach
        self._entered: asyncio.Future[None] | None = None
        self._problem: Exception | str | None = None
        self._leaving = False
        self._retries = 0
        self._authenticating = False
        self._early_bind: asyncio.Future[Any] | None = None
        self._negotiating: asyncio.Task[Any] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._returning = Returning(self._connect, self._thrown_out)
        self.enable_plaintext = False
        self.auto_authorize = None
        self.register_plugin("xep_0198")
        self._hurry()
        handlers: dict[str, Callable[[Any], None]] = {
            "connection_failed": self._connection_failed,
            "reconnect_delay": self._retry,
            "failed_all_auth": self._turned_away,
            "ssl_invalid_chain": self._give_up,
            "stream_error": self._stream_error,
            "session_start": self._new_session,
            "session_resumed": self._old_session,
            "disconnected": self._went,
        }
        for name, handler in handlers.items():
            self.add_event_handler(name, handler)

    async def enter(self, within: float) -> None:
        """Sign in, within so many seconds. Raises ``SignInError``."""
        expires = self._account.expires
        if expires is not None and expires <= time.time():
            raise SignInError(
                f"the token of {self._account.address} has expired; get a new account file",
                Hindrance.EXPIRED,
            )
        self._entered = asyncio.get_running_loop().create_future()
        self._connect()
        try:
            async with asyncio.timeout(within):
                await self._entered
        except TimeoutError:
            await self.leave()
            raise SignInError(f"{self._where()} does not answer; check the network") from None
        except BaseException:
            await self.leave()
            raise

    def renew_by(self, renew: Renew) -> None:
        """Ask it for the account before coming back: a token does not last as long as a stay."""
        self._returning.renew_by(renew)

    async def leave(self) -> None:
        """Sign out, and leave nothing running."""
        self._leaving = True
        if self._looking is not None:
            self._looking.cancel()
        await self._returning.end()
        self.cancel_connection_attempt()
        if self.is_connected():
            with contextlib.suppress(Exception):
                await self.disconnect(wait=1.0)
        self.abort()
        # slixmpp leaves this to its finaliser, which a running loop may outlive.
        if self._run_out_filters is not None:
            self._run_out_filters.cancel()
            await asyncio.gather(self._run_out_filters, return_exceptions=True)

    def abort(self) -> None:
        # slixmpp closes and aborts. A TLS transport that is closed twice loses its protocol, and
        # aborting it is an AttributeError then (Python 3.11.2, Debian 12's).
        if self.transport is not None and not self.transport.is_closing():
            super().abort()

    # Round trips. A token's mechanism is known beforehand and there is TLS from the first byte,
    # so the authentication goes along with the stream's opening, and so does the binding of the
    # resource. (What follows ``<auth/>`` at once, ejabberd drops.)

    def _hurry(self) -> None:
        if not self._account.is_token:
            return
        bind = self.plugin["feature_bind"]
        bind.features = {"features": ()}
        self.unregister_feature("bind", 10000)
        self.unregister_feature("session", 10001)
        self.register_feature("bind", self._bind, order=10000)
        self.register_handler(
            Callback("Bind early", MatchXPath(f"{{{_SASL}}}success"), self._bind_early)
        )

    def connection_made(self, transport: Any, send_event: bool = True) -> None:
        super().connection_made(transport, send_event)
        if self._account.is_token and transport.get_extra_info("ssl_object"):
            self._early_bind = None
            mechanisms = self.plugin["feature_mechanisms"]
            mechanisms.attempted_mechs = set()
            mechanisms.mech_list = {"PLAIN"}
            mechanisms.use_mechs = {"PLAIN"}
            mechanisms._send_auth()
            self._authenticating = True

    async def _handle_stream_features(self, features: Any) -> bool | None:
        if self._authenticating and not self.authenticated:
            return True
        self._negotiating = asyncio.current_task()
        return await super()._handle_stream_features(features)

    def _bind_early(self, _success: Any) -> None:
        if self.plugin["xep_0198"].sm_id is None:
            self._early_bind = self._ask_to_bind()

    async def _bind(self, _features: Any) -> None:
        with contextlib.suppress(IqError):
            await (self._early_bind or self._ask_to_bind())

    def _ask_to_bind(self) -> "asyncio.Future[Any]":
        iq = self.make_iq_set()
        iq.enable("bind")
        iq["bind"]["resource"] = self.requested_jid.resource
        sent: asyncio.Future[Any] = iq.send(callback=self._bound)
        # The answer may be here before anybody waits for it.
        sent.add_done_callback(lambda answer: answer.cancelled() or answer.exception())
        return sent

    def _bound(self, answer: Any) -> None:
        # slixmpp would take a refusal for a session.
        if answer["type"] == "result":
            self.plugin["feature_bind"]._on_bind_response(answer)
            return
        condition = answer["error"]["condition"]
        if condition == _NO_ADMITTANCE:
            self._turned_away(None)
        else:
            self._problem = f"{self._where()} let nobody in: {condition}"
        self.abort()

    # What happens

    def _connect(self, account: Account | None = None) -> None:
        if account is not None:
            self._account, self.password = account, account.secret
        self.connect(self._account.host, self._account.port)

    def _new_session(self, _event: Any) -> None:
        self._on_session()
        self._here()

    def _old_session(self, _event: Any) -> None:
        # slixmpp holds stanzas back until it hears of a session.
        self._set_session_start(None)
        self._here()

    def _here(self) -> None:
        if self._entered is not None and not self._entered.done():
            self._entered.set_result(None)
        self._retries = 0
        self._returning.came()
        self._on_reach(Reach.ONLINE)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            ping = self.make_iq_get(ito=self.boundjid.domain)
            ping.xml.append(ET.Element(f"{{{PING}}}ping"))
            try:
                await ping.send(timeout=ANSWERS_WITHIN)
            except IqError:
                pass
            except IqTimeout:
                self.abort()

    def _went(self, _reason: Any) -> None:
        self._authenticating = False
        # slixmpp would go on to wait for what the supernode was about to answer.
        if self._negotiating is not None and self._negotiating is not asyncio.current_task():
            self._negotiating.cancel()
        if self._leaving:
            return
        if not self._has_entered():
            self._give_up(self._problem or f"{self._where()} closed the connection")
        else:
            self._on_reach(Reach.OFFLINE)
            self._returning.begin(RETURNS_WITHIN)

    def _thrown_out(self) -> None:
        self._leaving = True
        self._on_reach(Reach.SIGNED_OUT)

    def _connection_failed(self, problem: Exception | str) -> None:
        # slixmpp's own words name the site even where it was the host that is not known.
        unknown = f"{self._where()} is not known (no DNS record); check the host and the network"
        self._problem = unknown if isinstance(problem, str) else problem
        # slixmpp waits twice that and one second more: 1, 3, 7 and 15 s, not 5, 17, 53 and so on.
        self._connect_loop_wait = min(2**self._retries, (RETRIES_AT_MOST_EVERY + 1) // 2) - 1
        if isinstance(problem, ssl.SSLCertVerificationError):
            self._give_up(problem, Hindrance.UNTRUSTED)

    def _retry(self, _delay: Any) -> None:
        self._retries += 1
        if servers := self._account.servers:
            at = servers[self._retries % len(servers)]
            self.custom_address = (at.host, at.port)
        self._give_up(self._problem)

    def _turned_away(self, _event: Any) -> None:
        if self._has_entered():
            if self._returning.turned_away(self._account):
                self._thrown_out()
            return
        what, then = "password", "correct it in the account file"
        if self._account.is_token:
            what, then = "token", "get a new account file"
        self._give_up(
            f"the supernode refused the {what} of {self._account.address}; {then}",
            Hindrance.REFUSED,
        )

    def _stream_error(self, error: Any) -> None:
        condition = error["condition"]
        if condition == "host-unknown":
            site = self._account.address.partition("@")[2]
            self._give_up(
                f"{self._where()} does not serve {site}; check the address and the host",
                Hindrance.REFUSED,
            )
        else:
            self._problem = f"{self._where()} ended the stream: {condition}"

    def _has_entered(self) -> bool:
        entered = self._entered
        if entered is None or not entered.done() or entered.cancelled():
            return False
        return entered.exception() is None

    def _give_up(
        self, problem: Exception | str | None, hindrance: Hindrance = Hindrance.UNREACHABLE
    ) -> None:
        if self._entered is not None and not self._entered.done():
            self.cancel_connection_attempt()
            self._entered.set_exception(SignInError(self._in_words(problem), hindrance))

    def _in_words(self, problem: Exception | str | None) -> str:
        match problem:
            case ssl.SSLCertVerificationError():
                return (
                    f"{self._where()} has no certificate that can be trusted "
                    f"({problem.verify_message}); check the host and the ca"
                )
            case ssl.SSLError():
                return f"{self._where()} does not speak TLS as a supernode does; check the port"
            case OSError():
                why = os.strerror(problem.errno) if problem.errno else str(problem)
                return f"{self._where()} cannot be reached ({why}); check host, port and network"
            case str():
                return problem
            case _:
                return f"{self._where()} cannot be reached; check host, port and network"

    def _where(self) -> str:
        if self._account.host is None:
            return self._account.address.partition("@")[2]
        return f"{self._account.host}:{self._account.port}"


def trust(account: Account) -> ssl.SSLContext:
    """Whom to trust to be the supernode. Raises ``SignInError``."""
    if account.ca is None:
        return by_the_system()
    try:
        return ssl.create_default_context(cafile=account.ca)
    except (OSError, ssl.SSLError) as error:
        raise SignInError(
            f"{str(account.ca)!r} holds no certificate that can be read", Hindrance.UNTRUSTED
        ) from error
