"""The life of one call: events in, commands out.

::

             Dial                        Heard(Propose)
      NEW ─────────► DIALLING     NEW ──────────────────► INCOMING
                        │ Heard(Ringing)                      │
                        ▼                                     │
                     RINGING                                  │
                        │ Heard(Proceed)                      │ Answer
                        └────────────►  CONNECTING  ◄─────────┘
                                            │ Connected
                                            ▼
                                          ACTIVE

      every state ──────► ENDED, which is final and says why (``End``)

This module does nothing by itself: it opens no socket, starts no timer and reads no clock.
``Call.handle`` takes what happened and when, changes the state, and returns what is to be
done. It is the only place where a call's state changes. A peer's mistake raises ``Fault``
and leaves the call as it was.
"""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from twocan import commands, endings, events, verification
from twocan.address import bare
from twocan.commands import Command
from twocan.contents import Pictures, Stage, pictured, unknown_content
from twocan.events import Event
from twocan.messages import (
    Accept,
    Action,
    Content,
    Fault,
    Fingerprint,
    Finish,
    Info,
    Jingle,
    Proceed,
    Propose,
    Reason,
    Reject,
    Retract,
    Ringing,
)
from twocan.states import CallView, End, Liveness, State, Timer

NO_ANSWER_AFTER = 45.0
"""Seconds that a caller lets it ring from the last time that a device of the callee said that it
does: who has only a page open there may have to install a phone first, and the page says it again
and again meanwhile."""
WAITS_AT_MOST = 180.0
"""Seconds that a caller lets it ring in all, whatever the callee's devices say. A proposal that is
older has been given up, and one that is younger has not, unless it was taken back: a caller that
gives up always says so."""
RINGS_FOR = 60.0
"""Seconds that a phone rings if it never hears that the caller gave up."""
CONNECTS_WITHIN = 20.0
"""Seconds from the agreement to media flowing."""
TAKEN_WITHIN = 3.0
"""Seconds that a phone waits for a call which another phone of its person took as well."""
PARTING_WITHIN = 1.5
"""Seconds from the far media's goodbye to the far signalling's."""
PING_EVERY = 15.0
"""Seconds between two looks at the far side's session while all is well."""
QUIET_AFTER = 2.5
"""Seconds without any packet after which the far side is asked whether it lives. RTCP comes
at least every 1.5 s, on hold as well."""
VANISHED_AFTER = 10.0
"""Seconds without any packet and without an answer to a ping: the far side is gone. RFC 7675
alone takes 30 s, and a supernode that waits for a session to resume tells nobody."""

ADDRESSES_TAKEN = 128
"""Addresses that a call takes of the far side once it was described. Each is checked against all
of ours, and RFC 8445 §6.1.2.5 advises to limit the pairs to a hundred. Those of pictures with a
path of their own go with that path."""

_ABOUT_PICTURES = (
    Action.CONTENT_ADD,
    Action.CONTENT_ACCEPT,
    Action.CONTENT_MODIFY,
    Action.CONTENT_REJECT,
    Action.CONTENT_REMOVE,
)
"""What cannot fail the call."""


class Call:
    """One call. ``me`` is this phone's full address, ``peer`` the other person's bare one.

    ``nonce`` is random (``verification.NONCE_BYTES``), ``fingerprints`` are those of the
    certificate that this call's media will use.
    """

    def __init__(
        self, sid: str, me: str, peer: str, nonce: bytes, fingerprints: Sequence[Fingerprint]
    ) -> None:
        self.sid = sid
        self.me = me
        self.peer = bare(peer)
        self.state = State.NEW
        self._peer_name: str | None = None
        self._outgoing = False
        self._initiator = False
        self._end: End | None = None
        self._ended_by: str | None = None
        self._held = self._held_by_peer = False
        self._muted = self._muted_by_peer = False
        self._times: dict[str, float] = {}
        self._now = self._rings_until = 0.0

        self._far: str | None = None
        self._proposed = False
        self._offer: Jingle | None = None
        self._early: tuple[Content, ...] = ()
        self._addresses = 0
        self._described = False
        self._accepted = False
        self._contents: frozenset[str] = frozenset()
        """The names of the contents but for the pictures'."""
        self._pictures = Pictures()
        self._pictures_proposed = False
        self._flowing: Command | None = None

        self._nonce = nonce
        self._fingerprints = tuple(fingerprints)
        self._far_commitment: bytes | None = None
        self._far_prints: frozenset[tuple[str, str]] = frozenset()
        self._verification: str | None = None

        self._quiet = 0.0
        self._liveness: Liveness | None = Liveness.ALIVE
        self._pinged_at = 0.0

    @property
    def far(self) -> str | None:
        """The full address of the far phone, once there is one."""
        return self._far

    def view(self) -> CallView:
        """A frozen copy of the call as it is now."""
        return CallView(
            sid=self.sid,
            peer=self.peer,
            peer_name=self._peer_name,
            outgoing=self._outgoing,
            state=self.state,
            end=self._end,
            ended_by=self._ended_by,
            held=self._held,
            held_by_peer=self._held_by_peer,
            muted=self._muted,
            muted_by_peer=self._muted_by_peer,
            verification=self._verification,
            times=MappingProxyType(dict(self._times)),
            pictures=self._pictures_proposed or self._pictures.stage is not Stage.NONE,
            showing=self._pictures.wanted,
            shown_by_peer=self._pictures.shown_by_peer,
            paused=self._pictures.paused,
            paused_by_peer=self._pictures.paused_by_peer,
            camera_problem=self._pictures.problem,
        )

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take ``event``, which happened at ``now`` (seconds), and say what is to be done.

        Raises ``Fault`` if a peer's request may not come now; nothing has changed then.
        """
        self._now = self._pictures.now = now
        e, S = events, State
        match self.state, event:
            case S.ENDED, e.Asked():
                raise _unknown_session()
            case S.ENDED, _:
                return []
            case S.DIALLING | S.RINGING, e.Heard(sender, _) if bare(sender) != self.peer:
                return []
            case _, e.Heard(sender, _) if not self._concerns(sender):
                return []

            # Agreeing to talk (XEP-0353)
            case S.NEW, e.Dial(showing, card, name):
                self._peer_name = name
                return self._dial(showing, card)
            case S.NEW, e.Heard(sender, Propose() as message, age, name):
                return self._ring(sender, message, age, name)
            case S.NEW, e.Missed(sender, message, age, name):
                return self._miss(sender, message, age, name)
            case S.NEW, e.Engaged(sender, message, name):
                return self._turn_away(sender, message, name)
            case S.NEW, e.Asked(sender, Jingle(action=Action.SESSION_INITIATE) as offer):
                return self._ring_without_proposal(sender, offer)
            case S.DIALLING | S.RINGING, e.Heard(_, Ringing()):
                return self._rings_there()
            case S.DIALLING | S.RINGING, e.Heard(sender, Propose() as message, age, name):
                return [] if age >= WAITS_AT_MOST else self._break_tie(sender, message, name)
            case S.DIALLING | S.RINGING, e.Heard(sender, Proceed() as message):
                return self._taken_by(sender, message)
            case S.DIALLING | S.RINGING, e.Heard(_, Reject(tie_break=False) as message):
                return self._over(endings.meant(message.reason, self.state, End.DECLINED), "them")
            case S.INCOMING, e.Answer(showing):
                self._pictures.wanted |= showing
                return self._answer()
            case S.INCOMING, e.Decline():
                return self._part(End.DECLINED)
            case S.INCOMING, e.Heard(sender, Proceed() | Accept()) if self._is_mine(sender):
                return self._over(End.ANSWERED_ELSEWHERE, "us")
            case S.INCOMING, e.Heard(sender, Reject() as message) if self._is_mine(sender):
                # A tie that it broke is a call of its own with the same person.
                end = End.REPLACED if message.tie_break else End.DECLINED_ELSEWHERE
                return self._over(end, "us")
            case S.INCOMING, e.Heard(sender, Ringing()) if self._is_mine(sender):
                return self._rings_on()
            case S.INCOMING | S.CONNECTING, e.Heard(sender, Retract() as message):
                return self._retracted(sender, message)
            case S.CONNECTING, e.Heard(sender, Proceed() | Accept()) if self._is_mine(sender):
                return self._taken_twice()
            case S.CONNECTING, e.Heard(sender, Reject() as message) if sender == self._far:
                return self._over(endings.meant(message.reason, self.state), "them")
            case S.CONNECTING | S.ACTIVE, e.Heard(sender, Finish() as message) if (
                sender == self._far
            ):
                return self._over(endings.meant(message.reason, self.state), "them")
            case S.DIALLING | S.CONNECTING, e.Undelivered(condition):
                return self._undelivered(condition)

            # The session and its media (XEP-0166)
            case _, e.Asked(sender, jingle):
                return self._asked(sender, jingle)
            case S.CONNECTING | S.ACTIVE, e.Granted(action):
                return self._pictured(self._pictures.granted(action))
            case S.CONNECTING | S.ACTIVE, e.Refused(action, condition, about):
                return self._refused(action, condition, about)
            case S.CONNECTING, e.Described(contents):
                return self._describe(contents)
            case S.CONNECTING | S.ACTIVE, e.Found(contents):
                return self._ask(Action.TRANSPORT_INFO, contents)
            case S.CONNECTING, e.Connected():
                return self._connected()
            case S.ACTIVE, e.FirstSound():
                self._times.setdefault("first_audio", now)
                return []
            case S.ACTIVE, e.FirstPicture():
                self._times.setdefault("first_video", now)
                return []
            case S.ACTIVE, e.PicturesUp():
                return [self._flow()]
            case S.ACTIVE, e.PicturesDescribed(content, bundle):
                return self._pictured(self._pictures.described(content, bundle))
            case S.CONNECTING | S.ACTIVE, e.PicturesFailed():
                return self._pictured(self._pictures.failed())
            case S.CONNECTING | S.ACTIVE, e.MediaParted():
                return [commands.Start(Timer.PARTING, PARTING_WITHIN)]
            case _, e.MediaLost(end):
                by = "us" if end is End.FAILED else None
                return self._part(endings.fitting(end, self.state), by=by)

            # People, time, and the far side's silence
            case _, e.Hold(on):
                return self._hold(on)
            case _, e.Mute(on):
                return self._mute(on)
            case _, e.Show(on):
                return self._pictured(self._pictures.show(on))
            case _, e.Pause(on):
                return self._pictured(self._pictures.pause(on))
            case _, e.CameraTrouble(problem):
                return self._pictured(self._pictures.troubled(problem))
            case _, e.HangUp(end):
                return self._hang_up(end)
            case _, e.Elapsed(timer):
                return self._elapsed(timer)
            case S.ACTIVE, e.Tick(quiet):
                return self._look_after(quiet)
            case S.ACTIVE, e.Pinged(liveness):
                return self._pinged(liveness)
            case S.NEW | S.DIALLING | S.RINGING | S.INCOMING, e.SignedOut():
                return self._over(End.SIGNED_OUT, None)
            case _:
                return []

    # --- Agreeing to talk (XEP-0353) --------------------------------------------------------

    def _dial(self, showing: bool, card: str | None) -> list[Command]:
        self._outgoing = self._initiator = self._proposed = True
        self._pictures.wanted |= showing
        self._pictures_proposed = self._pictures.wanted
        media = ("audio", "video") if self._pictures_proposed else ("audio",)
        self._enter(State.DIALLING, "started")
        commitment = verification.commit("initiator", self._nonce, self._fingerprints)
        return [
            commands.Tell(self.peer, Propose(self.sid, media, commitment, card)),
            commands.Start(Timer.RING, NO_ANSWER_AFTER),
            commands.Prepare(),
        ]

    def _rings_there(self) -> list[Command]:
        # Whoever sees to it that it can be answered there gets the whole time anew, up to a point.
        self._enter(State.RINGING, "ringing")
        left = self._times["started"] + WAITS_AT_MOST - self._now
        return [commands.Start(Timer.RING, max(min(NO_ANSWER_AFTER, left), 0.0))]

    def _ring(self, sender: str, message: Propose, age: float, name: str | None) -> list[Command]:
        if age >= WAITS_AT_MOST:
            return self._miss(sender, message, age, name)
        self._proposed_by(sender, message, name)
        self._times["started"] = self._now
        self._enter(State.INCOMING, "ringing")
        self._rings_until = self._now + WAITS_AT_MOST - age
        return [
            commands.Tell(self.peer, Ringing(self.sid)),
            *self._rings_on(),
            commands.Prepare(),
        ]

    def _rings_on(self) -> list[Command]:
        # The caller waits on if another device of ours says that it rings, and so do we.
        left = self._rings_until - self._now
        return [commands.Start(Timer.RING, max(min(RINGS_FOR, left), 0.0))]

    def _miss(self, sender: str, message: Propose, age: float, name: str | None) -> list[Command]:
        # It came while no phone was signed in, and the caller has given up.
        self._proposed_by(sender, message, name)
        self._times["started"] = self._now - age
        return self._over(End.NO_ANSWER, None)

    def _proposed_by(self, sender: str, message: Propose, name: str | None) -> None:
        self._far, self._far_commitment, self._proposed = sender, message.commitment, True
        self._pictures_proposed = "video" in message.media
        self._peer_name = name

    def _ring_without_proposal(self, sender: str, offer: Jingle) -> list[Command]:
        # A caller without XEP-0353 picked this phone and asks at once (XEP-0166 §6.2).
        self._far, self._offer = sender, offer
        self._contents = _names(offer.contents)
        self._pictures_proposed = pictured(offer.contents) is not None
        self._enter(State.INCOMING, "started", "ringing")
        self._rings_until = self._now + RINGS_FOR
        ringing = Jingle(Action.SESSION_INFO, self.sid, info=Info.RINGING)
        return [
            commands.Ask(sender, ringing),
            *self._rings_on(),
            commands.Prepare(),
        ]

    def _turn_away(self, sender: str, message: Propose | Jingle, name: str | None) -> list[Command]:
        self._far, self._peer_name = sender, name
        self._times["started"] = self._now
        reason = Reason("busy")
        no: Command = commands.Tell(self.peer, Reject(self.sid, reason))
        if isinstance(message, Jingle):
            no = commands.Ask(sender, Jingle(Action.SESSION_TERMINATE, self.sid, reason=reason))
        return [no, *self._over(End.BUSY, "us")]

    def _taken_by(self, sender: str, message: Proceed) -> list[Command]:
        self._far, self._far_commitment = sender, message.commitment
        self._enter(State.CONNECTING, "answered")
        self._described = True
        self._pictures.begin(sender, self.sid, "initiator")
        return [
            commands.Stop(Timer.RING),
            commands.Start(Timer.CONNECT, CONNECTS_WITHIN),
            # Conversations takes only an offer of the very media that were proposed.
            commands.Initiate(sender, self.sid, self._nonce, self._pictures_proposed),
        ]

    def _break_tie(self, sender: str, message: Propose, name: str | None) -> list[Command]:
        # XEP-0353 §5.1: both dialled at the same moment, and the lower session ID stays. Should a
        # peer take ours, the lower address decides, so that not both yield.
        ours, theirs = (self.sid, bare(self.me)), (message.sid, self.peer)
        if [part.encode() for part in theirs] > [part.encode() for part in ours]:
            reject = Reject(message.sid, Reason("expired"), tie_break=True)
            return [commands.Tell(self.peer, reject)]
        retract = Retract(self.sid, Reason("expired"), tie_break=True)
        self.sid, self._initiator = message.sid, False
        self._far, self._far_commitment = sender, message.commitment
        self._pictures_proposed = "video" in message.media
        self._peer_name = name or self._peer_name
        # Each wants to talk to the other: nobody has to answer.
        return [commands.Tell(self.peer, retract), *self._answer()]

    def _answer(self) -> list[Command]:
        self._enter(State.CONNECTING, "answered")
        clocks: list[Command] = [
            commands.Stop(Timer.RING),
            commands.Start(Timer.CONNECT, CONNECTS_WITHIN),
        ]
        if self._far is not None and self._offer is not None:
            return [*clocks, *self._respond(self._far, self._offer)]
        commitment = verification.commit("responder", self._nonce, self._fingerprints)
        return [
            # XEP-0353 §4.4 names the bare address, but Dino listens under its full one alone. The
            # caller's other phones hear it as a carbon either way.
            commands.Tell(self._far or self.peer, Proceed(self.sid, commitment)),
            commands.Tell(bare(self.me), Accept(self.sid)),
            *clocks,
        ]

    def _retracted(self, sender: str, message: Retract) -> list[Command]:
        if bare(sender) != self.peer or self._initiator or self._offer is not None:
            return []
        if message.tie_break:
            return self._over(End.REPLACED, "them")
        # Also where we had answered: what the caller takes back never came to be.
        return self._over(endings.meant(message.reason, State.INCOMING), "them")

    def _taken_twice(self) -> list[Command]:
        # Two phones of one person answered at the same moment, and the caller picks one. The
        # other never hears of it again.
        waits = not self._initiator and self._offer is None
        return [commands.Start(Timer.TAKEN, TAKEN_WITHIN)] if waits else []

    def _undelivered(self, condition: str) -> list[Command]:
        # Once a phone of theirs rings, what comes back to the caller is a proposal that a server
        # kept for another one, which vanished: XEP-0198 has it kept for minutes.
        if self.state is State.CONNECTING:
            on = self._initiator or self._in_session
            return [] if on else self._over(End.VANISHED, None)
        denied = condition in ("forbidden", "not-allowed", "policy-violation")
        return self._over(End.FORBIDDEN if denied else End.UNREACHABLE, None)

    # --- The session (XEP-0166) -------------------------------------------------------------

    @property
    def _in_session(self) -> bool:
        return self._described or self._offer is not None

    def _asked(self, sender: str, jingle: Jingle) -> list[Command]:
        if sender != self._far:
            raise _unknown_session()
        if jingle.action is Action.SESSION_INITIATE:
            return self._offered(sender, jingle)
        if not self._in_session:
            raise _unknown_session()
        match jingle.action:
            case Action.SESSION_ACCEPT:
                return self._was_accepted(jingle)
            case Action.SESSION_TERMINATE:
                return self._over(endings.meant(jingle.reason, self.state), "them")
            case Action.SESSION_INFO:
                return self._informed(jingle)
            case Action.TRANSPORT_INFO:
                return self._located(jingle.contents)
            case Action.CONTENT_ADD if self.state is not State.INCOMING:
                return self._pictured(self._added(jingle))
            case Action.CONTENT_ACCEPT:
                return self._pictured(self._added_here(jingle))
            case Action.CONTENT_REJECT:
                return self._pictured(self._pictures.rejected(jingle))
            case Action.CONTENT_REMOVE:
                return self._removed(jingle)
            case Action.CONTENT_MODIFY:
                return self._pictured(self._modified(jingle))
            case Action.TRANSPORT_REPLACE:
                return self._ask(Action.TRANSPORT_REJECT, jingle.contents)
            case Action.DESCRIPTION_INFO | Action.SECURITY_INFO:
                return []
            case _:
                raise _out_of_order(f"nobody asked for {jingle.action}")

    def _offered(self, sender: str, offer: Jingle) -> list[Command]:
        if self._initiator or self.state is not State.CONNECTING or self._in_session:
            raise _out_of_order("this session is not waiting for an offer")
        self._offer = offer
        return [commands.Stop(Timer.TAKEN), *self._respond(sender, offer)]

    def _respond(self, far: str, offer: Jingle) -> list[Command]:
        if not self._verify("initiator", offer):
            return self._part(End.NOT_SECURE)
        self._described, self._offer = True, offer
        self._pictures.begin(far, self.sid, "responder")
        self._pictures.offered_with_session(offer)
        self._contents = _names(offer.contents)
        early: list[Command] = [commands.AddCandidates(self._early)] if self._early else []
        return [commands.Respond(far, offer, self._nonce, self._pictures.wanted), *early]

    def _describe(self, contents: tuple[Content, ...]) -> list[Command]:
        """Our side of the session is said, and what we take of theirs."""
        self._pictures_proposed = False
        accepted = _names(contents)
        offered = self._offer.contents if self._offer and not self._initiator else ()
        refused = [c for c in offered if c.name not in accepted]
        self._contents = _names(contents, but=pictured(contents))
        return [
            *self._pictures.remove(refused, Reason("failed-application")),
            *self._pictures.described_with_session(contents),
        ]

    def _was_accepted(self, answer: Jingle) -> list[Command]:
        if not self._initiator or self._accepted or self.state is not State.CONNECTING:
            raise _out_of_order("this session is not waiting for an answer")
        if not self._verify("responder", answer):
            return self._part(End.NOT_SECURE)
        self._accepted, self._pictures_proposed = True, False
        self._contents = _names(answer.contents, but=pictured(answer.contents))
        return [
            *self._pictures.accepted_with_session(answer),
            commands.Connect(answer.contents, answer.bundle),
        ]

    def _verify(self, far_role: str, said: Jingle) -> bool:
        """Whether the far side reveals what it committed to, if it did; makes the code."""
        if self._far_commitment is None:
            return True
        theirs = _fingerprints(said.contents)
        self._far_prints = frozenset((f.hash, f.value) for f in theirs)
        if said.nonce is None or not verification.opens(
            self._far_commitment, far_role, said.nonce, theirs
        ):
            return False
        ours, far = (self._nonce, self._fingerprints), (said.nonce, theirs)
        self._verification = verification.code(*((ours, far) if self._initiator else (far, ours)))
        return True

    def _located(self, contents: tuple[Content, ...]) -> list[Command]:
        apart = _addresses([c for c in contents if self._pictures.have_path(c.name)])
        others = _addresses(contents) - apart
        if self._addresses + self._pictures.addresses + apart + others > ADDRESSES_TAKEN:
            raise Fault("resource-constraint", "this call has taken addresses enough")
        self._addresses += others
        self._pictures.take_addresses(apart)
        if self.state is not State.INCOMING:
            return [commands.AddCandidates(contents)]
        # Nobody answered yet, and only to look a name up would tell where we are.
        self._early = (*self._early, *contents)
        return []

    def _added(self, jingle: Jingle) -> list[Command]:
        trusted = all(map(self._is_promised, jingle.contents))
        return self._pictures.added(jingle, self._contents, trusted=trusted)

    def _added_here(self, answer: Jingle) -> list[Command]:
        trusted = all(map(self._is_promised, answer.contents))
        return self._pictures.accepted(answer, trusted=trusted)

    def _is_promised(self, content: Content) -> bool:
        """Whether a content's keys are those that were verified with the session's: a transport of
        its own is no way around them."""
        known = self._far_prints
        return not known or all((f.hash, f.value) in known for f in _fingerprints([content]))

    def _modified(self, jingle: Jingle) -> list[Command]:
        if self._contents & _names(jingle.contents):
            raise Fault("not-acceptable", "the sound of this call cannot be modified")
        return self._pictures.modified(jingle)

    def _removed(self, jingle: Jingle) -> list[Command]:
        names = _names(jingle.contents) & self._contents
        pictures = self._pictures.is_among(jingle.contents)
        if not (names or pictures):
            raise unknown_content()
        self._contents -= names
        if names and not self._contents:
            return self._part(End.HUNG_UP, by="them")
        if self.state is State.INCOMING and self._offer is not None:
            left = tuple(c for c in self._offer.contents if c.name in self._contents)
            self._offer = replace(self._offer, contents=left)
            self._pictures_proposed = pictured(left) is not None
        return self._pictured(self._pictures.removed()) if pictures else []

    def _informed(self, jingle: Jingle) -> list[Command]:
        match jingle.info:
            case Info.HOLD | Info.UNHOLD:
                self._held_by_peer = jingle.info is Info.HOLD
            case Info.MUTE | Info.UNMUTE:
                self._muted_there(on=jingle.info is Info.MUTE, name=jingle.info_content)
            case Info.ACTIVE:
                self._held_by_peer = False
                self._muted_there(on=False, name=None)
        return [self._flow()] if self.state is State.ACTIVE else []

    def _muted_there(self, *, on: bool, name: str | None) -> None:
        # XEP-0167 §8.3: without a name, it is about every content.
        if name is None or self._pictures.is_named(name):
            self._pictures.muted(on)
        if name is None or name in self._contents:
            self._muted_by_peer = on

    def _refused(self, action: Action, condition: str, about: Sequence[str]) -> list[Command]:
        away = condition in ("service-unavailable", "recipient-unavailable")
        if action in _ABOUT_PICTURES and not (away and self.state is State.CONNECTING):
            over = self._pinged(Liveness.GONE) if away else []
            return over or self._pictured(self._pictures.refused(action, condition))
        if condition == "item-not-found" and about and self._contents.isdisjoint(about):
            # About pictures that went at the same moment.
            return []
        opening = action in (Action.SESSION_INITIATE, Action.SESSION_ACCEPT)
        if away and self.state is State.ACTIVE:
            # Its supernode says so, not the far phone.
            return self._pinged(Liveness.GONE)
        if away or condition == "item-not-found":
            return self._over(End.VANISHED, None)
        if condition == "remote-server-timeout":
            # Once media flows, the far side has heard us, whatever became of its answer.
            connecting = opening and self.state is State.CONNECTING
            return self._over(End.VANISHED, None) if connecting else []
        return self._part(End.PROTOCOL_ERROR) if opening else []

    def _connected(self) -> list[Command]:
        self._enter(State.ACTIVE, "connected")
        self._pinged_at = self._now
        held = self._inform(Info.HOLD) if self._held else []
        muted = self._inform(Info.MUTE) if self._muted else []
        pictures = self._pictures.start()
        return [commands.Stop(Timer.CONNECT), self._flow(), *held, *muted, *pictures]

    # --- People -----------------------------------------------------------------------------

    def _hold(self, on: bool) -> list[Command]:
        if on == self._held:
            return []
        self._held = on
        if self.state is not State.ACTIVE:
            return []
        return [self._flow(), *self._inform(Info.HOLD if on else Info.UNHOLD)]

    def _mute(self, on: bool) -> list[Command]:
        if on == self._muted:
            return []
        self._muted = on
        if self.state is not State.ACTIVE:
            return []
        return [self._flow(), *self._inform(Info.MUTE if on else Info.UNMUTE)]

    def _flow(self) -> Command:
        # XEP-0167 §8: who holds neither listens nor speaks, so neither side has to send.
        apart = self._held or self._held_by_peer
        self._flowing = commands.Flow(
            sending=not apart,
            muted=self._muted,
            playing=not self._held,
            showing=self._pictures.shows and not apart,
            watching=self._pictures.shown_by_peer and not apart,
        )
        return self._flowing

    def _pictured(self, wanted: list[Command]) -> list[Command]:
        """What the pictures want done, and what flows then, if that is something else."""
        if self.state is not State.ACTIVE:
            return wanted
        before, after = self._flowing, self._flow()
        return wanted if before == after else [*wanted, after]

    def _inform(self, info: Info) -> list[Command]:
        if self._far is None:
            return []
        about = next(iter(sorted(self._contents)), None)
        named = about if info in (Info.MUTE, Info.UNMUTE) else None
        message = Jingle(Action.SESSION_INFO, self.sid, info=info, info_content=named)
        return [commands.Ask(self._far, message)]

    def _hang_up(self, end: End) -> list[Command]:
        if end is not End.HUNG_UP:
            return self._part(end)
        match self.state:
            case State.NEW | State.DIALLING | State.RINGING:
                return self._part(End.CANCELLED)
            case State.INCOMING:
                return self._part(End.DECLINED)
            case _:
                return self._part(End.HUNG_UP)

    # --- Time and silence -------------------------------------------------------------------

    def _elapsed(self, timer: Timer) -> list[Command]:
        match self.state, timer:
            case State.DIALLING, Timer.RING:
                return self._part(End.UNREACHABLE, by=None)
            case State.RINGING, Timer.RING:
                return self._part(End.NO_ANSWER, by=None)
            case State.INCOMING, Timer.RING if self._offer is not None:
                return self._part(End.NO_ANSWER, by=None)
            case State.INCOMING, Timer.RING:
                # Without a word to the caller: another phone of ours may still take it.
                return self._over(End.NO_ANSWER, None)
            case State.CONNECTING, Timer.TAKEN if not self._in_session:
                return self._over(End.ANSWERED_ELSEWHERE, "us")
            case State.CONNECTING, Timer.CONNECT:
                return self._part(End.CONNECTION_FAILED, by=None)
            case State.ACTIVE, Timer.PICTURES:
                return self._pictured(self._pictures.waited())
            case State.CONNECTING | State.ACTIVE, Timer.PARTING:
                return self._over(End.HUNG_UP, "them")
            case _:
                return []

    def _look_after(self, quiet: float) -> list[Command]:
        self._quiet = quiet
        if self._liveness is Liveness.SILENT and quiet >= VANISHED_AFTER:
            return self._over(End.VANISHED, None)
        every = PING_EVERY if quiet < QUIET_AFTER else QUIET_AFTER
        if self._liveness is None or self._now - self._pinged_at < every or self._far is None:
            return []
        self._liveness, self._pinged_at = None, self._now
        return [commands.Ping(self._far)]

    def _pinged(self, liveness: Liveness) -> list[Command]:
        # While packets come, the far side lives whatever its supernode says: supernodes may
        # restart in mid-call. Once none come, it is asked anew, and what it was told before
        # does not count.
        self._liveness = liveness
        if liveness is Liveness.GONE and self._quiet >= QUIET_AFTER:
            return self._over(End.VANISHED, None)
        return []

    # --- Endings ----------------------------------------------------------------------------

    def _part(self, end: End, *, by: str | None = "us") -> list[Command]:
        """End the call and tell the far side why."""
        return [
            *self._farewell(endings.reason(end)),
            *self._over(end, by),
        ]

    def _farewell(self, reason: Reason) -> list[Command]:
        if self._in_session and self._far is not None:
            terminate = Jingle(Action.SESSION_TERMINATE, self.sid, reason=reason)
            return [commands.Ask(self._far, terminate)]
        match self.state:
            case State.DIALLING | State.RINGING:
                return [commands.Tell(self.peer, Retract(self.sid, reason))]
            case State.INCOMING | State.CONNECTING:
                return [commands.Tell(self.peer, Reject(self.sid, reason))]
            case _:
                return []

    def _over(self, end: End, by: str | None) -> list[Command]:
        """End the call."""
        # XEP-0353 §4.6: both say that it is over, for the record of every phone of theirs.
        agreed = self.state in (State.CONNECTING, State.ACTIVE) and self._in_session
        finish = commands.Tell(self.peer, Finish(self.sid, endings.reason(end)))
        self._end, self._ended_by = end, by
        self._enter(State.ENDED, "ended")
        return [*([finish] if agreed and self._proposed else []), commands.Release()]

    # --- Small things -----------------------------------------------------------------------

    def _enter(self, state: State, *marks: str) -> list[Command]:
        self.state = state
        for mark in marks:
            self._times.setdefault(mark, self._now)
        return []

    def _concerns(self, sender: str) -> bool:
        """Whether ``sender`` has a say in this call: the peer's phones and our own others."""
        return sender != self.me and bare(sender) in (self.peer, bare(self.me))

    def _is_mine(self, sender: str) -> bool:
        """Whether another phone of this person says it."""
        return bare(sender) == bare(self.me) and sender != self._far

    def _ask(self, action: Action, contents: Sequence[Content]) -> list[Command]:
        if self._far is None or not self._described:
            return []
        return [commands.Ask(self._far, Jingle(action, self.sid, contents=tuple(contents)))]


def _names(contents: Sequence[Content], *, but: Content | None = None) -> frozenset[str]:
    return frozenset(content.name for content in contents if content is not but)


def _addresses(contents: Sequence[Content]) -> int:
    """How many there are. A content without any is counted as well: what rings keeps it."""
    return sum(len(c.transport.candidates) or 1 if c.transport else 1 for c in contents)


def _fingerprints(contents: Sequence[Content]) -> list[Fingerprint]:
    return [f for content in contents if content.transport for f in content.transport.fingerprints]


def _unknown_session() -> Fault:
    return Fault("item-not-found", "there is no such session", jingle="unknown-session")


def _out_of_order(text: str) -> Fault:
    return Fault("unexpected-request", text, jingle="out-of-order")
