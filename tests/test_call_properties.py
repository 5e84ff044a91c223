"""Whatever happens to a call, in whatever order and by whomever said, it stays a call: its state
is legal, its end is final, and nothing leaves before both people agreed."""

from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from twocan import commands as c
from twocan import events as e
from twocan import verification
from twocan.call import WAITS_AT_MOST, Call
from twocan.messages import (
    Accept,
    Action,
    Content,
    Description,
    Fault,
    Fingerprint,
    Finish,
    Info,
    Initiation,
    Jingle,
    Proceed,
    Propose,
    Reason,
    Reject,
    Retract,
    Ringing,
    Senders,
    Transport,
)
from twocan.states import CallView, End, Liveness, State, Timer

ME, MY_OTHER = "us@site.example/desk", "us@site.example/pocket"
PEER = "them@site.example"
FAR, FAR_OTHER = "them@site.example/desk", "them@site.example/pocket"
STRANGER = "stranger@site.example/desk"

OURS, THEIRS = b"o" * verification.NONCE_BYTES, b"t" * verification.NONCE_BYTES
OUR_PRINT = Fingerprint("sha-256", ":".join(["0A"] * 32))
THEIR_PRINT = Fingerprint("sha-256", ":".join(["7E"] * 32))

DIAGRAM = {
    State.NEW: {State.DIALLING, State.INCOMING, State.ENDED},
    State.DIALLING: {State.RINGING, State.CONNECTING, State.ENDED},
    State.RINGING: {State.CONNECTING, State.ENDED},
    State.INCOMING: {State.CONNECTING, State.ENDED},
    State.CONNECTING: {State.ACTIVE, State.ENDED},
    State.ACTIVE: {State.ENDED},
    State.ENDED: set(),
}
"""The one at the top of `call.py`."""

REVEALING = (
    c.Initiate,
    c.Respond,
    c.Connect,
    c.AddCandidates,
    c.AddPictures,
    c.TakePictures,
    c.ConnectPictures,
    c.Flow,
)
AGREED = {State.CONNECTING, State.ACTIVE}

# --- What can happen ----------------------------------------------------------------------------

SIDS = st.sampled_from(["m", "a", "z"])
SENDERS = st.sampled_from([FAR, FAR, FAR, FAR_OTHER, MY_OTHER, ME, STRANGER, PEER])
REASONS = st.none() | st.builds(
    Reason, st.sampled_from(["success", "decline", "busy", "timeout", "media-error", "no-such"])
)
COMMITMENTS = st.sampled_from(
    [
        None,
        verification.commit("initiator", THEIRS, [THEIR_PRINT]),
        verification.commit("responder", THEIRS, [THEIR_PRINT]),
        b"short",
    ]
)
MESSAGES: st.SearchStrategy[Initiation] = st.one_of(
    st.builds(Propose, SIDS, st.just(("audio",)), COMMITMENTS, st.none() | st.just("a.b.c")),
    st.builds(Ringing, SIDS),
    st.builds(Proceed, SIDS, COMMITMENTS),
    st.builds(Accept, SIDS),
    st.builds(Reject, SIDS, REASONS, st.booleans()),
    st.builds(Retract, SIDS, REASONS, st.booleans()),
    st.builds(Finish, SIDS, REASONS),
)
THEIR_TRANSPORT = Transport("ufrag", "p" * 22, (), (THEIR_PRINT,))
ROLES = st.sampled_from(["initiator", "responder"])
CONTENTS = st.lists(
    st.builds(
        Content,
        st.sampled_from(["audio", "video"]),
        ROLES,
        st.sampled_from(list(Senders)),
        st.sampled_from([None, Description("audio"), Description("video")]),
        st.sampled_from([THEIR_TRANSPORT, THEIR_TRANSPORT, Transport(), None]),
    ),
    max_size=2,
).map(tuple)
JINGLES = st.builds(
    Jingle,
    st.sampled_from(list(Action)),
    SIDS,
    CONTENTS,
    REASONS,
    st.none() | st.sampled_from(list(Info)),
    nonce=st.sampled_from([THEIRS, THEIRS, None, b""]),
)
# Chance alone seldom comes far: so a run begins with what two well-behaved phones say, up to some
# point, and anything may come between and after.
OFFER = Jingle(
    Action.SESSION_INITIATE, "m", (Content("audio", transport=THEIR_TRANSPORT),), nonce=THEIRS
)
COURSES: list[list[e.Event]] = [
    [
        e.Dial(),
        e.Heard(FAR, Ringing("m")),
        e.Heard(FAR, Proceed("m", verification.commit("responder", THEIRS, [THEIR_PRINT]))),
        e.Asked(FAR, replace(OFFER, action=Action.SESSION_ACCEPT)),
        e.Connected(),
    ],
    [
        e.Heard(
            FAR, Propose("m", ("audio",), verification.commit("initiator", THEIRS, [THEIR_PRINT]))
        ),
        e.Answer(),
        e.Asked(FAR, OFFER),
        e.Connected(),
    ],
    [e.Asked(FAR, replace(OFFER, nonce=None)), e.Answer(), e.Connected()],
    [e.Dial(), e.Heard(FAR, Propose("a")), e.Asked(FAR, replace(OFFER, sid="a")), e.Connected()],
]


MORE = e.Asked(FAR, replace(OFFER, action=Action.TRANSPORT_INFO))
PLAUSIBLE = st.sampled_from([MORE, *(happening for course in COURSES for happening in course)])
EVENTS: st.SearchStrategy[e.Event] = st.one_of(
    *[PLAUSIBLE] * 5,
    st.builds(e.Dial, st.booleans(), st.none() | st.just("a.b.c")),
    st.builds(e.Answer, st.booleans()),
    st.just(e.Decline()),
    st.builds(e.HangUp, st.sampled_from(list(End))),
    st.builds(e.Hold, st.booleans()),
    st.builds(e.Mute, st.booleans()),
    *[st.builds(e.Show, st.booleans())] * 2,
    st.builds(e.Pause, st.booleans()),
    st.builds(e.CameraTrouble, st.sampled_from([None, "The camera is gone."])),
    st.builds(e.Described, CONTENTS),
    *[st.builds(e.PicturesDescribed, st.builds(Content, st.just("video"), ROLES))] * 2,
    st.just(e.PicturesUp()),
    st.just(e.PicturesFailed()),
    st.just(e.FirstPicture()),
    st.builds(e.Granted, st.sampled_from(list(Action))),
    st.builds(e.Heard, SENDERS, MESSAGES, st.sampled_from([0.0, 0.0, 44.0, 179.0, 1e9])),
    st.builds(e.Missed, SENDERS, st.builds(Propose, SIDS), st.sampled_from([0.0, 44.0, 1e9])),
    st.builds(e.Engaged, SENDERS, st.builds(Propose, SIDS) | JINGLES),
    st.builds(e.Asked, SENDERS, JINGLES),
    st.builds(e.Undelivered, st.sampled_from(["service-unavailable", "forbidden", "gone"])),
    st.builds(
        e.Refused,
        st.sampled_from(list(Action)),
        st.sampled_from(["item-not-found", "service-unavailable", "bad-request", "conflict"]),
        st.sampled_from([(), ("audio",), ("video",)]),
    ),
    st.builds(e.Elapsed, st.sampled_from(list(Timer))),
    st.builds(e.Found, CONTENTS),
    st.just(e.Connected()),
    st.just(e.FirstSound()),
    st.builds(e.MediaLost, st.sampled_from(list(End))),
    st.just(e.MediaParted()),
    st.builds(e.Tick, st.sampled_from([0.0, 2.5, 10.0, 1e9])),
    st.builds(e.Pinged, st.sampled_from(list(Liveness))),
    st.just(e.SignedOut()),
)


@st.composite
def happenings(draw: st.DrawFn) -> list[e.Event]:
    course = draw(st.sampled_from(COURSES))
    begun = course[: draw(st.integers(0, len(course)))]
    mixed = [
        happening
        for expected in begun
        for happening in [*draw(st.lists(EVENTS, max_size=1)), expected]
    ]
    return mixed + draw(st.lists(EVENTS, max_size=12))


# --- What must hold -----------------------------------------------------------------------------


@dataclass
class Witness:
    """Lets things happen to a call and looks at what becomes of it."""

    call: Call = field(default_factory=lambda: Call("m", ME, PEER, OURS, [OUR_PRINT]))
    now: float = 0.0
    agreed: bool = False
    released: int = 0
    promised: list[bytes | None] = field(default_factory=list)

    def sees(self, happening: e.Event) -> None:
        self.now += 1.0
        before = self.call.view()
        wanted = self.tries(happening)
        if isinstance(wanted, Fault):
            assert self.call.view() == before
            assert isinstance(happening, e.Asked)
            unknown = (wanted.condition, wanted.jingle) == ("item-not-found", "unknown-session")
            assert unknown or before.state is not State.ENDED
            return
        after = self.call.view()
        self.follows_the_diagram(before, after)
        self.is_over_once(before, after, wanted)
        self.withholds_until_agreed(happening, before, after, wanted)
        self.verifies_only_what_was_promised(happening, after)
        for command in wanted:
            assert isinstance(command, c.Command)
            assert not isinstance(command, c.Start) or command.seconds >= 0
        self.rings_no_longer_than_it_may(after, wanted)

    def rings_no_longer_than_it_may(self, after: CallView, wanted: list[c.Command]) -> None:
        for command in wanted:
            if isinstance(command, c.Start) and command.timer is Timer.RING:
                assert self.now + command.seconds <= after.times["started"] + WAITS_AT_MOST
                assert after.state in (State.DIALLING, State.RINGING, State.INCOMING)

    def tries(self, happening: e.Event) -> list[c.Command] | Fault:
        try:
            return self.call.handle(happening, self.now)
        except Fault as fault:
            return fault

    def follows_the_diagram(self, before: CallView, after: CallView) -> None:
        assert after.state is before.state or after.state in DIAGRAM[before.state]
        assert (after.end is not None) == (after.state is State.ENDED)
        assert after.ended_by in ((None, "us", "them") if after.end else (None,))
        assert ("ended" in after.times) == (after.state is State.ENDED)
        assert set(before.times.items()) <= set(after.times.items())

    def is_over_once(self, before: CallView, after: CallView, wanted: list[c.Command]) -> None:
        if before.state is State.ENDED:
            assert wanted == []
            assert after == before
        self.released += wanted.count(c.Release())
        assert self.released == (after.state is State.ENDED)
        if self.released and wanted:
            assert wanted[-1] == c.Release()

    def withholds_until_agreed(
        self, happening: e.Event, before: CallView, after: CallView, wanted: list[c.Command]
    ) -> None:
        self.agreed = self.agreed or before.state in AGREED or after.state in AGREED
        assert self.agreed or not any(isinstance(command, REVEALING) for command in wanted)
        for command in wanted:
            if isinstance(command, c.Initiate):
                assert before.outgoing
                assert isinstance(happening, e.Heard)
            if isinstance(command, c.Ask) and command.jingle.action is Action.TRANSPORT_INFO:
                assert self.agreed

    def verifies_only_what_was_promised(self, happening: e.Event, after: CallView) -> None:
        if isinstance(happening, e.Heard) and isinstance(happening.message, Propose | Proceed):
            self.promised.append(happening.message.commitment)
        if after.verification is not None:
            opened = (
                verification.commit(role, THEIRS, [THEIR_PRINT])
                for role in ("initiator", "responder")
            )
            assert any(commitment in self.promised for commitment in opened)


@settings(deadline=None, max_examples=1000)
@given(happenings())
def test_any_sequence_of_events_leaves_a_legal_call(sequence: list[e.Event]) -> None:
    witness = Witness()
    for happening in sequence:
        witness.sees(happening)


@settings(deadline=None, max_examples=200)
@given(happenings(), st.lists(EVENTS, min_size=1, max_size=8))
def test_a_call_that_ended_has_ended(before: list[e.Event], after: list[e.Event]) -> None:
    witness = Witness()
    for happening in [*before, e.HangUp(), *after]:
        witness.sees(happening)
    assert witness.call.state is State.ENDED


def reached(course: list[e.Event]) -> set[State]:
    call = Call("m", ME, PEER, OURS, [OUR_PRINT])
    states = {call.state}
    for now, happening in enumerate(course):
        call.handle(happening, now)
        states.add(call.state)
    return states


def test_the_courses_lead_through_every_state() -> None:
    assert set.union(*map(reached, COURSES)) == set(State) - {State.ENDED}
