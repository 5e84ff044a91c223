"""The pictures of a call, added, turned, paused and removed: by two ends, or against a peer.

`Wire` ties two calls together, each with a small media of its own. What one says waits until it is
delivered, in its order, so that a test decides what crosses what.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twocan import commands as c
from twocan import events as e
from twocan import verification
from twocan.call import ADDRESSES_TAKEN, Call
from twocan.commands import Command
from twocan.contents import (
    ADDS_AGAIN_AFTER,
    ADDS_AT_ONCE,
    ANSWERED_WITHIN,
    OUR_ADDS_AT_ONCE,
    REFUSALS_BORNE,
    Stage,
)
from twocan.messages import (
    Action,
    Candidate,
    Content,
    Description,
    Fault,
    Fingerprint,
    Info,
    Initiation,
    Jingle,
    PayloadType,
    Propose,
    Reason,
    Senders,
    Transport,
)
from twocan.states import CallView, End, Liveness, State, Timer

VP8 = PayloadType(96, "VP8", 90000)


def audio(transport: Transport) -> Content:
    return Content("audio", description=Description("audio"), transport=transport)


def video(creator: str, transport: Transport, senders: Senders = Senders.BOTH) -> Content:
    return Content("video", creator, senders, Description("video", (VP8,)), transport)


CANDIDATE = Candidate(1, "1", "192.0.2.7", 4000, 1, "udp", "host", "c1")
FAR = Transport("far", "p" * 22, (), (Fingerprint("sha-256", ":".join(["7E"] * 32)),))


@dataclass
class Answer:
    """The answer to a request, on its way back."""

    jingle: Jingle
    fault: Fault | None = None


class Party:
    """One end: a call, and media that describes pictures when the test lets it."""

    def __init__(self, me: str, peer: str, letter: str) -> None:
        self.me = f"{me}/desk"
        prints = Fingerprint("sha-256", ":".join([letter * 2] * 32))
        self.transport = Transport(me, "p" * 22, (), (prints,))
        nonce = letter.encode() * verification.NONCE_BYTES
        self.call = Call("m", self.me, peer, nonce, [prints])
        self.now = 0.0
        self.pace = 2 * ADDS_AGAIN_AFTER
        """Seconds from one thing that happens to the next."""
        self.out: deque[Initiation | Jingle | Answer] = deque()
        self.asked: list[Jingle] = []
        """What this end asked once the call was up."""
        self.describing: Callable[[], e.Event] | None = None
        self.pictures: Content | None = None
        self.flow: c.Flow | None = None
        self.blind = self.bundles = False
        self.connects = False
        """Both descriptions are there, so that the path can come up."""
        self.running: dict[Timer, float] = {}
        """How many seconds each timer runs."""

    @property
    def view(self) -> CallView:
        return self.call.view()

    @property
    def agreed(self) -> Content | None:
        return self.call._pictures.agreed

    def shows(self) -> bool:
        return self.flow is not None and self.flow.showing

    def watches(self) -> bool:
        return self.flow is not None and self.flow.watching

    def problem(self) -> str | None:
        return self.view.camera_problem

    def waits(self) -> bool:
        return self.call._pictures.stage is Stage.WAITING

    def happens(self, event: e.Event) -> None:
        self.now += self.pace
        for command in self.call.handle(event, self.now):
            self.does(command)

    def does(self, command: Command) -> None:
        match command:
            case c.Tell(to, message) if to.partition("/")[0] == self.call.peer:
                self.out.append(message)
            case c.Ask(_, jingle):
                self.asked.append(jingle)
                self.out.append(jingle)
            case c.Initiate() | c.Respond() | c.Connect():
                self.negotiates(command)
            case c.Flow() as flow:
                assert self.pictures is not None or not (flow.showing or flow.watching)
                self.flow = flow
            case c.Start(timer, seconds):
                self.running[timer] = seconds
            case c.Stop(timer):
                self.running.pop(timer, None)
            case _:
                self.pictures_do(command)

    def negotiates(self, command: c.Initiate | c.Respond | c.Connect) -> None:
        match command:
            case c.Initiate(_, sid, nonce, showing):
                contents = [audio(self.transport)]
                contents += [self.draws(video("initiator", self.transport))] if showing else []
                self.opens(Jingle(Action.SESSION_INITIATE, sid, tuple(contents), nonce=nonce))
            case c.Respond(_, offer, nonce, showing):
                self.opens(self.answer(offer, nonce, showing=showing))
                self.connects = True
            case c.Connect():
                self.connects = True

    def pictures_do(self, command: Command) -> None:
        match command:
            case c.AddPictures(creator):
                drawn = video(creator, self.transport)
                self.describing = lambda: self.described(drawn)
            case c.TakePictures(content, _, _):
                taken = replace(content, transport=self.transport)
                self.describing = lambda: self.described(taken)
            case c.ConnectPictures(content, _):
                assert self.pictures is not None
                ours = (self.pictures.name, self.pictures.creator)
                assert ours == (content.name, content.creator)
            case c.DropPictures():
                self.describing = self.pictures = None

    def opens(self, jingle: Jingle) -> None:
        self.happens(e.Described(jingle.contents))
        self.out.append(jingle)

    def answer(self, offer: Jingle, nonce: bytes, *, showing: bool) -> Jingle:
        contents = [audio(self.transport)]
        theirs = [x for x in offer.contents if x.description and x.description.media == "video"]
        if theirs and not self.blind:
            senders = Senders.BOTH if showing else Senders.INITIATOR
            ours = replace(theirs[0], transport=self.transport, senders=senders)
            contents.append(self.draws(ours))
        return Jingle(Action.SESSION_ACCEPT, offer.sid, tuple(contents), nonce=nonce)

    def described(self, content: Content) -> e.Event:
        if self.blind:
            return e.PicturesFailed()
        return e.PicturesDescribed(self.draws(content), ("audio", "video") if self.bundles else ())

    def draws(self, content: Content) -> Content:
        self.pictures = content
        return content

    def describes(self) -> None:
        """The media is done with what it was to describe."""
        assert self.describing is not None
        describing, self.describing = self.describing, None
        self.happens(describing())

    def actions(self) -> list[str]:
        """What was asked since the last time."""
        said = [str(jingle.info or jingle.action) for jingle in self.asked]
        self.asked.clear()
        return said


@dataclass
class Wire:
    """Two ends that are in a call; `caller` opened the session."""

    caller: Party = field(default_factory=lambda: Party("a@x.example", "b@x.example", "A"))
    callee: Party = field(default_factory=lambda: Party("b@x.example", "a@x.example", "B"))
    answers_first: bool = True
    """Whether the answer to a question leaves before what follows from it, or after."""

    def far(self, party: Party) -> Party:
        return self.callee if party is self.caller else self.caller

    def deliver(self, party: Party) -> None:
        """What `party` said first of what is on its way comes there."""
        said, far = party.out.popleft(), self.far(party)
        match said:
            case Answer(jingle, None):
                if jingle.action.startswith("content"):
                    far.happens(e.Granted(jingle.action))
            case Answer(jingle, Fault() as fault):
                names = tuple(content.name for content in jingle.contents)
                far.happens(e.Refused(jingle.action, fault.condition, names))
            case Jingle():
                self.ask(said, party, far)
            case Answer():
                raise AssertionError
            case _:
                far.happens(e.Heard(party.me, said))

    def ask(self, jingle: Jingle, party: Party, far: Party) -> None:
        before, answer = far.view, Answer(jingle)
        at = len(far.out)
        try:
            far.happens(e.Asked(party.me, jingle))
        except Fault as fault:
            assert far.view == before
            answer.fault = fault
        far.out.insert(at if self.answers_first else len(far.out), answer)

    def settle(self) -> None:
        """Everything comes, and nothing is left to do."""
        for _ in range(200):
            both = (self.caller, self.callee)
            busy = [p for p in both if p.out or p.describing]
            waiting = [p for p in both if p.waits()]
            if not (busy or waiting):
                return
            for party in busy or waiting:
                if not busy:
                    self.passes(party)
                elif party.out:
                    self.deliver(party)
                elif party.describing:
                    party.describes()
        raise AssertionError("this does not come to an end")

    def passes(self, party: Party) -> None:
        """The time that `party` waits for its turn to add pictures."""
        seconds = party.running.pop(Timer.PICTURES)
        for each in (self.caller, self.callee):
            each.now += seconds
        party.happens(e.Elapsed(Timer.PICTURES))

    def comes_up(self) -> None:
        """The path is there, and everything that follows."""
        for party in (self.caller, self.callee):
            if party.view.state is State.CONNECTING:
                party.happens(e.Connected())
        self.settle()

    def agrees(self) -> None:
        """Both know the same of each other, and have what they want."""
        for here, there in ((self.caller, self.callee), (self.callee, self.caller)):
            ours, theirs = here.view, there.view
            assert ours.state is State.ACTIVE
            assert theirs.shown_by_peer == (ours.showing and not ours.paused)
            assert theirs.pictures == ours.pictures
            assert theirs.paused_by_peer == (ours.showing and ours.paused)
            apart = ours.held or ours.held_by_peer
            assert here.shows() == (ours.showing and not ours.paused and not apart)
            assert here.watches() == (ours.shown_by_peer and not apart)
            assert (here.pictures is not None) == ours.pictures
            assert Timer.PICTURES not in here.running
        assert self.caller.agreed == self.callee.agreed


def agreed_to_talk(*, calling: bool = False, answering: bool = False) -> Wire:
    """A call that was taken just now; who calls and who answers want to be seen, or not."""
    wire = Wire()
    wire.caller.happens(e.Dial(calling))
    wire.deliver(wire.caller)
    wire.callee.happens(e.Answer(answering))
    return wire


def in_a_call(*, calling: bool = False, answering: bool = False, blind: bool = False) -> Wire:
    """A call that is up; with pictures from the start, of the one or the other, or without."""
    wire = agreed_to_talk(calling=calling, answering=answering)
    wire.callee.blind = blind
    wire.settle()
    wire.comes_up()
    for party in (wire.caller, wire.callee):
        party.actions()
    return wire


# --- Whatever people do -------------------------------------------------------------------------

WISHES: dict[str, e.Event] = {
    "show": e.Show(True),
    "hide": e.Show(False),
    "pause": e.Pause(True),
    "resume": e.Pause(False),
    "hold": e.Hold(True),
    "back": e.Hold(False),
}
OFTEN = ["show", "hide", "bring", "bring", "bring", "describe", "describe"]
STEPS = st.lists(
    st.tuples(st.sampled_from([*WISHES, *OFTEN, "up", "enough"]), st.booleans()),
    max_size=40,
)


def take(wire: Wire, steps: list[tuple[str, bool]], wanted: list[bool]) -> None:
    for step, here in steps:
        party = wire.caller if here else wire.callee
        if step in WISHES:
            party.happens(WISHES[step])
            if step in ("show", "hide"):
                wanted[not here] = step == "show"
        elif step == "bring" and party.out:
            wire.deliver(party)
        elif step == "describe" and party.describing:
            party.describes()
        elif step == "enough":
            # The far side may add no more for now, although it thinks that it may.
            party.call._pictures._allowance.spend(party.now)
        elif step == "up" and party.connects and party.view.state is State.CONNECTING:
            party.happens(e.Connected())


@settings(deadline=None, max_examples=500)
@given(st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans(), STEPS)
def test_whatever_crosses_what_both_ends_agree_once_all_was_said(
    calling: bool,
    answering: bool,
    up: bool,
    answers_first: bool,
    hurried: bool,
    steps: list[tuple[str, bool]],
) -> None:
    begin = in_a_call if up else agreed_to_talk
    wire, wanted = begin(calling=calling, answering=answering), [calling, answering]
    wire.answers_first = answers_first
    if up and hurried:
        toggled(wire, OUR_ADDS_AT_ONCE)
        wanted[0] = False
    take(wire, steps, wanted)
    wire.settle()
    wire.comes_up()

    wire.agrees()
    assert [wire.caller.view.showing, wire.callee.view.showing] == wanted
    assert wire.caller.view.camera_problem is wire.callee.view.camera_problem is None
    assert wire.caller.view.pictures == any(wanted)


# --- From the start -----------------------------------------------------------------------------


def test_pictures_are_proposed_and_who_is_called_sees_it_while_it_rings() -> None:
    wire = Wire()
    wire.caller.happens(e.Dial(True))
    assert getattr(wire.caller.out[0], "media", None) == ("audio", "video")
    wire.deliver(wire.caller)

    assert wire.callee.view.pictures
    assert not wire.callee.view.showing


def test_a_call_without_pictures_does_not_speak_of_any() -> None:
    wire = Wire()
    wire.caller.happens(e.Dial())
    assert getattr(wire.caller.out[0], "media", None) == ("audio",)
    wire.deliver(wire.caller)
    assert not wire.callee.view.pictures

    wire = in_a_call()
    assert wire.caller.agreed is None
    assert not wire.caller.view.pictures
    wire.agrees()


def test_both_are_seen_from_the_start_and_nothing_more_is_said() -> None:
    wire = in_a_call(calling=True, answering=True)
    assert wire.caller.agreed == Content("video", senders=Senders.BOTH)
    assert wire.caller.flow == c.Flow(
        sending=True, muted=False, playing=True, showing=True, watching=True
    )
    wire.agrees()


def test_the_callee_only_watches_and_is_seen_later() -> None:
    wire = in_a_call(calling=True)
    assert wire.callee.agreed == Content("video", senders=Senders.INITIATOR)
    assert wire.callee.view.shown_by_peer
    wire.agrees()

    wire.callee.happens(e.Show(True))
    wire.settle()
    assert wire.callee.actions() == ["content-modify"]
    assert wire.caller.actions() == []
    assert wire.caller.agreed == Content("video", senders=Senders.BOTH)
    wire.agrees()


def test_what_was_wished_for_while_it_rang_is_added_once_the_call_is_up() -> None:
    wire = Wire()
    wire.caller.happens(e.Dial())
    wire.caller.happens(e.Show(True))
    wire.deliver(wire.caller)
    wire.callee.happens(e.Answer())
    wire.settle()
    # Only what was proposed is offered, and nothing is added before both are up.
    assert wire.callee.pictures is None
    wire.caller.happens(e.Connected())
    wire.settle()
    assert not wire.callee.view.shown_by_peer
    wire.callee.happens(e.Connected())
    wire.settle()
    assert wire.caller.actions() == ["content-add"]
    wire.agrees()


def test_what_was_proposed_is_offered_although_nobody_wants_it_any_more() -> None:
    wire = Wire()
    wire.caller.happens(e.Dial(True))
    wire.caller.happens(e.Show(False))
    wire.deliver(wire.caller)
    wire.callee.happens(e.Answer())
    wire.settle()
    assert wire.caller.pictures is not None
    for party in (wire.caller, wire.callee):
        party.happens(e.Connected())
    assert wire.caller.flow == c.Flow(sending=True, muted=False, playing=True, watching=False)
    wire.settle()
    assert wire.caller.actions() == ["mute", "content-remove"]
    assert wire.caller.agreed is None
    wire.agrees()


def test_a_callee_without_a_codec_refuses_the_pictures_alone() -> None:
    wire = in_a_call(calling=True, blind=True)
    assert wire.caller.problem() == "The other phone does not take pictures."
    assert not wire.caller.view.showing
    wire.agrees()


def test_an_answer_without_the_pictures_refuses_them() -> None:
    wire = Wire()
    wire.caller.happens(e.Dial(True))
    wire.deliver(wire.caller)
    wire.callee.happens(e.Answer())
    wire.callee.blind = True
    while not any(isinstance(said, Jingle) for said in wire.callee.out):
        wire.deliver(wire.caller if wire.caller.out else wire.callee)
    # As a phone does that says no word of what it does not take.
    wire.callee.out = deque(
        said
        for said in wire.callee.out
        if not isinstance(said, Jingle) or said.action is Action.SESSION_ACCEPT
    )
    wire.settle()
    assert wire.caller.pictures is None
    assert wire.caller.problem() == "The other phone does not take pictures."
    assert wire.caller.view.state is State.CONNECTING


def test_pictures_that_are_taken_back_while_they_are_answered_are_no_ghost() -> None:
    callee = Party("b@x.example", "a@x.example", "B")
    callee.happens(e.Heard("a@x.example/desk", Propose("m", ("audio", "video"))))
    callee.happens(e.Answer(True))
    offer = Jingle(Action.SESSION_INITIATE, "m", (audio(FAR), video("initiator", FAR)))
    answers = callee.call.handle(e.Asked("a@x.example/desk", offer), 1.0)
    removal = Jingle(Action.CONTENT_REMOVE, "m", (Content("video"),))
    callee.happens(e.Asked("a@x.example/desk", removal))
    callee.actions()
    for command in answers:
        callee.does(command)

    assert callee.actions() == ["content-remove"]
    assert callee.pictures is None
    assert not callee.view.pictures


def test_pictures_that_are_taken_back_while_it_rings_are_not_answered() -> None:
    callee = Party("b@x.example", "a@x.example", "B")
    far = "a@x.example/desk"
    offer = Jingle(Action.SESSION_INITIATE, "m", (audio(FAR), video("initiator", FAR)))
    callee.happens(e.Asked(far, offer))
    callee.happens(e.Asked(far, Jingle(Action.CONTENT_REMOVE, "m", (Content("video"),))))
    assert callee.view.state is State.INCOMING
    assert not callee.view.pictures
    callee.happens(e.Answer(True))
    answer = callee.out[-1]
    assert isinstance(answer, Jingle)
    assert [content.name for content in answer.contents] == ["audio"]


@pytest.mark.parametrize("condition", ["feature-not-implemented", "item-not-found"])
def test_a_phone_that_knows_no_refusal_of_pictures_may_be_shown_some_later(condition: str) -> None:
    wire = agreed_to_talk(calling=True)
    wire.callee.blind = True
    while not wire.callee.asked:
        wire.deliver(wire.caller if wire.caller.out else wire.callee)
    assert wire.callee.actions() == ["content-remove"]
    wire.callee.happens(e.Refused(Action.CONTENT_REMOVE, condition, ("video",)))
    wire.callee.happens(e.Connected())
    wire.callee.blind = False
    wire.callee.happens(e.Show(True))
    wire.callee.describes()
    assert wire.callee.actions() == ["content-add"]


# --- Added in mid-call --------------------------------------------------------------------------


@pytest.mark.parametrize(("calls", "creator"), [(True, "initiator"), (False, "responder")])
def test_either_side_adds_pictures_and_the_other_watches(calls: bool, creator: str) -> None:
    wire = in_a_call()
    here = wire.caller if calls else wire.callee
    there = wire.far(here)
    here.bundles = True
    here.happens(e.Show(True))
    assert here.actions() == []
    here.describes()
    (added,) = here.asked
    assert (added.action, added.bundle) == (Action.CONTENT_ADD, ("audio", "video"))
    assert added.contents == (video(creator, here.transport),)
    assert not here.shows()

    wire.deliver(here)
    there.describes()
    (taken,) = there.asked
    assert (taken.action, taken.bundle) == (Action.CONTENT_ACCEPT, ())
    assert taken.contents == (video(creator, there.transport, Senders(creator)),)
    wire.settle()
    assert here.shows()
    assert (there.shows(), there.watches()) == (False, True)
    wire.agrees()


def test_who_wants_to_be_seen_anyway_says_so_with_the_answer() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.deliver(wire.caller)
    wire.callee.happens(e.Show(True))
    wire.settle()
    assert wire.callee.actions() == ["content-accept"]
    assert wire.callee.agreed == Content("video", senders=Senders.BOTH)
    wire.agrees()


@pytest.mark.parametrize("callers_first", [True, False])
def test_both_add_at_once_and_the_one_who_called_is_right(callers_first: bool) -> None:
    wire = in_a_call()
    for party in (wire.caller, wire.callee):
        party.happens(e.Show(True))
        party.describes()
    if not callers_first:
        wire.deliver(wire.callee)
        answer = wire.caller.out[-1]
        assert isinstance(answer, Answer)
        assert answer.fault is not None
        assert (answer.fault.condition, answer.fault.jingle) == ("conflict", "tie-break")
    wire.settle()
    assert wire.caller.actions() == ["content-add"]
    assert wire.callee.actions() == ["content-add", "content-accept"]
    assert wire.callee.agreed == Content("video", "initiator", Senders.BOTH)
    wire.agrees()


def test_a_tie_whose_other_half_comes_late_is_waited_for() -> None:
    wire = in_a_call()
    wire.callee.happens(e.Show(True))
    wire.callee.describes()
    wire.callee.happens(e.Refused(Action.CONTENT_ADD, "conflict"))
    assert wire.callee.view.showing
    assert wire.callee.pictures is None
    assert Timer.PICTURES in wire.callee.running

    theirs = Jingle(Action.CONTENT_ADD, "m", (video("initiator", wire.caller.transport),))
    wire.callee.happens(e.Asked(wire.caller.me, theirs))
    wire.callee.describes()
    assert wire.callee.actions() == ["content-add", "content-accept"]
    assert wire.callee.agreed == Content("video", "initiator", Senders.BOTH)
    assert Timer.PICTURES not in wire.callee.running


def test_a_tie_whose_other_half_never_comes_is_given_up() -> None:
    wire = in_a_call()
    wire.callee.happens(e.Show(True))
    wire.callee.describes()
    wire.callee.happens(e.Refused(Action.CONTENT_ADD, "conflict"))
    wire.callee.happens(e.Elapsed(Timer.PICTURES))
    assert wire.callee.problem() is not None
    assert not wire.callee.view.pictures
    assert wire.callee.actions() == ["content-add"]


def test_who_is_up_a_moment_earlier_adds_at_once_and_the_other_takes_it_once_it_is() -> None:
    wire = Wire()
    wire.caller.happens(e.Dial())
    wire.deliver(wire.caller)
    wire.callee.happens(e.Answer(True))
    wire.settle()
    wire.callee.happens(e.Connected())
    wire.settle()
    assert wire.callee.actions() == ["content-add"]
    assert wire.caller.describing is None

    wire.caller.happens(e.Connected())
    wire.settle()
    wire.agrees()
    assert wire.caller.view.shown_by_peer


def test_pictures_are_rejected_where_no_codec_is_spoken_and_the_call_goes_on() -> None:
    wire = in_a_call()
    wire.callee.blind = True
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.deliver(wire.caller)
    wire.callee.describes()
    (rejected,) = wire.callee.asked
    assert rejected == Jingle(
        Action.CONTENT_REJECT, "m", (Content("video"),), Reason("failed-application")
    )
    wire.settle()
    assert wire.caller.problem() == "The other phone does not take pictures."
    assert not wire.caller.view.showing
    wire.agrees()

    wire.callee.blind = False
    wire.caller.happens(e.Show(True))
    assert wire.caller.problem() is None
    wire.settle()
    wire.agrees()
    assert wire.callee.view.shown_by_peer


# The one who called is right, and whoever says otherwise of a tie takes no pictures.
@pytest.mark.parametrize(
    "condition", ["feature-not-implemented", "bad-request", "item-not-found", "conflict"]
)
def test_a_phone_that_takes_no_contents_in_mid_call_is_not_shown_any(condition: str) -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.caller.happens(e.Refused(Action.CONTENT_ADD, condition))
    assert wire.caller.problem() == "The other phone does not take pictures."
    assert (wire.caller.view.showing, wire.caller.view.pictures) == (False, False)
    assert wire.caller.pictures is None
    assert wire.caller.view.state is State.ACTIVE
    assert wire.caller.actions() == ["content-add"]


@pytest.mark.parametrize(
    "silence", [e.Refused(Action.CONTENT_ADD, "remote-server-timeout"), e.Elapsed(Timer.PICTURES)]
)
def test_nobody_answers_what_is_added_and_it_is_taken_back(silence: e.Event) -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    added = wire.caller.describing
    assert added is not None
    assert c.Start(Timer.PICTURES, ANSWERED_WITHIN) in wire.caller.call.handle(added(), 1000.0)
    wire.caller.happens(silence)
    assert wire.caller.actions() == ["content-remove"]
    assert wire.caller.problem() is not None
    assert (wire.caller.view.showing, wire.caller.view.pictures) == (False, False)
    assert wire.caller.view.state is State.ACTIVE


def test_what_was_not_answered_is_asked_anew_once_nothing_of_it_is_on_its_way() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.caller.happens(e.Elapsed(Timer.PICTURES))
    wire.caller.happens(e.Show(True))
    for answer in (Action.CONTENT_ADD, Action.CONTENT_REMOVE):
        wire.caller.happens(e.Granted(answer))
        assert wire.caller.describing is None
    wire.caller.happens(e.Refused(Action.CONTENT_REMOVE, "item-not-found"))
    assert wire.caller.actions() == ["content-add", "content-remove", "content-remove"]
    wire.caller.describes()
    assert wire.caller.actions() == ["content-add"]


def test_the_media_cannot_describe_what_is_to_be_added() -> None:
    wire = in_a_call()
    wire.caller.blind = True
    wire.caller.happens(e.Show(True))
    wire.settle()
    assert wire.caller.actions() == []
    assert wire.caller.problem() == "The pictures could not be set up: try again."
    wire.agrees()


def test_a_wish_that_is_gone_before_it_was_said_is_never_said() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    assert wire.caller.view.pictures
    wire.caller.happens(e.Show(False))
    assert wire.caller.describing is None
    assert wire.caller.actions() == []
    wire.agrees()


def test_their_pictures_cannot_be_taken_and_ours_are_added_instead() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.deliver(wire.caller)
    wire.callee.happens(e.Show(True))
    wire.callee.happens(e.PicturesFailed())
    wire.settle()
    assert wire.callee.actions() == ["content-reject", "content-add"]
    assert wire.callee.agreed == Content("video", "responder", Senders.RESPONDER)
    wire.agrees()


def test_what_is_added_while_we_still_answer_the_call_is_taken_once_it_is_up() -> None:
    far = "a@x.example/desk"
    offer = Jingle(Action.SESSION_INITIATE, "m", (audio(FAR),))
    call = Party("b@x.example", "a@x.example", "B").call
    call.handle(e.Heard(far, Propose("m")), 0.0)
    call.handle(e.Answer(), 0.0)
    call.handle(e.Asked(far, offer), 0.0)
    added = Jingle(Action.CONTENT_ADD, "m", (video("initiator", FAR),), bundle=("audio", "video"))
    assert call.handle(e.Asked(far, added), 0.0) == []
    assert call.handle(e.Described((audio(FAR),)), 0.0) == []
    taking = c.TakePictures(added.contents[0], showing=False, bundle=("audio", "video"))
    assert taking in call.handle(e.Connected(), 0.0)


def test_pictures_that_fail_before_the_call_is_up_are_taken_out_of_it() -> None:
    wire = agreed_to_talk(calling=True)
    wire.settle()
    wire.caller.happens(e.PicturesFailed())
    wire.comes_up()
    assert wire.caller.actions() == ["content-remove"]
    assert wire.caller.problem() == "The pictures could not be set up: try again."
    wire.agrees()


# --- On and off ---------------------------------------------------------------------------------


def test_the_last_one_who_is_seen_takes_the_pictures_out_of_the_call() -> None:
    wire = in_a_call(calling=True, answering=True)
    wire.callee.happens(e.Show(False))
    assert not wire.callee.shows()
    wire.settle()
    assert wire.callee.actions() == ["content-modify", "mute"]
    assert wire.caller.agreed == Content("video", senders=Senders.INITIATOR)
    wire.agrees()

    wire.caller.happens(e.Show(False))
    wire.settle()
    assert wire.caller.actions() == ["mute", "content-remove"]
    wire.agrees()

    wire.callee.happens(e.Show(True))
    wire.settle()
    assert wire.callee.actions() == ["content-add"]
    wire.agrees()


def test_both_stop_at_once_and_one_of_them_takes_the_pictures_out() -> None:
    wire = in_a_call(calling=True, answering=True)
    for party in (wire.caller, wire.callee):
        party.happens(e.Show(False))
    wire.settle()
    assert wire.caller.actions() == ["content-modify", "mute", "content-remove"]
    assert wire.callee.actions() == ["content-modify", "mute"]
    assert not wire.caller.view.pictures
    wire.agrees()


def test_one_stops_while_the_other_begins() -> None:
    wire = in_a_call(calling=True)
    wire.callee.happens(e.Show(True))
    wire.caller.happens(e.Show(False))
    wire.settle()
    # Gone before they knew, the pictures are added anew.
    assert wire.caller.actions() == ["mute", "content-remove", "content-accept"]
    assert wire.callee.actions() == ["content-modify", "content-add"]
    assert wire.callee.agreed == Content("video", "responder", Senders.RESPONDER)
    wire.agrees()


def test_both_turn_at_once_and_neither_undoes_what_the_other_did() -> None:
    wire = in_a_call(calling=True, answering=True)
    wire.callee.happens(e.Show(False))
    wire.settle()
    wire.callee.happens(e.Show(True))
    wire.caller.happens(e.Pause(True))
    wire.settle()
    assert wire.caller.agreed == Content("video", senders=Senders.BOTH)
    wire.agrees()


def test_added_and_taken_back_while_it_is_answered() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.deliver(wire.caller)
    wire.deliver(wire.callee)
    wire.caller.happens(e.Show(False))
    wire.callee.describes()
    wire.settle()
    assert wire.caller.actions() == ["content-add", "content-remove"]
    assert wire.callee.actions() == ["content-accept"]
    assert not wire.callee.view.pictures
    wire.agrees()


def test_taken_back_while_the_other_wants_to_be_seen_as_well() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.deliver(wire.caller)
    wire.deliver(wire.callee)
    wire.caller.happens(e.Show(False))
    wire.callee.happens(e.Show(True))
    wire.callee.describes()
    wire.settle()
    assert wire.callee.actions() == ["content-accept", "content-add"]
    assert wire.caller.view.shown_by_peer
    wire.agrees()


def test_a_camera_is_open_once_they_were_told_and_no_sooner() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.deliver(wire.caller)
    wire.callee.describes()
    wire.callee.happens(e.Show(True))
    assert wire.callee.actions() == ["content-accept"]
    assert not wire.callee.shows()
    wire.settle()
    assert wire.callee.actions() == ["content-modify"]
    assert wire.callee.shows()


def test_what_a_wish_does_a_hundred_times_is_said_once_it_may_be() -> None:
    wire = in_a_call()
    for _ in range(100):
        wire.caller.happens(e.Show(True))
        wire.caller.happens(e.Show(False))
    wire.caller.happens(e.Show(True))
    wire.settle()
    assert wire.caller.actions() == ["content-add"]
    for _ in range(100):
        wire.callee.happens(e.Show(True))
        wire.callee.happens(e.Show(False))
    wire.settle()
    assert wire.callee.actions() == [
        "content-accept",
        "content-modify",
        "content-modify",
        "mute",
    ]
    wire.agrees()


def test_a_camera_that_is_off_pauses_as_well_and_goes_on_when_it_is_on_again() -> None:
    # Dino grants a modification and a removal, and obeys a pause alone.
    wire = in_a_call(calling=True, answering=True)
    wire.callee.happens(e.Show(False))
    modified, muted = wire.callee.asked
    assert modified.contents == (Content("video", senders=Senders.INITIATOR),)
    assert (muted.info, muted.info_content) == (Info.MUTE, "video")
    wire.settle()
    view = wire.caller.view
    assert (view.shown_by_peer, view.paused_by_peer) == (False, False)

    wire.callee.happens(e.Show(True))
    wire.settle()
    assert wire.callee.actions() == ["content-modify", "mute", "content-modify", "unmute"]
    assert wire.caller.view.shown_by_peer
    wire.agrees()


def test_pictures_that_are_taken_out_pause_before_and_do_not_when_they_are_there_again() -> None:
    wire = in_a_call(calling=True)
    wire.caller.happens(e.Show(False))
    wire.settle()
    assert wire.caller.actions() == ["mute", "content-remove"]
    wire.caller.happens(e.Show(True))
    wire.settle()
    assert wire.caller.actions() == ["content-add"]
    assert wire.callee.view.shown_by_peer
    wire.agrees()


def test_who_paused_and_stops_does_not_say_it_twice() -> None:
    wire = in_a_call(calling=True, answering=True)
    wire.callee.happens(e.Pause(True))
    wire.callee.happens(e.Show(False))
    wire.settle()
    assert wire.callee.actions() == ["mute", "content-modify"]
    wire.agrees()
    wire.callee.happens(e.Show(True))
    wire.settle()
    assert wire.callee.actions() == ["content-modify"]
    wire.agrees()
    wire.callee.happens(e.Show(False))
    wire.settle()
    wire.callee.happens(e.Pause(False))
    wire.settle()
    assert wire.callee.actions() == ["content-modify"]
    wire.callee.happens(e.Show(True))
    wire.settle()
    assert wire.callee.actions() == ["content-modify", "unmute"]
    wire.agrees()


# --- As often as they let us --------------------------------------------------------------------


def toggled(wire: Wire, times: int) -> None:
    """Who called turns the camera on and off, all within a moment."""
    for party in (wire.caller, wire.callee):
        party.pace = 0.0
    for _ in range(times):
        for on in (True, False):
            wire.caller.happens(e.Show(on))
            wire.settle()


def test_who_toggles_faster_than_they_let_us_waits_and_is_seen_in_the_end() -> None:
    wire = in_a_call()
    toggled(wire, OUR_ADDS_AT_ONCE)
    # None of them was refused, nor is the one that follows.
    assert wire.caller.actions() == ["content-add", "mute", "content-remove"] * OUR_ADDS_AT_ONCE
    wire.caller.happens(e.Show(True))
    assert wire.caller.waits()
    assert wire.caller.describing is None
    assert wire.caller.running[Timer.PICTURES] == ADDS_AGAIN_AFTER
    view = wire.caller.view
    assert (view.showing, view.pictures, view.camera_problem) == (True, True, None)
    # What comes of a content that is gone is of no concern.
    wire.caller.happens(e.PicturesFailed())
    wire.caller.happens(e.Pause(False))
    assert wire.caller.waits()

    wire.settle()
    assert wire.caller.actions() == ["content-add"]
    assert wire.callee.view.shown_by_peer
    wire.agrees()


def test_a_wish_that_is_gone_while_it_waits_is_never_said() -> None:
    wire = in_a_call()
    toggled(wire, OUR_ADDS_AT_ONCE)
    wire.caller.happens(e.Show(True))
    wire.caller.happens(e.Show(False))
    wire.caller.actions()
    assert Timer.PICTURES not in wire.caller.running
    wire.caller.happens(e.Elapsed(Timer.PICTURES))
    wire.settle()
    assert wire.caller.actions() == []
    wire.agrees()


def test_who_waits_is_shown_theirs_and_is_seen_in_them() -> None:
    wire = in_a_call()
    toggled(wire, OUR_ADDS_AT_ONCE)
    wire.caller.happens(e.Show(True))
    wire.caller.actions()
    wire.callee.happens(e.Show(True))
    wire.callee.describes()
    wire.deliver(wire.callee)
    assert Timer.PICTURES not in wire.caller.running
    wire.settle()
    assert wire.caller.actions() == ["content-accept"]
    assert wire.caller.agreed == Content("video", "responder", Senders.BOTH)
    wire.agrees()


def test_who_is_told_to_wait_adds_again_a_while_later() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.caller.out.clear()
    wire.caller.happens(e.Refused(Action.CONTENT_ADD, "resource-constraint", ("video",)))
    assert wire.caller.pictures is None
    assert wire.caller.running[Timer.PICTURES] == ADDS_AGAIN_AFTER
    assert (wire.caller.view.showing, wire.caller.problem()) == (True, None)
    wire.settle()
    assert wire.caller.actions() == ["content-add", "content-add"]
    assert wire.callee.view.shown_by_peer
    wire.agrees()


def test_who_is_told_to_wait_for_what_it_let_go_of_waits_with_the_next() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.caller.happens(e.Show(False))
    wire.caller.happens(e.Show(True))
    wire.caller.happens(e.Refused(Action.CONTENT_ADD, "resource-constraint", ("video",)))
    assert wire.caller.view.showing
    assert wire.caller.describing is None


def refused_for_now(party: Party, times: int) -> None:
    for _ in range(times):
        if party.waits():
            party.happens(e.Elapsed(Timer.PICTURES))
        party.describes()
        party.happens(e.Refused(Action.CONTENT_ADD, "resource-constraint", ("video",)))


def test_who_is_told_to_wait_for_ever_gives_up() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    refused_for_now(wire.caller, REFUSALS_BORNE)
    assert wire.caller.waits()
    refused_for_now(wire.caller, 1)
    assert wire.caller.problem() == "The other phone does not take pictures."
    assert not wire.caller.view.pictures
    assert wire.caller.actions() == ["content-add"] * (REFUSALS_BORNE + 1)

    # Whoever wants it once more begins anew.
    wire.caller.happens(e.Show(True))
    refused_for_now(wire.caller, REFUSALS_BORNE)
    assert wire.caller.waits()
    assert wire.caller.problem() is None


# --- Addresses ----------------------------------------------------------------------------------


def locates(wire: Wire, count: int, name: str = "video") -> None:
    """Who was called says that many addresses."""
    found = replace(wire.callee.transport, candidates=(CANDIDATE,) * count)
    said = Content(name, transport=found)
    wire.caller.happens(e.Asked(wire.callee.me, Jingle(Action.TRANSPORT_INFO, "m", (said,))))


@pytest.mark.parametrize("adds", [True, False])
def test_addresses_of_pictures_with_a_path_of_their_own_go_with_them(adds: bool) -> None:
    wire = in_a_call()
    here = wire.caller if adds else wire.callee
    locates(wire, 28, "audio")
    for _ in range(3):
        here.happens(e.Show(True))
        wire.settle()
        locates(wire, 60)
        locates(wire, ADDRESSES_TAKEN - 88)
        for name in ("video", "audio"):
            with pytest.raises(Fault, match="addresses enough"):
                locates(wire, 1, name)
        here.happens(e.Show(False))
        wire.settle()
    locates(wire, ADDRESSES_TAKEN - 28, "audio")
    with pytest.raises(Fault, match="addresses enough"):
        locates(wire, 1, "audio")


@pytest.mark.parametrize("adds", [True, False])
def test_addresses_of_pictures_that_share_the_path_of_the_sound_stay(adds: bool) -> None:
    wire = in_a_call()
    wire.caller.bundles = wire.callee.bundles = True
    here = wire.caller if adds else wire.callee
    for _ in range(2):
        here.happens(e.Show(True))
        wire.settle()
        locates(wire, ADDRESSES_TAKEN // 2)
        here.happens(e.Show(False))
        wire.settle()
    here.happens(e.Show(True))
    wire.settle()
    with pytest.raises(Fault, match="addresses enough"):
        locates(wire, 1)


# --- Paused, in trouble, held -------------------------------------------------------------------


def test_a_camera_pauses_and_nothing_is_negotiated() -> None:
    wire = in_a_call()
    wire.callee.happens(e.Show(True))
    wire.settle()
    wire.callee.actions()
    wire.callee.happens(e.Pause(True))
    (told,) = wire.callee.asked
    assert told == Jingle(
        Action.SESSION_INFO,
        "m",
        info=Info.MUTE,
        info_content="video",
        info_creator="responder",
    )
    wire.settle()
    view = wire.caller.view
    assert (view.paused_by_peer, view.shown_by_peer, view.muted_by_peer) == (True, False, False)
    wire.agrees()

    wire.callee.happens(e.Pause(False))
    wire.settle()
    assert wire.callee.actions() == ["mute", "unmute"]
    wire.agrees()
    assert wire.caller.view.shown_by_peer


def test_who_paused_before_is_paused_from_the_first_picture() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Pause(True))
    wire.caller.happens(e.Show(True))
    wire.settle()
    assert wire.caller.actions() == ["content-add", "mute"]
    assert wire.callee.view.paused_by_peer
    wire.agrees()


def test_a_camera_in_trouble_stays_wanted_and_those_who_watch_see_it_pause() -> None:
    wire = in_a_call(calling=True)
    wire.caller.happens(e.CameraTrouble("The camera was unplugged: plug it in again."))
    wire.settle()
    assert wire.caller.problem() == "The camera was unplugged: plug it in again."
    assert (wire.caller.view.showing, wire.caller.view.paused) == (True, False)
    assert wire.caller.shows()
    assert wire.callee.view.paused_by_peer

    wire.caller.happens(e.CameraTrouble(None))
    wire.settle()
    assert wire.caller.actions() == ["mute", "unmute"]
    assert wire.caller.problem() is None
    wire.agrees()


@pytest.mark.parametrize("calls", [True, False])
def test_while_a_call_is_held_nothing_is_shown_nor_watched(calls: bool) -> None:
    wire = in_a_call(calling=True, answering=True)
    here = wire.caller if calls else wire.callee
    here.happens(e.Hold(True))
    wire.settle()
    for party in (wire.caller, wire.callee):
        assert (party.shows(), party.watches()) == (False, False)
    assert here.actions() == ["hold"]
    wire.agrees()

    here.happens(e.Hold(False))
    wire.settle()
    wire.agrees()


def test_sound_and_pictures_are_muted_apart_and_without_a_name_together() -> None:
    wire = in_a_call(calling=True, answering=True)
    there, here = wire.caller.me, wire.callee

    def muted(info: Info, name: str | None) -> tuple[bool, bool]:
        said = Jingle(Action.SESSION_INFO, "m", info=info, info_content=name)
        here.happens(e.Asked(there, said))
        return here.view.muted_by_peer, here.view.paused_by_peer

    assert muted(Info.MUTE, "video") == (False, True)
    assert muted(Info.MUTE, "audio") == (True, True)
    assert muted(Info.UNMUTE, "video") == (True, False)
    assert muted(Info.UNMUTE, None) == (False, False)
    assert muted(Info.MUTE, None) == (True, True)
    assert muted(Info.ACTIVE, None) == (False, False)
    assert muted(Info.MUTE, "somewhere else") == (False, False)


def test_a_pause_of_pictures_that_are_not_there_is_no_pause_of_those_to_come() -> None:
    wire = in_a_call()
    said = Jingle(Action.SESSION_INFO, "m", info=Info.MUTE, info_content="video")
    wire.callee.happens(e.Asked(wire.caller.me, said))
    wire.callee.happens(e.Asked(wire.caller.me, replace(said, info_content=None)))
    wire.caller.happens(e.Show(True))
    wire.settle()
    assert wire.callee.view.shown_by_peer


def test_the_time_of_the_first_picture_is_the_first() -> None:
    wire = in_a_call(calling=True)
    wire.callee.happens(e.FirstPicture())
    first = wire.callee.view.times["first_video"]
    wire.callee.happens(e.FirstPicture())
    assert wire.callee.view.times["first_video"] == first


# --- Phones of another making -------------------------------------------------------------------


def test_who_does_not_let_contents_be_modified_is_told_of_a_pause() -> None:
    wire = in_a_call(calling=True, answering=True)
    wire.callee.happens(e.Show(False))
    wire.callee.happens(e.Refused(Action.CONTENT_MODIFY, "feature-not-implemented"))
    assert wire.callee.actions() == ["content-modify", "mute"]
    assert not wire.callee.shows()
    wire.callee.happens(e.Show(True))
    assert wire.callee.actions() == ["unmute"]
    assert wire.callee.shows()
    assert wire.callee.view.state is State.ACTIVE


def test_who_does_not_let_contents_be_modified_is_shown_pictures_all_the_same() -> None:
    wire = in_a_call(calling=True)
    wire.callee.happens(e.Show(True))
    wire.callee.happens(e.Refused(Action.CONTENT_MODIFY, "not-acceptable"))
    assert wire.callee.actions() == ["content-modify", "unmute"]
    assert wire.callee.shows()


def test_what_they_do_not_know_any_more_when_we_modify_it_is_gone() -> None:
    wire = in_a_call(calling=True)
    wire.callee.happens(e.Show(True))
    wire.callee.happens(e.Refused(Action.CONTENT_MODIFY, "item-not-found", ("video",)))
    assert wire.callee.pictures is None
    wire.callee.describes()
    assert wire.callee.actions() == ["content-modify", "content-add"]


@pytest.mark.parametrize("senders", [Senders.INITIATOR, Senders.NONE])
def test_who_says_that_we_send_no_more_is_obeyed(senders: Senders) -> None:
    wire = in_a_call(calling=True, answering=True)
    modify = Jingle(Action.CONTENT_MODIFY, "m", (Content("video", senders=senders),))
    wire.callee.happens(e.Asked(wire.caller.me, modify))
    assert not wire.callee.view.showing
    assert wire.callee.problem() == "The other side stopped our pictures."
    assert not wire.callee.shows()
    assert wire.callee.view.shown_by_peer == (senders is Senders.INITIATOR)


def test_who_says_that_we_send_does_not_turn_our_camera_on() -> None:
    wire = in_a_call(calling=True)
    modify = Jingle(Action.CONTENT_MODIFY, "m", (Content("video", senders=Senders.BOTH),))
    wire.callee.happens(e.Asked(wire.caller.me, modify))
    assert not wire.callee.shows()
    assert wire.callee.actions() == []


def test_a_modification_from_before_they_knew_of_ours_is_no_word_against_it() -> None:
    wire = in_a_call(calling=True)
    wire.callee.happens(e.Show(True))
    stale = Jingle(Action.CONTENT_MODIFY, "m", (Content("video", senders=Senders.INITIATOR),))
    wire.callee.happens(e.Asked(wire.caller.me, stale))
    assert wire.callee.view.showing
    wire.settle()
    wire.agrees()


def test_who_takes_pictures_out_that_it_knew_of_is_obeyed() -> None:
    wire = in_a_call(calling=True, answering=True)
    removal = Jingle(Action.CONTENT_REMOVE, "m", (Content("video"),))
    wire.callee.happens(e.Asked(wire.caller.me, removal))
    assert (wire.callee.view.showing, wire.callee.view.pictures) == (False, False)
    assert wire.callee.actions() == []
    assert wire.callee.view.state is State.ACTIVE


def test_an_answer_without_us_among_its_senders_is_obeyed() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    ours = video("initiator", wire.callee.transport, Senders.RESPONDER)
    wire.caller.happens(e.Asked(wire.callee.me, Jingle(Action.CONTENT_ACCEPT, "m", (ours,))))
    assert wire.caller.view.shown_by_peer
    assert not wire.caller.view.showing
    assert not wire.caller.shows()


def test_what_is_offered_for_them_alone_is_answered_so_and_modified_after() -> None:
    # Dino offers to send, and never that we may.
    wire = in_a_call()
    wire.callee.happens(e.Show(True))
    wire.callee.happens(e.Show(False))
    theirs = video("initiator", wire.caller.transport, Senders.INITIATOR)
    wire.callee.happens(e.Asked(wire.caller.me, Jingle(Action.CONTENT_ADD, "m", (theirs,))))
    wire.callee.happens(e.Show(True))
    wire.callee.describes()
    (accepted,) = wire.callee.asked
    assert accepted.contents[0].senders is Senders.INITIATOR
    wire.callee.happens(e.Granted(Action.CONTENT_ACCEPT))
    assert wire.callee.asked[1].contents == (Content("video", senders=Senders.BOTH),)


def test_who_was_called_adds_as_if_the_caller_had_and_is_understood() -> None:
    wire = in_a_call()
    theirs = video("initiator", wire.callee.transport, Senders.RESPONDER)
    wire.caller.happens(e.Asked(wire.callee.me, Jingle(Action.CONTENT_ADD, "m", (theirs,))))
    wire.caller.describes()
    assert wire.caller.view.shown_by_peer
    off = Jingle(Action.CONTENT_MODIFY, "m", (Content("video", "responder", senders=Senders.NONE),))
    wire.caller.happens(e.Asked(wire.callee.me, off))
    assert not wire.caller.view.shown_by_peer


def test_who_modifies_before_it_accepts_is_understood() -> None:
    # Dino says with whom it goes on before it accepts.
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.caller.happens(
        e.Asked(
            wire.callee.me,
            Jingle(Action.CONTENT_MODIFY, "m", (Content("video", senders=Senders.INITIATOR),)),
        )
    )
    assert not wire.caller.view.shown_by_peer
    accepted = video("initiator", wire.callee.transport, Senders.INITIATOR)
    wire.caller.happens(e.Asked(wire.callee.me, Jingle(Action.CONTENT_ACCEPT, "m", (accepted,))))
    assert (wire.caller.view.showing, wire.caller.view.shown_by_peer) == (True, False)
    assert wire.caller.shows()


def test_who_says_that_it_sends_is_not_shown_before_it_accepts() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    both = Jingle(Action.CONTENT_MODIFY, "m", (Content("video", senders=Senders.BOTH),))
    wire.caller.happens(e.Asked(wire.callee.me, both))
    assert not wire.caller.view.shown_by_peer


def test_what_we_let_go_of_is_taken_back_where_it_is_granted_after_all() -> None:
    wire = in_a_call()
    wire.callee.happens(e.Show(True))
    wire.callee.describes()
    theirs = Jingle(Action.CONTENT_ADD, "m", (video("initiator", wire.caller.transport),))
    wire.callee.happens(e.Asked(wire.caller.me, theirs))
    wire.callee.happens(e.Granted(Action.CONTENT_ADD))
    assert wire.callee.asked[-1].contents == (Content("video", "responder"),)
    assert wire.callee.actions() == ["content-add", "content-remove"]


def test_an_answer_of_ours_that_they_refuse_leaves_no_ghost() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.deliver(wire.caller)
    wire.callee.describes()
    wire.callee.happens(e.Refused(Action.CONTENT_ACCEPT, "unexpected-request"))
    assert not wire.callee.view.pictures
    assert wire.callee.pictures is None


def test_pictures_whose_path_fails_are_taken_out_and_the_call_goes_on() -> None:
    wire = in_a_call(calling=True, answering=True)
    wire.callee.happens(e.PicturesFailed())
    assert wire.callee.asked[-1] == Jingle(
        Action.CONTENT_REMOVE, "m", (Content("video"),), Reason("failed-application")
    )
    wire.settle()
    wire.agrees()
    assert not wire.caller.view.pictures
    assert wire.callee.problem() == "The pictures could not be set up: try again."


def test_a_word_about_pictures_that_went_at_the_same_moment_ends_nothing() -> None:
    wire = in_a_call(calling=True)
    for action in (Action.SESSION_INFO, Action.TRANSPORT_INFO):
        wire.caller.happens(e.Refused(action, "item-not-found", ("video",)))
    assert wire.caller.view.state is State.ACTIVE
    wire.caller.happens(e.Refused(Action.SESSION_INFO, "item-not-found", ("audio",)))
    assert wire.caller.view.end is End.VANISHED


def test_a_far_phone_that_is_gone_is_gone_for_pictures_as_well() -> None:
    wire = in_a_call()
    wire.caller.happens(e.Tick(quiet=9.0))
    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    wire.caller.happens(e.Refused(Action.CONTENT_ADD, "service-unavailable"))
    assert wire.caller.view.end is End.VANISHED


# --- Hostile peers ------------------------------------------------------------------------------


def refuses(wire: Wire, jingle: Jingle) -> tuple[str, str | None]:
    """With what the caller refuses a request of the callee."""
    before = wire.caller.view
    with pytest.raises(Fault) as caught:
        wire.caller.happens(e.Asked(wire.callee.me, jingle))
    assert wire.caller.view == before
    assert wire.caller.actions() == []
    return caught.value.condition, caught.value.jingle


@pytest.mark.parametrize("action", [Action.CONTENT_MODIFY, Action.CONTENT_REMOVE])
@pytest.mark.parametrize("pictures", [True, False])
def test_what_is_not_there_is_not_found(action: Action, pictures: bool) -> None:
    wire = in_a_call(calling=pictures)
    for unknown in (Content("other"), Content("video", "responder")):
        assert refuses(wire, Jingle(action, "m", (unknown,))) == ("item-not-found", None)
    if not pictures:
        assert refuses(wire, Jingle(action, "m", (Content("video"),))) == ("item-not-found", None)


@pytest.mark.parametrize("action", [Action.CONTENT_ACCEPT, Action.CONTENT_REJECT])
def test_an_answer_to_what_nobody_asked_is_out_of_order(action: Action) -> None:
    out_of_order = ("unexpected-request", "out-of-order")
    answer = Jingle(action, "m", (video("initiator", FAR),))
    for wire in (in_a_call(), in_a_call(calling=True)):
        assert refuses(wire, answer) == out_of_order

    wire = agreed_to_talk(calling=True)
    wire.deliver(wire.callee)
    wire.deliver(wire.callee)
    assert wire.caller.pictures is not None
    assert refuses(wire, answer) == out_of_order

    wire = in_a_call()
    wire.caller.happens(e.Show(True))
    assert refuses(wire, answer) == out_of_order
    wire.caller.describes()
    wire.caller.actions()
    for other in (video("responder", FAR), Content("other")):
        assert refuses(wire, replace(answer, contents=(other,))) == out_of_order


def test_a_second_content_of_pictures_is_rejected_alone() -> None:
    wire = in_a_call(calling=True)
    second = replace(video("responder", wire.callee.transport), name="screen")
    wire.caller.happens(e.Asked(wire.callee.me, Jingle(Action.CONTENT_ADD, "m", (second,))))
    assert wire.caller.asked == [
        Jingle(
            Action.CONTENT_REJECT,
            "m",
            (Content("screen", "responder"),),
            Reason("unsupported-applications"),
        )
    ]
    wire.agrees()


def test_the_same_content_added_twice_is_out_of_order() -> None:
    wire = in_a_call(calling=True)
    again = Jingle(Action.CONTENT_ADD, "m", (video("initiator", wire.callee.transport),))
    assert refuses(wire, again) == ("unexpected-request", "out-of-order")


@pytest.mark.parametrize(
    "content",
    [
        replace(audio(FAR), name="more", transport=None),
        Content("nothing"),
        replace(video("responder", FAR), name="audio", transport=None),
    ],
)
def test_what_is_no_picture_or_has_a_name_that_is_taken_is_rejected(content: Content) -> None:
    wire = in_a_call()
    wire.caller.happens(e.Asked(wire.callee.me, Jingle(Action.CONTENT_ADD, "m", (content,))))
    assert wire.caller.actions() == ["content-reject"]
    assert not wire.caller.view.pictures


def test_of_many_contents_the_first_of_pictures_is_taken_and_the_others_rejected() -> None:
    wire = in_a_call()
    first = video("responder", wire.callee.transport)
    others = (replace(first, name="screen"), replace(audio(first.transport or FAR), name="more"))
    jingle = Jingle(Action.CONTENT_ADD, "m", (*others[1:], first, *others[:1]))
    wire.caller.happens(e.Asked(wire.callee.me, jingle))
    wire.caller.describes()
    rejected, accepted = wire.caller.asked
    assert rejected.contents == (Content("more"), Content("screen", "responder"))
    assert [content.name for content in accepted.contents] == ["video"]


def test_keys_that_were_not_verified_with_the_session_are_no_keys_of_pictures() -> None:
    wire = in_a_call()
    assert wire.caller.view.verification is not None
    forged = Jingle(Action.CONTENT_ADD, "m", (video("responder", FAR),))
    wire.caller.happens(e.Asked(wire.callee.me, forged))
    assert wire.caller.asked[0].reason == Reason("security-error")
    assert wire.caller.actions() == ["content-reject"]
    assert not wire.caller.view.pictures

    wire.caller.happens(e.Show(True))
    wire.caller.describes()
    forged = Jingle(Action.CONTENT_ACCEPT, "m", (video("initiator", FAR),))
    wire.caller.happens(e.Asked(wire.callee.me, forged))
    assert wire.caller.actions() == ["content-add", "content-remove"]
    assert (wire.caller.view.pictures, wire.caller.pictures) == (False, None)
    assert not wire.caller.shows()
    assert wire.caller.view.state is State.ACTIVE


def test_a_thousand_adds_in_a_second_cost_a_few() -> None:
    wire = in_a_call()
    call, described, refused = wire.caller.call, 0, 0
    for turn in range(1000):
        now = 1000.0 + turn / 1000
        added = replace(video("responder", wire.callee.transport), name=f"v{turn}")
        for jingle in (
            Jingle(Action.CONTENT_ADD, "m", (added,)),
            Jingle(Action.CONTENT_REMOVE, "m", (Content(added.name, "responder"),)),
        ):
            try:
                wanted = call.handle(e.Asked(wire.callee.me, jingle), now)
            except Fault as fault:
                refused += fault.condition == "resource-constraint"
            else:
                described += any(isinstance(command, c.TakePictures) for command in wanted)
                assert not any(isinstance(command, c.Ask) for command in wanted)
    assert described == ADDS_AT_ONCE
    assert refused == 1000 - ADDS_AT_ONCE
    assert call.view().state is State.ACTIVE

    added = video("responder", wire.callee.transport)
    later = 1001.0 + ADDS_AGAIN_AFTER
    wanted = call.handle(e.Asked(wire.callee.me, Jingle(Action.CONTENT_ADD, "m", (added,))), later)
    assert any(isinstance(command, c.TakePictures) for command in wanted)


def test_a_thousand_modifications_in_a_second_are_answered_with_nothing() -> None:
    wire = in_a_call(calling=True, answering=True)
    for turn in range(1000):
        senders = (Senders.BOTH, Senders.INITIATOR, Senders.RESPONDER, Senders.NONE)[turn % 4]
        modify = Jingle(Action.CONTENT_MODIFY, "m", (Content("video", senders=senders),))
        wire.callee.happens(e.Asked(wire.caller.me, modify))
    assert wire.callee.actions() == []
    assert wire.callee.view.state is State.ACTIVE


def test_before_anybody_answered_nothing_is_added() -> None:
    callee = Party("b@x.example", "a@x.example", "B")
    far = "a@x.example/desk"
    offer = Jingle(Action.SESSION_INITIATE, "m", (audio(FAR), video("initiator", FAR)))
    callee.happens(e.Asked(far, offer))
    assert callee.view.pictures
    with pytest.raises(Fault) as caught:
        callee.happens(e.Asked(far, Jingle(Action.CONTENT_ADD, "m", (video("initiator", FAR),))))
    assert caught.value.jingle == "out-of-order"
    assert callee.describing is None


def test_when_the_call_is_over_pictures_are_of_no_more_concern() -> None:
    wire = in_a_call(calling=True)
    wire.caller.happens(e.HangUp())
    wire.caller.actions()
    for event in (
        e.Show(False),
        e.Pause(True),
        e.PicturesFailed(),
        e.PicturesUp(),
        e.Granted(Action.CONTENT_ADD),
        e.CameraTrouble("The camera is gone."),
        e.Elapsed(Timer.PICTURES),
        e.Pinged(Liveness.ALIVE),
    ):
        assert wire.caller.call.handle(event, 2000.0) == []
