"""The life of one call as conversations: what happened, and what the call wants done.

`Talk` is one end of a call. `hears` and the like let something happen to it and give the
commands that it answers with.
"""

import pytest

from twocan import verification
from twocan.address import bare
from twocan.call import (
    ADDRESSES_TAKEN,
    CONNECTS_WITHIN,
    NO_ANSWER_AFTER,
    PARTING_WITHIN,
    PING_EVERY,
    QUIET_AFTER,
    RINGS_FOR,
    TAKEN_WITHIN,
    VANISHED_AFTER,
    WAITS_AT_MOST,
    Call,
)
from twocan.commands import (
    AddCandidates,
    Ask,
    Command,
    Connect,
    Flow,
    Initiate,
    Ping,
    Prepare,
    Release,
    Respond,
    Start,
    Stop,
    Tell,
)
from twocan.events import (
    Answer,
    Asked,
    Connected,
    Decline,
    Dial,
    Elapsed,
    Engaged,
    Event,
    FirstSound,
    Found,
    HangUp,
    Heard,
    Hold,
    MediaLost,
    MediaParted,
    Missed,
    Mute,
    Pinged,
    Refused,
    SignedOut,
    Tick,
    Undelivered,
)
from twocan.messages import (
    Accept,
    Action,
    Candidate,
    Content,
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
from twocan.states import End, Liveness, State, Timer

US = "us@site.example"
OUR_DESK = "us@site.example/desk"
OUR_POCKET = "us@site.example/pocket"
THEM = "them@site.example"
THEIR_DESK = "them@site.example/desk"
THEIR_POCKET = "them@site.example/pocket"
STRANGER = "stranger@site.example/desk"
SID = "m-ours"

OUR_NONCE, THEIR_NONCE = b"o" * verification.NONCE_BYTES, b"t" * verification.NONCE_BYTES
OUR_PRINT = Fingerprint("sha-256", ":".join(["0A"] * 32))
THEIR_PRINT = Fingerprint("sha-256", ":".join(["7E"] * 32))
OTHER_PRINT = Fingerprint("sha-256", ":".join(["66"] * 32))

CANDIDATE = Candidate(1, "1", "192.0.2.7", 4000, 1, "udp", "host", "c1")
THEIR_AUDIO = Content("audio", transport=Transport("ufrag", "p" * 22, (), (THEIR_PRINT,)))
FORGED_AUDIO = Content("audio", transport=Transport("ufrag", "p" * 22, (), (OTHER_PRINT,)))
VIDEO = Content("video")
MORE = (Content("audio", transport=Transport("ufrag", "p" * 22, (CANDIDATE,))),)

LISTENING_AND_TALKING = Flow(sending=True, muted=False, playing=True)
BUSY, CANCEL, DECLINE, EXPIRED, SUCCESS, TIMEOUT, UNSAFE = map(
    Reason, ("busy", "cancel", "decline", "expired", "success", "timeout", "security-error")
)


def ours(role: str) -> bytes:
    return verification.commit(role, OUR_NONCE, [OUR_PRINT])


def theirs(role: str) -> bytes:
    return verification.commit(role, THEIR_NONCE, [THEIR_PRINT])


OFFER = Jingle(Action.SESSION_INITIATE, SID, (THEIR_AUDIO,), nonce=THEIR_NONCE)
ACCEPT = Jingle(Action.SESSION_ACCEPT, SID, (THEIR_AUDIO,), nonce=THEIR_NONCE)
PROPOSAL = Propose(SID, ("audio",), theirs("initiator"))
PROCEED = Proceed(SID, theirs("responder"))
PLAIN_OFFER = Jingle(Action.SESSION_INITIATE, SID, (THEIR_AUDIO,))


def terminate(reason: Reason | None = None) -> Jingle:
    return Jingle(Action.SESSION_TERMINATE, SID, reason=reason)


def info(about: Info | None, content: str | None = None) -> Jingle:
    return Jingle(Action.SESSION_INFO, SID, info=about, info_content=content)


class Talk:
    """One end of a call."""

    def __init__(self, sid: str = SID) -> None:
        self.call = Call(sid, OUR_DESK, THEM, OUR_NONCE, [OUR_PRINT])
        self.now = 100.0

    def happens(self, event: Event, after: float = 0.0) -> list[Command]:
        self.now += after
        return self.call.handle(event, self.now)

    def hears(self, message: Initiation, sender: str = THEIR_DESK) -> list[Command]:
        return self.happens(Heard(sender, message))

    def is_asked(self, jingle: Jingle, sender: str = THEIR_DESK) -> list[Command]:
        return self.happens(Asked(sender, jingle))

    def refuses(self, jingle: Jingle, sender: str = THEIR_DESK) -> tuple[str, str | None]:
        """The conditions of the stanza error and of XEP-0166 with which it is refused."""
        before = self.call.view()
        with pytest.raises(Fault) as caught:
            self.is_asked(jingle, sender)
        assert self.call.view() == before
        return caught.value.condition, caught.value.jingle

    def state(self) -> State:
        return self.call.state

    @property
    def ending(self) -> tuple[End | None, str | None]:
        view = self.call.view()
        assert view.state is State.ENDED
        return view.end, view.ended_by


def dialling(sid: str = SID) -> Talk:
    talk = Talk(sid)
    talk.happens(Dial())
    return talk


def ringing_there() -> Talk:
    talk = dialling()
    talk.hears(Ringing(SID))
    return talk


def calling() -> Talk:
    """We called, they took it, our offer is on its way."""
    talk = ringing_there()
    talk.hears(PROCEED)
    return talk


def accepted() -> Talk:
    talk = calling()
    talk.is_asked(ACCEPT)
    return talk


def talking() -> Talk:
    talk = accepted()
    talk.happens(Connected())
    return talk


def ringing_here() -> Talk:
    talk = Talk()
    talk.hears(PROPOSAL)
    return talk


def answered() -> Talk:
    """They called, we took it, their offer is on its way."""
    talk = ringing_here()
    talk.happens(Answer())
    return talk


def offered() -> Talk:
    talk = answered()
    talk.is_asked(OFFER)
    return talk


def talking_here() -> Talk:
    talk = offered()
    talk.happens(Connected())
    return talk


def ringing_unproposed() -> Talk:
    talk = Talk()
    talk.is_asked(PLAIN_OFFER)
    return talk


FINISHED = Tell(THEM, Finish(SID, SUCCESS))
BYE = [Ask(THEIR_DESK, terminate(SUCCESS)), FINISHED, Release()]


# --- From dialling to hanging up ----------------------------------------------------------------


def test_we_dial_it_rings_they_take_it_we_talk_we_hang_up() -> None:
    talk = Talk()

    assert talk.happens(Dial()) == [
        Tell(THEM, Propose(SID, ("audio",), ours("initiator"))),
        Start(Timer.RING, NO_ANSWER_AFTER),
        Prepare(),
    ]
    assert talk.state() is State.DIALLING
    assert talk.hears(Ringing(SID)) == [Start(Timer.RING, NO_ANSWER_AFTER)]
    assert talk.state() is State.RINGING
    assert talk.hears(PROCEED) == [
        Stop(Timer.RING),
        Start(Timer.CONNECT, CONNECTS_WITHIN),
        Initiate(THEIR_DESK, SID, OUR_NONCE),
    ]
    assert talk.state() is State.CONNECTING
    assert talk.is_asked(ACCEPT) == [Connect((THEIR_AUDIO,))]
    assert talk.happens(Connected()) == [Stop(Timer.CONNECT), LISTENING_AND_TALKING]
    assert talk.state() is State.ACTIVE
    assert talk.happens(HangUp()) == BYE
    assert talk.ending == (End.HUNG_UP, "us")


def test_they_dial_it_rings_here_we_take_it_we_talk_they_hang_up() -> None:
    talk = Talk()

    assert talk.hears(PROPOSAL) == [
        Tell(THEM, Ringing(SID)),
        Start(Timer.RING, RINGS_FOR),
        Prepare(),
    ]
    assert talk.state() is State.INCOMING
    assert talk.happens(Answer()) == [
        Tell(THEIR_DESK, Proceed(SID, ours("responder"))),
        Tell(US, Accept(SID)),
        Stop(Timer.RING),
        Start(Timer.CONNECT, CONNECTS_WITHIN),
    ]
    assert talk.state() is State.CONNECTING
    assert talk.is_asked(OFFER) == [Stop(Timer.TAKEN), Respond(THEIR_DESK, OFFER, OUR_NONCE)]
    assert talk.happens(Connected()) == [Stop(Timer.CONNECT), LISTENING_AND_TALKING]
    assert talk.state() is State.ACTIVE
    assert talk.is_asked(terminate(SUCCESS)) == [FINISHED, Release()]
    assert talk.ending == (End.HUNG_UP, "them")


def test_the_times_are_when_things_happened_first() -> None:
    talk = Talk()
    talk.happens(Dial(), after=1)
    talk.happens(Heard(THEIR_DESK, Ringing(SID)), after=1)
    talk.happens(Heard(THEIR_POCKET, Ringing(SID)), after=1)
    talk.happens(Heard(THEIR_DESK, PROCEED), after=1)
    talk.happens(Asked(THEIR_DESK, ACCEPT), after=1)
    talk.happens(Connected(), after=1)
    talk.happens(FirstSound(), after=1)
    talk.happens(FirstSound(), after=1)
    talk.happens(HangUp(), after=1)

    assert talk.call.view().times == {
        "started": 101,
        "ringing": 102,
        "answered": 104,
        "connected": 106,
        "first_audio": 107,
        "ended": 109,
    }


def test_they_take_it_before_any_phone_said_that_it_rings() -> None:
    talk = dialling()
    talk.hears(PROCEED)
    assert talk.state() is State.CONNECTING


def test_only_the_phone_that_took_it_first_is_offered_the_call() -> None:
    talk = ringing_there()
    talk.hears(PROCEED, THEIR_POCKET)

    assert talk.hears(PROCEED, THEIR_DESK) == []
    assert talk.refuses(ACCEPT, THEIR_DESK) == ("item-not-found", "unknown-session")
    assert talk.is_asked(ACCEPT, THEIR_POCKET) == [Connect((THEIR_AUDIO,))]


# --- Not taken ----------------------------------------------------------------------------------


def test_they_decline() -> None:
    talk = ringing_there()
    assert talk.hears(Reject(SID, DECLINE)) == [Release()]
    assert talk.ending == (End.DECLINED, "them")


def test_we_decline() -> None:
    talk = ringing_here()
    assert talk.happens(Decline()) == [Tell(THEM, Reject(SID, DECLINE)), Release()]
    assert talk.ending == (End.DECLINED, "us")


def test_to_hang_up_what_rings_here_is_to_decline() -> None:
    talk = ringing_here()
    assert talk.happens(HangUp()) == [Tell(THEM, Reject(SID, DECLINE)), Release()]
    assert talk.ending == (End.DECLINED, "us")


@pytest.mark.parametrize(
    ("condition", "end"),
    [
        (None, End.DECLINED),
        ("decline", End.DECLINED),
        ("cancel", End.DECLINED),
        ("success", End.DECLINED),
        ("gone", End.DECLINED),
        ("busy", End.BUSY),
        ("timeout", End.NO_ANSWER),
        ("expired", End.REPLACED),
        ("connectivity-error", End.CONNECTION_FAILED),
        ("incompatible-parameters", End.INCOMPATIBLE),
        ("general-error", End.FAILED),
    ],
)
def test_why_they_reject_is_why_it_ended(condition: str | None, end: End) -> None:
    for talk in (dialling(), ringing_there()):
        talk.hears(Reject(SID, Reason(condition) if condition else None))
        assert talk.ending == (end, "them")


def test_who_is_in_another_call_is_busy() -> None:
    talk = Talk()
    assert talk.happens(Engaged(THEIR_DESK, PROPOSAL)) == [
        Tell(THEM, Reject(SID, BUSY)),
        Release(),
    ]
    assert talk.ending == (End.BUSY, "us")
    assert "ringing" not in talk.call.view().times


def test_who_is_in_another_call_is_busy_for_an_offer_without_proposal_as_well() -> None:
    talk = Talk()
    assert talk.happens(Engaged(THEIR_DESK, PLAIN_OFFER)) == [
        Ask(THEIR_DESK, terminate(BUSY)),
        Release(),
    ]
    assert talk.ending == (End.BUSY, "us")
    assert "ringing" not in talk.call.view().times


def test_we_cancel() -> None:
    for talk in (dialling(), ringing_there()):
        assert talk.happens(HangUp()) == [Tell(THEM, Retract(SID, CANCEL)), Release()]
        assert talk.ending == (End.CANCELLED, "us")


@pytest.mark.parametrize(
    ("condition", "end"),
    [
        (None, End.CANCELLED),
        ("cancel", End.CANCELLED),
        ("success", End.CANCELLED),
        ("decline", End.CANCELLED),
        ("busy", End.CANCELLED),
        ("timeout", End.NO_ANSWER),
        ("expired", End.REPLACED),
        ("general-error", End.FAILED),
    ],
)
def test_why_they_take_it_back_is_why_it_stopped_ringing(condition: str | None, end: End) -> None:
    talk = ringing_here()
    assert talk.hears(Retract(SID, Reason(condition) if condition else None)) == [Release()]
    assert talk.ending == (end, "them")


def test_they_cancel_in_the_moment_in_which_we_answer() -> None:
    talk = answered()
    assert talk.hears(Retract(SID, CANCEL)) == [Release()]
    assert talk.ending == (End.CANCELLED, "them")


def test_they_answer_in_the_moment_in_which_we_cancel() -> None:
    talk = ringing_there()
    talk.happens(HangUp())

    assert talk.hears(PROCEED) == []
    assert talk.ending == (End.CANCELLED, "us")


def test_it_rings_there_and_nobody_answers() -> None:
    talk = ringing_there()
    assert talk.happens(Elapsed(Timer.RING)) == [Tell(THEM, Retract(SID, TIMEOUT)), Release()]
    assert talk.ending == (End.NO_ANSWER, None)


def test_no_phone_of_theirs_rings() -> None:
    talk = dialling()
    assert talk.happens(Elapsed(Timer.RING)) == [Tell(THEM, Retract(SID, TIMEOUT)), Release()]
    assert talk.ending == (End.UNREACHABLE, None)


def test_it_rings_here_and_nobody_answers_which_our_other_phones_may_still_do() -> None:
    talk = ringing_here()
    assert talk.happens(Elapsed(Timer.RING)) == [Release()]
    assert talk.ending == (End.NO_ANSWER, None)


@pytest.mark.parametrize(
    ("condition", "end"),
    [
        ("service-unavailable", End.UNREACHABLE),
        ("recipient-unavailable", End.UNREACHABLE),
        ("forbidden", End.FORBIDDEN),
        ("not-allowed", End.FORBIDDEN),
        ("policy-violation", End.FORBIDDEN),
    ],
)
def test_a_proposal_comes_back(condition: str, end: End) -> None:
    talk = dialling()
    assert talk.happens(Undelivered(condition)) == [Release()]
    assert talk.ending == (end, None)


@pytest.mark.parametrize("condition", ["service-unavailable", "forbidden"])
def test_a_proposal_that_one_phone_never_had_rings_on_at_another(condition: str) -> None:
    """A server keeps it for a phone that vanished, and sends it back minutes later."""
    talk, states = ringing_there(), []
    for event in (Undelivered(condition), Heard(THEIR_DESK, Proceed(SID)), Undelivered(condition)):
        talk.happens(event)
        states.append(talk.call.state)
    assert states == [State.RINGING, State.CONNECTING, State.CONNECTING]


def test_a_proposal_that_waited_for_us_does_not_ring_any_more() -> None:
    talk = Talk()
    assert talk.happens(Heard(THEIR_DESK, PROPOSAL, age=WAITS_AT_MOST)) == [Release()]
    assert talk.ending == (End.NO_ANSWER, None)
    times = talk.call.view().times
    assert "ringing" not in times
    assert times["ended"] - times["started"] == WAITS_AT_MOST


def test_a_call_that_was_missed_never_rang_and_began_when_it_did() -> None:
    talk = Talk()
    assert talk.happens(Missed(THEIR_DESK, PROPOSAL, 5.0, "Demo Ann")) == [Release()]
    assert talk.ending == (End.NO_ANSWER, None)
    view = talk.call.view()
    assert "ringing" not in view.times
    assert view.times["ended"] - view.times["started"] == 5.0
    assert (view.outgoing, view.peer_name) == (False, "Demo Ann")


@pytest.mark.parametrize(
    ("age", "seconds"),
    [(30.0, RINGS_FOR), (WAITS_AT_MOST - 20.0, 20.0), (WAITS_AT_MOST - 0.5, 0.5)],
)
def test_a_proposal_that_waited_rings_as_long_as_the_caller_may_wait(
    age: float, seconds: float
) -> None:
    talk = Talk()
    commands = talk.happens(Heard(THEIR_DESK, PROPOSAL, age=age))
    assert Start(Timer.RING, seconds) in commands
    assert Tell(THEM, Ringing(SID)) in commands


# --- Waiting for somebody who has yet to install a phone ------------------------------------------


def test_each_ringing_begins_the_time_anew_up_to_a_limit() -> None:
    talk, waits = dialling(), []
    begun = talk.now
    for later in (0.0, 20.0, 40.0, 130.0, 150.0, 179.0, 200.0):
        talk.now = begun + later
        [start] = talk.hears(Ringing(SID))
        assert isinstance(start, Start)
        waits.append((start.timer, start.seconds))
    assert waits == [(Timer.RING, left) for left in (45.0, 45.0, 45.0, 45.0, 30.0, 1.0, 0.0)]
    assert talk.happens(Elapsed(Timer.RING)) == [
        Tell(THEM, Retract(SID, Reason("timeout"))),
        Release(),
    ]
    assert talk.ending == (End.NO_ANSWER, None)


def test_only_a_device_of_the_callee_has_the_caller_wait() -> None:
    talk = ringing_there()
    assert talk.hears(Ringing(SID), "somebody@site.example/phone") == []
    assert talk.hears(Ringing(SID), OUR_POCKET) == []


def test_a_phone_rings_on_while_another_device_of_its_person_says_that_it_does() -> None:
    talk = ringing_here()
    begun = talk.call.view().times["started"]
    talk.now = begun + 50.0
    assert talk.hears(Ringing(SID), OUR_POCKET) == [Start(Timer.RING, RINGS_FOR)]
    talk.now = begun + WAITS_AT_MOST - 10.0
    assert talk.hears(Ringing(SID), OUR_POCKET) == [Start(Timer.RING, 10.0)]
    assert talk.hears(Ringing(SID), THEIR_POCKET) == []


# --- What people are called -----------------------------------------------------------------------


def test_a_card_goes_along_with_the_proposal_and_is_in_no_repr() -> None:
    talk = Talk()
    tell, *_ = talk.happens(Dial(card="a.b.c", name="Demo Ben"))
    assert tell == Tell(THEM, Propose(SID, ("audio",), ours("initiator"), "a.b.c"))
    assert "a.b.c" not in repr(tell) + repr(Dial(card="a.b.c"))
    assert talk.call.view().peer_name == "Demo Ben"


def test_a_caller_has_the_name_that_was_vouched_for() -> None:
    talk = Talk()
    talk.happens(Heard(THEIR_DESK, PROPOSAL, name="Demo Ann"))
    assert talk.call.view().peer_name == "Demo Ann"


def test_the_supernode_ends_our_session_while_it_rings() -> None:
    for talk in (dialling(), ringing_there(), ringing_here()):
        assert talk.happens(SignedOut()) == [Release()]
        assert talk.ending == (End.SIGNED_OUT, None)


# --- Several phones of one person ---------------------------------------------------------------


@pytest.mark.parametrize("said", [Accept(SID), Proceed(SID)])
def test_our_other_phone_took_it(said: Initiation) -> None:
    talk = ringing_here()
    assert talk.hears(said, OUR_POCKET) == [Release()]
    assert talk.ending == (End.ANSWERED_ELSEWHERE, "us")


def test_our_other_phone_declined() -> None:
    talk = ringing_here()
    assert talk.hears(Reject(SID, DECLINE), OUR_POCKET) == [Release()]
    assert talk.ending == (End.DECLINED_ELSEWHERE, "us")


def test_our_other_phone_dialled_them_in_the_same_moment_and_its_call_stays() -> None:
    talk = ringing_here()
    assert talk.hears(Reject(SID, EXPIRED, tie_break=True), OUR_POCKET) == [Release()]
    assert talk.ending == (End.REPLACED, "us")


def test_both_our_phones_answer_and_they_pick_the_other() -> None:
    talk = answered()
    assert talk.hears(Proceed(SID), OUR_POCKET) == [Start(Timer.TAKEN, TAKEN_WITHIN)]
    assert talk.happens(Elapsed(Timer.TAKEN)) == [Release()]
    assert talk.ending == (End.ANSWERED_ELSEWHERE, "us")


def test_both_our_phones_answer_and_they_pick_this_one() -> None:
    talk = answered()
    talk.hears(Accept(SID), OUR_POCKET)
    assert Stop(Timer.TAKEN) in talk.is_asked(OFFER)

    assert talk.hears(Proceed(SID), OUR_POCKET) == []
    assert talk.happens(Elapsed(Timer.TAKEN)) == []
    assert talk.state() is State.CONNECTING


def test_our_own_echo_is_nothing_new() -> None:
    for talk in (ringing_here(), answered()):
        before = talk.call.view()
        for message in (Accept(SID), Proceed(SID), Reject(SID), Retract(SID), Finish(SID)):
            assert talk.hears(message, OUR_DESK) == []
        assert talk.call.view() == before


def test_what_our_other_phones_do_is_nothing_to_a_call_that_we_made() -> None:
    for talk in (dialling(), ringing_there()):
        before = talk.call.view()
        for message in (Accept(SID), PROCEED, Reject(SID), Retract(SID), Ringing(SID), PROPOSAL):
            assert talk.hears(message, OUR_POCKET) == []
        assert talk.call.view() == before


# --- Strangers ----------------------------------------------------------------------------------

SAID = [
    Ringing(SID),
    PROCEED,
    Accept(SID),
    Reject(SID, DECLINE),
    Retract(SID, CANCEL),
    Finish(SID, SUCCESS),
    Propose("m-lower", ("audio",), theirs("initiator")),
]


@pytest.mark.parametrize("message", SAID, ids=lambda said: type(said).__name__)
def test_a_stranger_who_knows_the_sid_changes_nothing(message: Initiation) -> None:
    for begin in (dialling, ringing_there, ringing_here, answered, calling, talking):
        talk = begin()
        before = talk.call.view()
        assert talk.hears(message, STRANGER) == []
        assert talk.call.view() == before


@pytest.mark.parametrize("action", list(Action))
def test_a_stranger_who_knows_the_sid_is_told_that_there_is_no_such_session(
    action: Action,
) -> None:
    request = Jingle(action, SID, (THEIR_AUDIO,), nonce=THEIR_NONCE)
    for begin in (dialling, ringing_there, ringing_here, answered, offered, accepted, talking):
        talk = begin()
        assert talk.refuses(request, STRANGER) == ("item-not-found", "unknown-session")
        assert talk.refuses(request, THEIR_POCKET) == ("item-not-found", "unknown-session")


# --- Both dial at the same moment (XEP-0353, tie-breaking) ---------------------------------------


def test_both_dial_and_ours_is_the_lower_session() -> None:
    talk = dialling("a")

    assert talk.hears(Propose("b", ("audio",), theirs("initiator"))) == [
        Tell(THEM, Reject("b", EXPIRED, tie_break=True))
    ]
    assert talk.state() is State.DIALLING
    assert talk.hears(Retract("b", EXPIRED, tie_break=True)) == []
    assert talk.hears(Proceed("a", theirs("responder"))) == [
        Stop(Timer.RING),
        Start(Timer.CONNECT, CONNECTS_WITHIN),
        Initiate(THEIR_DESK, "a", OUR_NONCE),
    ]


def test_both_dial_and_theirs_is_the_lower_session() -> None:
    talk = dialling("b")

    assert talk.hears(Propose("a", ("audio",), theirs("initiator"))) == [
        Tell(THEM, Retract("b", EXPIRED, tie_break=True)),
        Tell(THEIR_DESK, Proceed("a", ours("responder"))),
        Tell(US, Accept("a")),
        Stop(Timer.RING),
        Start(Timer.CONNECT, CONNECTS_WITHIN),
    ]
    assert talk.call.sid == "a"
    assert talk.state() is State.CONNECTING
    assert talk.call.view().outgoing

    offer = Jingle(Action.SESSION_INITIATE, "a", (THEIR_AUDIO,), nonce=THEIR_NONCE)
    assert Respond(THEIR_DESK, offer, OUR_NONCE) in talk.is_asked(offer)
    assert talk.call.view().verification == verification.code(
        (THEIR_NONCE, [THEIR_PRINT]), (OUR_NONCE, [OUR_PRINT])
    )


def test_both_dial_and_their_reject_comes_before_their_proposal() -> None:
    talk = dialling("b")
    assert talk.hears(Reject("b", EXPIRED, tie_break=True)) == []
    assert talk.state() is State.DIALLING
    talk.hears(Propose("a", ("audio",), theirs("initiator")))
    assert talk.state() is State.CONNECTING


def test_the_lower_session_is_that_of_the_lower_octets() -> None:
    # U+FF5E is one UTF-16 unit above U+1F600's first, and below it in octets.
    talk = dialling("\uff5e")
    talk.hears(Propose("\U0001f600", ("audio",)))
    assert talk.state() is State.DIALLING


def test_both_dial_with_the_very_same_session_and_the_lower_address_stays() -> None:
    # The bare addresses decide: them < us.
    ours_is_higher = dialling(SID)
    ours_is_higher.hears(Propose(SID, ("audio",), theirs("initiator")))
    assert ours_is_higher.state() is State.CONNECTING

    theirs_is_higher = Talk()
    theirs_is_higher.call = Call(SID, "a@site.example/desk", THEM, OUR_NONCE, [OUR_PRINT])
    theirs_is_higher.happens(Dial())
    theirs_is_higher.hears(Propose(SID, ("audio",), theirs("initiator")))
    assert theirs_is_higher.state() is State.DIALLING


def test_a_proposal_that_waited_does_not_take_part_in_a_tie() -> None:
    talk = dialling("b")
    stale = Heard(THEIR_DESK, Propose("a", ("audio",)), age=WAITS_AT_MOST)
    assert talk.happens(stale) == []
    assert talk.state() is State.DIALLING


def test_a_second_proposal_of_the_same_session_does_not_ring_twice() -> None:
    for talk in (ringing_here(), answered(), offered()):
        before = talk.call.view()
        assert talk.hears(PROPOSAL) == []
        assert talk.hears(PROPOSAL, THEIR_POCKET) == []
        assert talk.call.view() == before


# --- A caller without XEP-0353 ------------------------------------------------------------------


def test_an_offer_without_proposal_rings_is_answered_and_has_no_code() -> None:
    talk = Talk()

    assert talk.is_asked(PLAIN_OFFER) == [
        Ask(THEIR_DESK, info(Info.RINGING)),
        Start(Timer.RING, RINGS_FOR),
        Prepare(),
    ]
    assert talk.state() is State.INCOMING
    assert talk.happens(Answer()) == [
        Stop(Timer.RING),
        Start(Timer.CONNECT, CONNECTS_WITHIN),
        Respond(THEIR_DESK, PLAIN_OFFER, OUR_NONCE),
    ]
    assert talk.happens(Connected()) == [Stop(Timer.CONNECT), LISTENING_AND_TALKING]
    assert talk.call.view().verification is None
    assert talk.happens(HangUp()) == [Ask(THEIR_DESK, terminate(SUCCESS)), Release()]


def test_an_offer_without_proposal_is_declined() -> None:
    talk = ringing_unproposed()
    assert talk.happens(Decline()) == [Ask(THEIR_DESK, terminate(DECLINE)), Release()]


def test_an_offer_without_proposal_that_nobody_answers_is_ended() -> None:
    talk = ringing_unproposed()
    assert talk.happens(Elapsed(Timer.RING)) == [Ask(THEIR_DESK, terminate(TIMEOUT)), Release()]
    assert talk.ending == (End.NO_ANSWER, None)


@pytest.mark.parametrize(
    ("reason", "end"),
    [
        (None, End.CANCELLED),
        (SUCCESS, End.CANCELLED),
        (CANCEL, End.CANCELLED),
        (TIMEOUT, End.NO_ANSWER),
    ],
)
def test_an_offer_without_proposal_is_taken_back(reason: Reason | None, end: End) -> None:
    talk = ringing_unproposed()
    assert talk.is_asked(terminate(reason)) == [Release()]
    assert talk.ending == (end, "them")


def test_addresses_that_come_before_we_answer_are_not_even_looked_up_before() -> None:
    talk = ringing_unproposed()
    assert talk.is_asked(Jingle(Action.TRANSPORT_INFO, SID, MORE)) == []
    assert talk.is_asked(Jingle(Action.TRANSPORT_INFO, SID, MORE)) == []
    assert talk.happens(Answer())[-2:] == [
        Respond(THEIR_DESK, PLAIN_OFFER, OUR_NONCE),
        AddCandidates(MORE + MORE),
    ]


def test_a_call_takes_only_so_many_addresses_of_the_far_side() -> None:
    few = Jingle(Action.TRANSPORT_INFO, SID, (Content("audio"),))
    many = Content("audio", transport=Transport(candidates=(CANDIDATE,) * ADDRESSES_TAKEN))
    for talk in (ringing_unproposed(), calling(), talking()):
        for _ in range(ADDRESSES_TAKEN):
            talk.is_asked(few)
        assert talk.refuses(few) == ("resource-constraint", None)
    for talk in (ringing_unproposed(), calling(), talking()):
        talk.is_asked(Jingle(Action.TRANSPORT_INFO, SID, (many,)))
        assert talk.refuses(few) == ("resource-constraint", None)


# --- The session, in and out of order -----------------------------------------------------------


def test_an_offer_before_we_agreed_is_out_of_order() -> None:
    assert ringing_here().refuses(OFFER) == ("unexpected-request", "out-of-order")


def test_an_offer_comes_twice() -> None:
    assert offered().refuses(OFFER) == ("unexpected-request", "out-of-order")
    assert talking_here().refuses(OFFER) == ("unexpected-request", "out-of-order")


def test_an_offer_to_the_one_who_offers_is_out_of_order() -> None:
    assert calling().refuses(OFFER) == ("unexpected-request", "out-of-order")


def test_an_answer_comes_twice() -> None:
    assert accepted().refuses(ACCEPT) == ("unexpected-request", "out-of-order")
    assert talking().refuses(ACCEPT) == ("unexpected-request", "out-of-order")


def test_an_answer_to_the_one_who_answers_is_out_of_order() -> None:
    assert offered().refuses(ACCEPT) == ("unexpected-request", "out-of-order")


@pytest.mark.parametrize(
    "action", [a for a in Action if a not in (Action.SESSION_INITIATE, Action.SESSION_ACCEPT)]
)
def test_before_the_offer_there_is_no_session(action: Action) -> None:
    request = Jingle(action, SID, (THEIR_AUDIO,))
    for talk in (ringing_here(), answered()):
        assert talk.refuses(request) == ("item-not-found", "unknown-session")


def test_after_the_end_there_is_no_session() -> None:
    talk = talking()
    talk.happens(HangUp())
    assert talk.refuses(terminate()) == ("item-not-found", "unknown-session")


def test_their_addresses_may_come_before_their_answer_and_at_any_time_after() -> None:
    for talk in (calling(), accepted(), talking(), offered()):
        assert talk.is_asked(Jingle(Action.TRANSPORT_INFO, SID, MORE)) == [AddCandidates(MORE)]


def test_addresses_that_we_find_later_are_sent_once_the_far_phone_may_know_them() -> None:
    for silent in (dialling(), ringing_there(), ringing_here(), answered(), ringing_unproposed()):
        assert silent.happens(Found(MORE)) == []
    for talk in (calling(), accepted(), offered(), talking()):
        assert talk.happens(Found(MORE)) == [
            Ask(THEIR_DESK, Jingle(Action.TRANSPORT_INFO, SID, MORE))
        ]


def test_more_contents_are_rejected_and_the_call_goes_on() -> None:
    talk = talking()
    assert talk.is_asked(Jingle(Action.CONTENT_ADD, SID, (VIDEO,))) == [
        Ask(
            THEIR_DESK,
            Jingle(Action.CONTENT_REJECT, SID, (VIDEO,), reason=Reason("unsupported-applications")),
        )
    ]
    assert talk.state() is State.ACTIVE


def test_another_transport_is_rejected_and_the_call_goes_on() -> None:
    talk = talking()
    assert talk.is_asked(Jingle(Action.TRANSPORT_REPLACE, SID, (THEIR_AUDIO,))) == [
        Ask(THEIR_DESK, Jingle(Action.TRANSPORT_REJECT, SID, (THEIR_AUDIO,)))
    ]
    assert talk.state() is State.ACTIVE


def test_the_only_content_is_removed() -> None:
    talk = talking()
    assert talk.is_asked(Jingle(Action.CONTENT_REMOVE, SID, (Content("audio"),))) == BYE
    assert talk.ending == (End.HUNG_UP, "them")


def test_one_content_of_two_is_removed_and_the_call_goes_on() -> None:
    talk = answered()
    talk.is_asked(Jingle(Action.SESSION_INITIATE, SID, (THEIR_AUDIO, VIDEO), nonce=THEIR_NONCE))
    assert talk.is_asked(Jingle(Action.CONTENT_REMOVE, SID, (VIDEO,))) == []
    assert talk.state() is State.CONNECTING


def test_the_direction_of_a_content_is_not_modified() -> None:
    modify = Jingle(Action.CONTENT_MODIFY, SID, (Content("audio", senders=Senders.NONE),))
    assert talking().refuses(modify) == ("not-acceptable", None)


@pytest.mark.parametrize("action", [Action.DESCRIPTION_INFO, Action.SECURITY_INFO])
def test_what_is_only_said_for_information_is_taken_note_of(action: Action) -> None:
    assert talking().is_asked(Jingle(action, SID, (THEIR_AUDIO,))) == []


@pytest.mark.parametrize(
    "action",
    [
        Action.CONTENT_ACCEPT,
        Action.CONTENT_REJECT,
        Action.TRANSPORT_ACCEPT,
        Action.TRANSPORT_REJECT,
    ],
)
def test_an_answer_to_what_nobody_asked_is_out_of_order(action: Action) -> None:
    assert talking().refuses(Jingle(action, SID, (THEIR_AUDIO,))) == (
        "unexpected-request",
        "out-of-order",
    )


# --- Refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "condition", ["item-not-found", "service-unavailable", "recipient-unavailable"]
)
def test_the_phone_that_took_it_is_gone_before_our_offer_comes(condition: str) -> None:
    talk = calling()
    talk.happens(Refused(Action.SESSION_INITIATE, condition))
    assert talk.ending == (End.VANISHED, None)


def test_nobody_answers_our_offer() -> None:
    talk = calling()
    talk.happens(Refused(Action.SESSION_INITIATE, "remote-server-timeout"))
    assert talk.ending == (End.VANISHED, None)


def test_they_refuse_our_offer() -> None:
    talk = calling()
    commands = talk.happens(Refused(Action.SESSION_INITIATE, "bad-request"))
    assert commands[0] == Ask(THEIR_DESK, terminate(Reason("general-error")))
    assert talk.ending == (End.PROTOCOL_ERROR, "us")


def test_a_phone_that_does_not_know_hold_or_mute_is_talked_to_all_the_same() -> None:
    talk = talking()
    for condition in ("feature-not-implemented", "bad-request", "remote-server-timeout"):
        assert talk.happens(Refused(Action.SESSION_INFO, condition)) == []
    assert talk.state() is State.ACTIVE


def test_a_phone_that_does_not_know_the_call_any_more_is_out_of_it() -> None:
    talk = talking()
    talk.happens(Refused(Action.SESSION_INFO, "item-not-found"))
    assert talk.ending == (End.VANISHED, None)


def test_their_session_is_gone_but_their_sound_comes_so_a_request_that_fails_ends_nothing() -> None:
    talk = talking()
    talk.happens(Tick(quiet=0.1))
    assert talk.happens(Refused(Action.SESSION_INFO, "service-unavailable")) == []
    assert talk.state() is State.ACTIVE


def test_their_session_is_gone_and_nothing_comes_so_a_request_that_fails_ends_it() -> None:
    talk = talking()
    talk.happens(Tick(quiet=QUIET_AFTER))
    talk.happens(Refused(Action.SESSION_INFO, "service-unavailable"))
    assert talk.ending == (End.VANISHED, None)


def test_their_session_is_gone_before_the_path_is_there() -> None:
    talk = offered()
    talk.happens(Refused(Action.TRANSPORT_INFO, "service-unavailable"))
    assert talk.ending == (End.VANISHED, None)


def test_the_answer_to_our_acceptance_is_lost_but_their_sound_comes() -> None:
    talk = talking_here()
    assert talk.happens(Refused(Action.SESSION_ACCEPT, "remote-server-timeout")) == []
    assert talk.state() is State.ACTIVE


# --- Hold and mute ------------------------------------------------------------------------------


def test_we_hold_and_resume() -> None:
    talk = talking()
    assert talk.happens(Hold(True)) == [
        Flow(sending=False, muted=False, playing=False),
        Ask(THEIR_DESK, info(Info.HOLD)),
    ]
    assert talk.call.view().held
    assert talk.happens(Hold(True)) == []
    assert talk.happens(Hold(False)) == [LISTENING_AND_TALKING, Ask(THEIR_DESK, info(Info.UNHOLD))]
    assert not talk.call.view().held


def test_they_hold_and_resume() -> None:
    talk = talking()
    assert talk.is_asked(info(Info.HOLD)) == [Flow(sending=False, muted=False, playing=True)]
    assert talk.call.view().held_by_peer
    assert talk.is_asked(info(Info.UNHOLD)) == [LISTENING_AND_TALKING]
    assert not talk.call.view().held_by_peer


def test_both_hold_and_one_resumes() -> None:
    talk = talking()
    talk.happens(Hold(True))
    talk.is_asked(info(Info.HOLD))
    assert Flow(sending=False, muted=False, playing=True) in talk.happens(Hold(False))


def test_we_mute_and_unmute() -> None:
    talk = talking()
    assert talk.happens(Mute(True)) == [
        Flow(sending=True, muted=True, playing=True),
        Ask(THEIR_DESK, info(Info.MUTE, "audio")),
    ]
    assert talk.call.view().muted
    assert talk.happens(Mute(True)) == []
    assert talk.happens(Mute(False)) == [
        LISTENING_AND_TALKING,
        Ask(THEIR_DESK, info(Info.UNMUTE, "audio")),
    ]


def test_they_mute_and_unmute_and_are_back() -> None:
    talk = talking()
    assert talk.is_asked(info(Info.MUTE, "audio")) == [LISTENING_AND_TALKING]
    assert talk.call.view().muted_by_peer
    talk.is_asked(info(Info.UNMUTE, "audio"))
    assert not talk.call.view().muted_by_peer

    talk.is_asked(info(Info.MUTE))
    talk.is_asked(info(Info.HOLD))
    talk.is_asked(info(Info.ACTIVE))
    assert not talk.call.view().muted_by_peer
    assert not talk.call.view().held_by_peer


def test_we_mute_before_anybody_answers_and_are_muted_from_the_first_sound() -> None:
    for begin in (dialling, ringing_there, calling):
        talk = begin()
        assert talk.happens(Mute(True)) == []
        if talk.state() is not State.CONNECTING:
            talk.hears(PROCEED)
        talk.is_asked(ACCEPT)
        assert talk.happens(Connected()) == [
            Stop(Timer.CONNECT),
            Flow(sending=True, muted=True, playing=True),
            Ask(THEIR_DESK, info(Info.MUTE, "audio")),
        ]


def test_we_hold_before_the_path_is_there_and_nothing_is_sent_once_it_is() -> None:
    talk = accepted()
    assert talk.happens(Hold(True)) == []
    assert talk.happens(Connected()) == [
        Stop(Timer.CONNECT),
        Flow(sending=False, muted=False, playing=False),
        Ask(THEIR_DESK, info(Info.HOLD)),
    ]


def test_they_hold_and_mute_before_the_path_is_there() -> None:
    talk = accepted()
    assert talk.is_asked(info(Info.HOLD)) == []
    assert talk.is_asked(info(Info.MUTE)) == []
    assert talk.happens(Connected()) == [
        Stop(Timer.CONNECT),
        Flow(sending=False, muted=False, playing=True),
    ]
    assert talk.call.view().muted_by_peer


@pytest.mark.parametrize("about", [Info.RINGING, None])
def test_other_informations_change_nothing(about: Info | None) -> None:
    talk = talking()
    before = talk.call.view()
    talk.is_asked(info(about))
    assert talk.call.view() == before


# --- The path -----------------------------------------------------------------------------------


def test_no_path_is_found_in_time() -> None:
    for talk in (accepted(), offered()):
        assert talk.happens(Elapsed(Timer.CONNECT)) == [
            Ask(THEIR_DESK, terminate(Reason("connectivity-error"))),
            Tell(THEM, Finish(SID, Reason("connectivity-error"))),
            Release(),
        ]
        assert talk.ending == (End.CONNECTION_FAILED, None)


def test_we_answered_and_no_offer_came() -> None:
    talk = answered()
    assert talk.happens(Elapsed(Timer.CONNECT)) == [
        Tell(THEM, Reject(SID, Reason("connectivity-error"))),
        Release(),
    ]
    assert talk.ending == (End.CONNECTION_FAILED, None)


def test_the_path_breaks_and_does_not_come_back() -> None:
    talk = talking()
    commands = talk.happens(MediaLost(End.CONNECTION_FAILED))
    assert commands[0] == Ask(THEIR_DESK, terminate(Reason("connectivity-error")))
    assert talk.ending == (End.CONNECTION_LOST, None)


@pytest.mark.parametrize(
    ("end", "ended_by"),
    [(End.INCOMPATIBLE, None), (End.NOT_SECURE, None), (End.FAILED, "us")],
)
def test_what_the_media_cannot_do_ends_the_call(end: End, ended_by: str | None) -> None:
    talk = offered()
    talk.happens(MediaLost(end))
    assert talk.ending == (end, ended_by)


def test_the_path_is_closed_in_good_order_and_the_word_for_it_comes_after() -> None:
    talk = talking()
    assert talk.happens(MediaParted()) == [Start(Timer.PARTING, PARTING_WITHIN)]
    talk.is_asked(terminate(DECLINE))
    assert talk.ending == (End.HUNG_UP, "them")


def test_the_path_is_closed_in_good_order_and_no_word_comes() -> None:
    talk = talking()
    talk.happens(MediaParted())
    assert talk.happens(Elapsed(Timer.PARTING)) == [FINISHED, Release()]
    assert talk.ending == (End.HUNG_UP, "them")


# --- Who vanishes -------------------------------------------------------------------------------


def test_while_all_is_well_they_are_asked_now_and_then() -> None:
    talk = talking()
    asked_at = []
    for second in range(1, 41):
        if talk.happens(Tick(quiet=0.02), after=1) == [Ping(THEIR_DESK)]:
            asked_at.append(second)
            assert talk.happens(Pinged(Liveness.ALIVE)) == []
    assert asked_at == [PING_EVERY, 2 * PING_EVERY]


def test_their_session_is_gone_and_nothing_comes() -> None:
    talk = talking()
    talk.happens(Tick(quiet=1), after=QUIET_AFTER)
    assert talk.happens(Tick(quiet=QUIET_AFTER), after=1) == [Ping(THEIR_DESK)]
    assert talk.state() is State.ACTIVE
    talk.happens(Pinged(Liveness.GONE))
    assert talk.ending == (End.VANISHED, None)


def test_their_session_is_gone_but_their_sound_comes_so_the_call_goes_on() -> None:
    talk = talking()
    for _ in range(60):
        if Ping(THEIR_DESK) in talk.happens(Tick(quiet=0.02), after=1):
            talk.happens(Pinged(Liveness.GONE))
    assert talk.state() is State.ACTIVE


def test_what_was_gone_long_ago_is_asked_again_before_a_short_silence_ends_the_call() -> None:
    talk = talking()
    assert talk.happens(Tick(quiet=0.02), after=PING_EVERY) == [Ping(THEIR_DESK)]
    talk.happens(Pinged(Liveness.GONE))
    assert talk.happens(Tick(quiet=QUIET_AFTER), after=10) == [Ping(THEIR_DESK)]
    talk.happens(Pinged(Liveness.ALIVE))
    assert talk.state() is State.ACTIVE


def test_nothing_comes_and_nobody_answers() -> None:
    talk = talking()
    assert talk.happens(Tick(quiet=3), after=3) == [Ping(THEIR_DESK)]
    assert talk.happens(Tick(quiet=4), after=1) == []
    talk.happens(Pinged(Liveness.SILENT), after=3)
    talk.happens(Tick(quiet=VANISHED_AFTER - 1), after=1)
    assert talk.state() is State.ACTIVE
    talk.happens(Pinged(Liveness.SILENT))
    talk.happens(Tick(quiet=VANISHED_AFTER), after=1)
    assert talk.ending == (End.VANISHED, None)


def test_nothing_comes_but_they_answer_so_ice_has_the_last_word() -> None:
    talk = talking()
    for second in range(60):
        if Ping(THEIR_DESK) in talk.happens(Tick(quiet=float(second)), after=1):
            talk.happens(Pinged(Liveness.ALIVE))
    assert talk.state() is State.ACTIVE
    talk.happens(MediaLost(End.CONNECTION_LOST))
    assert talk.ending == (End.CONNECTION_LOST, None)


def test_nothing_comes_and_our_supernode_is_away_so_ice_has_the_last_word() -> None:
    talk = talking()
    for second in range(60):
        if Ping(THEIR_DESK) in talk.happens(Tick(quiet=float(second)), after=1):
            talk.happens(Pinged(Liveness.UNKNOWN))
    assert talk.state() is State.ACTIVE


def test_the_supernode_lets_us_in_no_more_and_the_call_goes_on() -> None:
    for talk in (calling(), offered(), talking()):
        state = talk.state()
        assert talk.happens(SignedOut()) == []
        assert talk.state() is state


# --- The word for the end -----------------------------------------------------------------------

CONDITIONS = [
    "alternative-session",
    "busy",
    "cancel",
    "connectivity-error",
    "decline",
    "expired",
    "failed-application",
    "failed-transport",
    "general-error",
    "gone",
    "incompatible-parameters",
    "media-error",
    "security-error",
    "success",
    "timeout",
    "unsupported-applications",
    "unsupported-transports",
]
"""XEP-0166 §7.4."""

MEANINGS = {
    "alternative-session": End.REPLACED,
    "busy": End.HUNG_UP,
    "cancel": End.HUNG_UP,
    "connectivity-error": End.CONNECTION_LOST,
    "decline": End.HUNG_UP,
    "expired": End.REPLACED,
    "failed-application": End.INCOMPATIBLE,
    "failed-transport": End.CONNECTION_LOST,
    "general-error": End.FAILED,
    "gone": End.HUNG_UP,
    "incompatible-parameters": End.INCOMPATIBLE,
    "media-error": End.FAILED,
    "security-error": End.NOT_SECURE,
    "success": End.HUNG_UP,
    "timeout": End.CONNECTION_LOST,
    "unsupported-applications": End.INCOMPATIBLE,
    "unsupported-transports": End.INCOMPATIBLE,
}


@pytest.mark.parametrize("end", list(End))
def test_every_end_has_a_word_on_the_wire(end: End) -> None:
    talk = talking()
    parting, finish, _release = talk.happens(HangUp(end))

    assert isinstance(parting, Ask)
    assert parting.jingle.reason is not None
    assert parting.jingle.reason.condition in CONDITIONS
    assert finish == Tell(THEM, Finish(SID, parting.jingle.reason))
    assert talk.ending == (end, "us")


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_word_on_the_wire_has_a_meaning(condition: str) -> None:
    talk = talking()
    talk.is_asked(terminate(Reason(condition)))
    assert talk.ending == (MEANINGS[condition], "them")


def test_a_far_phone_that_says_finish_and_nothing_else_has_hung_up() -> None:
    for talk in (calling(), answered(), talking()):
        talk.hears(Finish(SID, SUCCESS))
        assert talk.ending == (End.HUNG_UP, "them")


def test_another_phone_of_theirs_cannot_finish_the_call() -> None:
    talk = talking()
    assert talk.hears(Finish(SID, SUCCESS), THEIR_POCKET) == []
    assert talk.hears(Finish(SID, SUCCESS), OUR_POCKET) == []
    assert talk.state() is State.ACTIVE


def test_the_phone_that_took_it_says_no_after_all() -> None:
    talk = calling()
    talk.hears(Reject(SID, DECLINE))
    assert talk.ending == (End.HUNG_UP, "them")


def test_we_hang_up_before_their_offer_came() -> None:
    talk = answered()
    assert talk.happens(HangUp()) == [Tell(THEM, Reject(SID, SUCCESS)), Release()]
    assert talk.ending == (End.HUNG_UP, "us")


# --- Verification -------------------------------------------------------------------------------


def test_both_ends_read_the_same_code() -> None:
    caller = Call(SID, OUR_DESK, THEM, OUR_NONCE, [OUR_PRINT])
    callee = Call(SID, THEIR_DESK, US, THEIR_NONCE, [THEIR_PRINT])
    [said, *_] = caller.handle(Dial(), 0)
    assert isinstance(said, Tell)
    callee.handle(Heard(OUR_DESK, said.message), 0)
    [said, *_] = callee.handle(Answer(), 0)
    assert isinstance(said, Tell)
    caller.handle(Heard(THEIR_DESK, said.message), 0)
    our_audio = Content("audio", transport=Transport("ufrag", "p" * 22, (), (OUR_PRINT,)))
    callee.handle(
        Asked(OUR_DESK, Jingle(Action.SESSION_INITIATE, SID, (our_audio,), nonce=OUR_NONCE)), 0
    )
    caller.handle(Asked(THEIR_DESK, ACCEPT), 0)

    assert caller.view().verification == callee.view().verification is not None


SWAPPED = (
    Jingle(Action.SESSION_ACCEPT, SID, (FORGED_AUDIO,), nonce=THEIR_NONCE),
    Jingle(Action.SESSION_ACCEPT, SID, (THEIR_AUDIO,), nonce=b"x" * verification.NONCE_BYTES),
    Jingle(Action.SESSION_ACCEPT, SID, (THEIR_AUDIO,)),
    Jingle(Action.SESSION_ACCEPT, SID, (Content("audio"),), nonce=THEIR_NONCE),
)


@pytest.mark.parametrize("answer", SWAPPED, ids=["certificate", "nonce", "no nonce", "bare"])
def test_an_answer_that_is_not_what_was_promised_ends_the_call(answer: Jingle) -> None:
    talk = calling()
    assert talk.is_asked(answer) == [
        Ask(THEIR_DESK, terminate(UNSAFE)),
        Tell(THEM, Finish(SID, UNSAFE)),
        Release(),
    ]
    assert talk.ending == (End.NOT_SECURE, "us")
    assert talk.call.view().verification is None


@pytest.mark.parametrize("answer", SWAPPED, ids=["certificate", "nonce", "no nonce", "bare"])
def test_an_offer_that_is_not_what_was_promised_ends_the_call(answer: Jingle) -> None:
    talk = answered()
    offer = Jingle(Action.SESSION_INITIATE, SID, answer.contents, nonce=answer.nonce)
    commands = talk.is_asked(offer)
    assert Ask(THEIR_DESK, terminate(UNSAFE)) in commands
    assert not any(isinstance(command, Respond) for command in commands)
    assert talk.ending == (End.NOT_SECURE, "us")


def test_they_find_that_we_are_not_who_was_promised() -> None:
    talk = accepted()
    talk.is_asked(terminate(UNSAFE))
    assert talk.ending == (End.NOT_SECURE, "them")


def test_a_phone_that_does_not_verify_is_talked_to_without_a_code() -> None:
    caller = ringing_there()
    caller.hears(Proceed(SID))
    assert caller.is_asked(Jingle(Action.SESSION_ACCEPT, SID, (THEIR_AUDIO,))) == [
        Connect((THEIR_AUDIO,))
    ]
    callee = Talk()
    callee.hears(Propose(SID))
    callee.happens(Answer())
    assert Respond(THEIR_DESK, PLAIN_OFFER, OUR_NONCE) in callee.is_asked(PLAIN_OFFER)

    for talk in (caller, callee):
        talk.happens(Connected())
        assert talk.call.view().verification is None


def test_a_nonce_without_commitment_makes_no_code() -> None:
    talk = ringing_there()
    talk.hears(Proceed(SID))
    talk.is_asked(ACCEPT)
    assert talk.call.view().verification is None


# --- The copy that watchers get -----------------------------------------------------------------


def test_a_view_does_not_change_with_the_call() -> None:
    talk = dialling()
    view = talk.call.view()
    talk.happens(HangUp(), after=1)

    assert view.state is State.DIALLING
    assert "ended" not in view.times
    assert bare(view.peer) == view.peer == THEM


def test_the_far_phone_is_known_once_there_is_one() -> None:
    talk = dialling()
    assert talk.call.far is None
    talk.hears(PROCEED)
    assert talk.call.far == THEIR_DESK
