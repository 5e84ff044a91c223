"""The life of the pictures' content within a call: what is asked and told, and what follows.

::

              Show(on), AddPictures            PicturesDescribed: content-add
      NONE ───────────────────────► DESCRIBING ──────────────────────► OFFERED
       │                                                                  │
       │ their content-add, TakePictures            their content-accept  │
       └────────► TAKING ───────────────────────────────────► UP ◄────────┘
                     PicturesDescribed: content-accept

      every stage ──────► NONE: nobody sends any more, it was rejected, or it failed

      NONE ──────► WAITING ──────► DESCRIBING: what was added too often is added a while later

A call has one content of pictures at most. Each side is master of its own bit: whether it sends.
What a person wants is kept apart from what was said, and ``_settle`` says the difference. It says
nothing while a request about the contents is unanswered: messages come in their order, so that
whatever the far side said before it knew of ours has come before its answer has. That alone tells
a stale word from one that is meant.

Pure, and a part of ``call``: methods change this and return what is to be done. A peer's mistake
raises ``Fault`` and changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from twocan import commands
from twocan.agreement import Agreement
from twocan.commands import Command
from twocan.messages import Action, Content, Fault, Jingle, Reason, Senders
from twocan.states import Timer

ANSWERED_WITHIN = 45.0
"""Seconds that we wait for their word to our pictures: a person may be asked there."""
ADDS_AT_ONCE = 8
"""Times that they may add pictures one right after the other. Each may cost a transport."""
ADDS_AGAIN_AFTER = 2.0
"""Seconds until they may add them once more than that."""
OUR_ADDS_AT_ONCE = ADDS_AT_ONCE - 1
"""Times that we add them so: what leaves evenly may come to them in a heap."""
REFUSALS_BORNE = 4
"""Times that they may say "not now" to what we add, before one wish to be seen is given up."""

NOT_TAKEN = "The other phone does not take pictures."
NOT_ANSWERED = "The other side did not answer whether it takes pictures: try again."
NOT_WANTED = "The other side stopped our pictures."
FAILED = "The pictures could not be set up: try again."

COUNTED = (
    Action.CONTENT_ADD,
    Action.CONTENT_ACCEPT,
    Action.CONTENT_MODIFY,
    Action.CONTENT_REMOVE,
)
"""Requests about the contents: the next of ours waits for the answer, whatever it is."""


class Stage(StrEnum):
    """How far the content of the pictures has come."""

    NONE = "none"
    WAITING = "waiting"
    """We added it often enough for now, and are to add it once more."""
    DESCRIBING = "describing"
    """Ours is being described."""
    OFFERED = "offered"
    """We offered it, and wait for their answer."""
    YIELDED = "yielded"
    """Both offered, theirs is the one that counts, and it did not come yet."""
    TAKING = "taking"
    """They offered it, and our answer is being described."""
    UP = "up"


@dataclass(slots=True)
class Allowance:
    """How often pictures may be added: ``at_once``, and once more after each while."""

    at_once: int
    whole: float = 0.0
    """When all of it is there again (seconds)."""

    def wait(self, now: float) -> float:
        """Seconds from ``now`` until they may be added."""
        return max(self.whole - (self.at_once - 1) * ADDS_AGAIN_AFTER - now, 0.0)

    def take(self, now: float) -> None:
        """They are added at ``now``."""
        self.whole = max(self.whole, now) + ADDS_AGAIN_AFTER

    def spend(self, now: float) -> None:
        """Nothing is left of it at ``now``."""
        self.whole = now + self.at_once * ADDS_AGAIN_AFTER


class Pictures:
    """The pictures of one call: ``wanted`` and ``paused`` by a person, and what came of it."""

    def __init__(self) -> None:
        self.wanted = self.paused = False
        self.stage = Stage.NONE
        self.now = 0.0
        """Seconds: when that happens which the next call tells of."""
        self._agreement: Agreement | None = None
        """From ``OFFERED`` and ``TAKING`` on."""
        self._waiting: tuple[str, ...] | None = None
        """What they bundle with what they added before we were up."""
        self._trouble: str | None = None
        self._problem: str | None = None
        self._far, self._sid, self._role = "", "", "responder"
        self._active = False
        self._unanswered = 0
        self._adding = False
        """What we added is not granted yet, nor refused."""
        self._let_go: Agreement | None = None
        """What we added and dropped before that."""
        self._allowance = Allowance(ADDS_AT_ONCE)
        """Theirs."""
        self._our_allowance = Allowance(OUR_ADDS_AT_ONCE)
        self._refusals = 0
        """Times that they said "not now" to what is wanted."""

    # What others want to know

    @property
    def problem(self) -> str | None:
        """Why our pictures are not seen although somebody wanted it."""
        return self._trouble or self._problem

    @property
    def agreed(self) -> Content | None:
        """The content that both agreed on, without its description: who sends, as far as said."""
        return self._up.named if self._up else None

    @property
    def shows(self) -> bool:
        """Whether our pictures are to be sent, unless the call is held."""
        return self._up is not None and self._up.sends and self.wanted and not self.paused

    @property
    def shown_by_peer(self) -> bool:
        """Whether the far side may send pictures, and does not pause."""
        return self._up is not None and self._up.they_send and not self._up.they_pause

    @property
    def paused_by_peer(self) -> bool:
        """Whether the far side would send pictures, but pauses."""
        return self._up is not None and self._up.they_send and self._up.they_pause

    def is_named(self, name: str) -> bool:
        """Whether the pictures' content has that name."""
        return self._agreement is not None and self._agreement.content.name == name

    def is_among(self, contents: Sequence[Content]) -> bool:
        """Whether the pictures' content is one of those."""
        return self._agreement is not None and self._agreement.among(contents) is not None

    @property
    def addresses(self) -> int:
        """How many addresses of theirs the path of the pictures took, if it is their own."""
        return self._agreement.addresses if self._agreement else 0

    def take_addresses(self, count: int) -> None:
        """That path takes more of them."""
        if self._agreement:
            self._agreement.addresses += count

    def have_path(self, name: str) -> bool:
        """Whether the pictures' content has that name, and a path of its own."""
        return self._agreement is not None and self._agreement.apart and self.is_named(name)

    @property
    def _up(self) -> Agreement | None:
        return self._agreement if self.stage is Stage.UP else None

    @property
    def _offered(self) -> Agreement | None:
        return self._agreement if self.stage is Stage.OFFERED else None

    @property
    def _taking(self) -> Agreement | None:
        return self._agreement if self.stage is Stage.TAKING else None

    # The session

    def begin(self, far: str, sid: str, role: str) -> None:
        """There is a session, or is about to be, in which we are ``role``."""
        self._far, self._sid, self._role = far, sid, role

    def offered_with_session(self, offer: Jingle) -> None:
        """They open a session, perhaps with pictures."""
        if theirs := pictured(offer.contents):
            self._let_in(theirs)

    def described_with_session(self, contents: Sequence[Content]) -> list[Command]:
        """What we say of a session's contents as it is opened: in our offer, or to theirs."""
        ours = pictured(contents)
        if self._role == "initiator":
            if ours is not None:
                self._offer(ours)
            return []
        agreement = self._taking if self._waiting is None else None
        if ours is None:
            return self._drop() if agreement else []
        if agreement is None:
            # Taken back while our answer was being described.
            return [commands.DropPictures(), *self.remove([ours], Reason("cancel"))]
        agreement.settle(sends=agreement.has_us(ours), they_send=agreement.has_them(ours))
        self.stage = Stage.UP
        return []

    def accepted_with_session(self, answer: Jingle) -> list[Command]:
        """They accept our session, perhaps with the pictures that we offered."""
        if self._offered is None:
            return []
        theirs = self._offered.among(answer.contents)
        if theirs is None:
            return self._fail(NOT_TAKEN)
        self._agree(self._offered, theirs)
        return []

    def start(self) -> list[Command]:
        """The call is up: from now on pictures can be added."""
        self._active = True
        waiting, self._waiting = self._waiting, None
        return self._settle() if waiting is None else self._describe_theirs(waiting)

    # People and the camera

    def show(self, on: bool) -> list[Command]:
        """A person wants our pictures to be seen, or no more."""
        if on == self.wanted:
            return []
        self.wanted, self._problem, self._refusals = on, None, 0
        if self.stage in (Stage.WAITING, Stage.DESCRIBING, Stage.YIELDED):
            return self._drop()
        return self._settle()

    def pause(self, on: bool) -> list[Command]:
        """Our camera pauses, or goes on."""
        self.paused = on
        return self._settle()

    def troubled(self, problem: str | None) -> list[Command]:
        """Our camera gives no pictures, or does again: that is a pause for who watches."""
        self._trouble = problem
        return self._settle()

    # What the media made of it

    def described(self, content: Content, bundle: tuple[str, ...]) -> list[Command]:
        """Our side of what is added, or of what they add, is described."""
        if self.stage is Stage.DESCRIBING:
            self._offer(content, apart=content.name not in bundle)
            self._adding = True
            self._our_allowance.take(self.now)
            added = replace(content, senders=Senders.BOTH)
            asked = self._ask(Action.CONTENT_ADD, [added], bundle=bundle)
            return [commands.Start(Timer.PICTURES, ANSWERED_WITHIN), *asked]
        if agreement := self._taking:
            # An answer can only take from what was offered; what is more is said later.
            offered = agreement.content
            agreement.settle(
                sends=self.wanted and agreement.has_us(offered),
                they_send=agreement.has_them(offered),
            )
            self.stage, agreement.apart = Stage.UP, content.name not in bundle
            answer = replace(content, senders=agreement.named.senders)
            return self._ask(Action.CONTENT_ACCEPT, [answer], bundle=bundle)
        return []

    def failed(self) -> list[Command]:
        """The pictures cannot be, or cannot go on."""
        there, taking = self._up or self._offered, self._taking
        if taking and self._active:
            rejected = self.reject([taking.content], "failed-application")
            return [*self._drop(), *rejected, *self._settle()]
        if there:
            removed = self._take_out(there, "failed-application")
            return [*self._fail(FAILED), *removed]
        return [] if self.stage in (Stage.NONE, Stage.WAITING) else self._fail(FAILED)

    def waited(self) -> list[Command]:
        """The time is up: they did not answer, or we may add pictures again."""
        if self.stage is Stage.WAITING:
            self.stage = Stage.NONE
            return self._settle()
        return self._unanswered_in_time()

    def _unanswered_in_time(self) -> list[Command]:
        if offered := self._offered:
            removed = self._take_out(offered, "timeout")
            return [*self._fail(NOT_ANSWERED), *removed]
        return self._fail(NOT_ANSWERED) if self.stage is Stage.YIELDED else []

    # What they ask

    def added(self, jingle: Jingle, taken: frozenset[str], *, trusted: bool) -> list[Command]:
        """content-add. ``taken``: the names of the other contents; ``trusted``: the keys are."""
        theirs = pictured(jingle.contents)
        self._may_add(theirs)
        if not trusted:
            return self.reject(jingle.contents, "security-error")
        if theirs is None or self._up or self._taking or theirs.name in taken:
            return self.reject(jingle.contents, "unsupported-applications")
        others = [content for content in jingle.contents if content is not theirs]
        yielded = self._drop()
        self._let_in(theirs)
        if self._active:
            taking = self._describe_theirs(jingle.bundle)
        else:
            # The far side may be up a moment before this one is.
            self._waiting, taking = jingle.bundle, []
        return [*yielded, *self.reject(others, "unsupported-applications"), *taking]

    def _may_add(self, theirs: Content | None) -> None:
        # XEP-0166 §7.2: where both add at once, the one who opened the session is right.
        if theirs and self._offered and self._role == "initiator":
            raise Fault("conflict", "this side adds pictures as well", jingle="tie-break")
        there = self._up or self._taking
        if theirs and there and _named(theirs) == _named(there.content):
            raise Fault("unexpected-request", "that content is there", jingle="out-of-order")
        if self._allowance.wait(self.now) > 0:
            raise Fault("resource-constraint", "contents were added often enough for now")
        self._allowance.take(self.now)

    def accepted(self, jingle: Jingle, *, trusted: bool) -> list[Command]:
        """content-accept. ``trusted``: its keys are."""
        agreement, theirs = self._answered(jingle)
        if not trusted:
            return self.failed()
        self._agree(agreement, theirs)
        connect = commands.ConnectPictures(theirs, jingle.bundle)
        return [commands.Stop(Timer.PICTURES), connect, *self._settle()]

    def rejected(self, jingle: Jingle) -> list[Command]:
        """content-reject."""
        self._answered(jingle)
        return self._fail(NOT_TAKEN)

    def modified(self, jingle: Jingle) -> list[Command]:
        """content-modify."""
        agreement = self._agreement
        theirs = agreement.among(jingle.contents) if agreement else None
        if agreement is None or theirs is None:
            raise unknown_content()
        if self._taking:
            # Our answer takes from what they say now.
            agreement.content = replace(agreement.content, senders=theirs.senders)
            return []
        agreement.they_send = agreement.has_them(theirs)
        if self._up and not self._unanswered and not agreement.has_us(theirs):
            self._stop_sending(agreement)
        return self._settle()

    def removed(self) -> list[Command]:
        """content-remove, of this content."""
        # Who knows that we send, and removes it, wants no pictures of ours. Who did not know yet
        # is asked anew.
        if self._offered:
            return self._fail(NOT_TAKEN)
        if self._up and self._up.sends and not self._unanswered:
            return self._fail(NOT_WANTED)
        return [*self._drop(), *self._settle()]

    def muted(self, on: bool) -> None:
        """They pause, or go on."""
        if self._agreement:
            self._agreement.they_pause = on

    # What they answer

    def granted(self, action: Action) -> list[Command]:
        """They agree to what we asked."""
        let_go = self._hear_answer(action)
        # What was dropped meanwhile is about to be taken there.
        return self.remove([let_go.content], Reason("cancel")) if let_go else self._settle()

    def refused(self, action: Action, condition: str) -> list[Command]:
        """They do not."""
        self._hear_answer(action)
        if action is Action.CONTENT_ADD and condition == "resource-constraint":
            self._our_allowance.spend(self.now)
        unknown, late = condition == "item-not-found", condition == "remote-server-timeout"
        match action:
            case Action.CONTENT_ADD if self._offered:
                return self._add_refused(condition)
            case Action.CONTENT_MODIFY if self._up and not unknown and not late:
                self._up.mute_instead(wanted=self.wanted)
                return self._settle()
            case Action.CONTENT_MODIFY if self._up and unknown:
                return [*self._drop(), *self._settle()]
            case Action.CONTENT_ACCEPT if self._up and not self._up.ours and not late:
                return [*self._drop(), *self._settle()]
            case _:
                return self._settle()

    def _add_refused(self, condition: str) -> list[Command]:
        if condition == "remote-server-timeout":
            return self._unanswered_in_time()
        if condition == "resource-constraint" and self._refusals < REFUSALS_BORNE:
            self._refusals += 1
            return [*self._drop(), *self._settle()]
        if condition != "conflict" or self._role == "initiator":
            return self._fail(NOT_TAKEN)
        self.stage, self._agreement = Stage.YIELDED, None
        return [commands.DropPictures()]

    # What is wanted, and what was said

    def _settle(self) -> list[Command]:
        """What is to be said next, for what people want to become true."""
        if not self._active or self._unanswered:
            return []
        if self.stage is Stage.NONE and self.wanted:
            return self._add()
        if self._offered and not self.wanted:
            return self._withdraw(self._offered)
        return self._say_what_changed(self._up) if self._up else []

    def _add(self) -> list[Command]:
        if seconds := self._our_allowance.wait(self.now):
            self.stage = Stage.WAITING
            return [commands.Start(Timer.PICTURES, seconds)]
        self.stage = Stage.DESCRIBING
        return [commands.AddPictures(self._role)]

    def _say_what_changed(self, up: Agreement) -> list[Command]:
        # Where both stopped at the same moment, each told the other and neither was the last.
        leaves = up.sends or self._role == "initiator"
        if leaves and not self.wanted and not up.they_send:
            return self._withdraw(up)
        if not (up.sends or self.wanted):
            return []
        modified: list[Command] = []
        if self.wanted != up.sends and not up.by_mute:
            up.sends = self.wanted
            modified = self._ask(Action.CONTENT_MODIFY, [up.named])
        # Dino grants that we send no more, and shows the last picture on: what it obeys is mute.
        pauses = self.paused or self._trouble is not None or not self.wanted
        return [*modified, *self._tell_pause(up, pauses=pauses)]

    def _tell_pause(self, up: Agreement, *, pauses: bool) -> list[Command]:
        told = up.pause(self._sid, pauses)
        return [commands.Ask(self._far, told)] if told else []

    def _offer(self, ours: Content, *, apart: bool = False) -> None:
        self.stage = Stage.OFFERED
        self._agreement = Agreement(ours, self._role, ours=True, sends=True, apart=apart)

    def _let_in(self, theirs: Content) -> None:
        self.stage = Stage.TAKING
        self._agreement = Agreement(theirs, self._role, ours=False)

    def _describe_theirs(self, bundle: tuple[str, ...]) -> list[Command]:
        taking = self._taking
        return [commands.TakePictures(taking.content, self.wanted, bundle)] if taking else []

    def _agree(self, agreement: Agreement, theirs: Content) -> None:
        self.stage = Stage.UP
        agreement.they_send = agreement.has_them(theirs)
        if not agreement.has_us(theirs):
            self._stop_sending(agreement)

    def _stop_sending(self, agreement: Agreement) -> None:
        """They want no pictures of ours."""
        agreement.sends = False
        if self.wanted:
            self.wanted, self._problem = False, NOT_WANTED

    def _withdraw(self, agreement: Agreement) -> list[Command]:
        removed = self._take_out(agreement, "success")
        return [*self._drop(), *removed]

    def _take_out(self, agreement: Agreement, condition: str) -> list[Command]:
        # Dino grants this as well, and shows the last picture on.
        seen = self._active and agreement is self._up and agreement.sends
        told = self._tell_pause(agreement, pauses=True) if seen else []
        return [*told, *self.remove([agreement.content], Reason(condition))]

    def _fail(self, problem: str) -> list[Command]:
        if self.wanted:
            self.wanted, self._problem = False, problem
        return self._drop()

    def _drop(self) -> list[Command]:
        if self.stage is Stage.NONE:
            return []
        if self._adding:
            self._let_go = self._offered
        waits = self.stage in (Stage.WAITING, Stage.OFFERED, Stage.YIELDED)
        self.stage, self._agreement, self._waiting = Stage.NONE, None, None
        return [*([commands.Stop(Timer.PICTURES)] if waits else []), commands.DropPictures()]

    # What is asked

    def reject(self, contents: Sequence[Content], condition: str) -> list[Command]:
        """Turn down contents that they add."""
        return self._ask(Action.CONTENT_REJECT, map(_named, contents), Reason(condition))

    def remove(self, contents: Sequence[Content], reason: Reason) -> list[Command]:
        """Take contents out of the session."""
        return self._ask(Action.CONTENT_REMOVE, map(_named, contents), reason)

    def _ask(
        self,
        action: Action,
        contents: Iterable[Content],
        reason: Reason | None = None,
        *,
        bundle: tuple[str, ...] = (),
    ) -> list[Command]:
        jingle = Jingle(action, self._sid, tuple(contents), reason, bundle=bundle)
        if not jingle.contents:
            return []
        self._unanswered += action in COUNTED
        return [commands.Ask(self._far, jingle)]

    def _hear_answer(self, action: Action) -> Agreement | None:
        """Note that it came; what we added and dropped since, if it is the answer to that."""
        self._unanswered = max(self._unanswered - (action in COUNTED), 0)
        if action is not Action.CONTENT_ADD:
            return None
        let_go, self._let_go, self._adding = self._let_go, None, False
        return let_go

    def _answered(self, jingle: Jingle) -> tuple[Agreement, Content]:
        """What they say of what we added. ``Fault`` if nothing waits for their word."""
        offered = self._offered if self._active else None
        theirs = offered.among(jingle.contents) if offered else None
        if offered is None or theirs is None:
            raise Fault("unexpected-request", "nobody asked for that", jingle="out-of-order")
        return offered, theirs


def pictured(contents: Sequence[Content]) -> Content | None:
    """The first of those contents that is one of pictures."""
    return next((c for c in contents if c.description and c.description.media == "video"), None)


def unknown_content() -> Fault:
    """What answers a request about a content that is not there."""
    return Fault("item-not-found", "there is no such content in this session")


def _named(content: Content) -> Content:
    return Content(content.name, content.creator)
