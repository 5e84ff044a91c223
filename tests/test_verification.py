"""The code that two people read to each other: what enters it, that both ends make the same, and
that somebody between them cannot make two that agree."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from twocan import verification
from twocan.call import Call
from twocan.commands import Ask, Command, Initiate, Respond, Tell
from twocan.events import Answer, Asked, Dial, Event, Heard
from twocan.messages import Action, Content, Fingerprint, Jingle, Proceed, Propose, Transport
from twocan.states import End, State
from twocan.verification import code, commit, opens

ONE = Fingerprint("sha-256", ":".join(["0A"] * 32))
OTHER = Fingerprint("sha-256", ":".join(["7E"] * 32))
NONCE = bytes(range(verification.NONCE_BYTES))
OTHER_NONCE = bytes(reversed(NONCE))


# --- The construction ---------------------------------------------------------------------------


def test_a_commitment_opens_with_what_was_committed_to() -> None:
    commitment = commit("initiator", NONCE, [ONE])

    assert len(commitment) == verification.COMMITMENT_BYTES
    assert opens(commitment, "initiator", NONCE, [ONE])


@pytest.mark.parametrize(
    ("role", "nonce", "fingerprints"),
    [
        pytest.param("responder", NONCE, [ONE], id="another role"),
        pytest.param("initiator", OTHER_NONCE, [ONE], id="another nonce"),
        pytest.param("initiator", NONCE[:-1], [ONE], id="a shorter nonce"),
        pytest.param("initiator", b"", [ONE], id="no nonce"),
        pytest.param("initiator", NONCE, [OTHER], id="another certificate"),
        pytest.param("initiator", NONCE, [ONE, OTHER], id="one certificate more"),
        pytest.param("initiator", NONCE, [], id="no certificate"),
        pytest.param(
            "initiator", NONCE, [Fingerprint("sha-512", ONE.value)], id="another hash function"
        ),
    ],
)
def test_a_commitment_does_not_open_with(
    role: str, nonce: bytes, fingerprints: list[Fingerprint]
) -> None:
    assert not opens(commit("initiator", NONCE, [ONE]), role, nonce, fingerprints)


@pytest.mark.parametrize("commitment", [b"", b"\x00", commit("initiator", NONCE, [ONE])[:-1]])
def test_what_is_no_commitment_opens_with_nothing(commitment: bytes) -> None:
    assert not opens(commitment, "initiator", NONCE, [ONE])


def test_how_a_messenger_writes_a_fingerprint_does_not_matter() -> None:
    written = [OTHER, Fingerprint("SHA-256", ONE.value.lower(), "actpass"), ONE]
    assert opens(commit("initiator", NONCE, [ONE, OTHER]), "initiator", NONCE, written)


def test_a_nonce_cannot_be_moved_into_a_fingerprint() -> None:
    moved = Fingerprint(ONE.hash, ONE.value)
    assert commit("initiator", b"ab", [moved]) != commit("initiator", b"a", [moved])
    assert code((b"a", []), (b"b", [])) != code((b"", []), (b"ab", []))


def test_the_code_hangs_on_both_nonces_both_certificates_and_who_called() -> None:
    sides = [(NONCE, [ONE]), (OTHER_NONCE, [OTHER])]
    changed = {
        code(sides[0], sides[1]),
        code(sides[1], sides[0]),
        code((OTHER_NONCE, [ONE]), sides[1]),
        code((NONCE, [OTHER]), sides[1]),
        code(sides[0], (NONCE, [OTHER])),
        code(sides[0], (OTHER_NONCE, [ONE])),
    }
    assert len(changed) == 6


COMMITMENT = "b094cb236dec2ab9efed734b762a0be36f403f93329b51c900ea2398047165ea"
CODE = "721 744"


def test_known_answers() -> None:
    # As the docstring has it: a label, then each part after its length in four bytes.
    def digest(*parts: bytes) -> bytes:
        whole = b"twocan verification 1" + b"".join(len(p).to_bytes(4, "big") + p for p in parts)
        return hashlib.sha256(whole).digest()

    one, other = (f"sha-256 {':'.join([pair] * 32)}".encode() for pair in ("0A", "7E"))

    assert commit("initiator", NONCE, [ONE]) == digest(b"commit", b"initiator", NONCE, one)
    number = int.from_bytes(digest(b"code", NONCE, one, OTHER_NONCE, other)[:8], "big") % 10**6
    assert code((NONCE, [ONE]), (OTHER_NONCE, [OTHER])) == f"{number // 1000:03} {number % 1000:03}"
    # For good: a phone of another version has to read the same.
    assert commit("initiator", NONCE, [ONE]).hex() == COMMITMENT
    assert code((NONCE, [ONE]), (OTHER_NONCE, [OTHER])) == CODE


def test_codes_are_six_digits_and_each_digit_is_as_likely_as_any_other() -> None:
    draw = random.Random(2).randbytes
    codes = [code((draw(16), [ONE]), (draw(16), [OTHER])) for _ in range(5000)]

    assert all(len(c) == 7 and c[3] == " " and (c[:3] + c[4:]).isdigit() for c in codes)
    for place in (0, 1, 2, 4, 5, 6):
        counts = Counter(c[place] for c in codes)
        squares = sum((counts[str(digit)] - 500) ** 2 / 500 for digit in range(10))
        assert squares < 27.9  # chi-squared, 9 degrees of freedom: one in a thousand is above
    # 5000 draws of a million: about 12 pairs alike, and not many more.
    assert len(codes) - len(set(codes)) < 30


# --- Somebody between ---------------------------------------------------------------------------

CALLER, CALLEE = "caller@site.example", "callee@site.example"
SID = "m"


def audio(fingerprint: Fingerprint) -> tuple[Content, ...]:
    return (Content("audio", transport=Transport("ufrag", "p" * 22, (), (fingerprint,))),)


@dataclass
class Honest:
    """A phone whose every word is kept, as somebody between would hear it."""

    me: str
    peer: str
    nonce: bytes
    fingerprint: Fingerprint
    said: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.call = Call(SID, f"{self.me}/phone", self.peer, self.nonce, [self.fingerprint])

    def sees(self, event: Event) -> None:
        for command in self.call.handle(event, 0.0):
            self.said += self.words(command)

    def words(self, command: Command) -> list[object]:
        match command:
            case Tell(_, message):
                return [message]
            case Ask(_, jingle):
                return [jingle]
            case Initiate(_, sid, nonce):
                offer = Jingle(Action.SESSION_INITIATE, sid, audio(self.fingerprint), nonce=nonce)
                return [offer]
            case Respond(_, offer, nonce):
                answer = Jingle(
                    Action.SESSION_ACCEPT, offer.sid, audio(self.fingerprint), nonce=nonce
                )
                return [answer]
            case _:
                return []

    def has_revealed(self) -> bool:
        return any(isinstance(word, Jingle) and word.nonce is not None for word in self.said)

    @property
    def code(self) -> str | None:
        return self.call.view().verification


def caller(nonce: bytes = NONCE) -> Honest:
    return Honest(CALLER, CALLEE, nonce, ONE)


def callee(nonce: bytes = OTHER_NONCE) -> Honest:
    return Honest(CALLEE, CALLER, nonce, OTHER)


def proposes(commitment: bytes | None) -> Heard:
    return Heard(f"{CALLER}/phone", Propose(SID, ("audio",), commitment))


def proceeds(commitment: bytes | None) -> Heard:
    return Heard(f"{CALLEE}/phone", Proceed(SID, commitment))


def offers(fingerprint: Fingerprint, nonce: bytes) -> Asked:
    jingle = Jingle(Action.SESSION_INITIATE, SID, audio(fingerprint), nonce=nonce)
    return Asked(f"{CALLER}/phone", jingle)


def accepts(fingerprint: Fingerprint, nonce: bytes) -> Asked:
    jingle = Jingle(Action.SESSION_ACCEPT, SID, audio(fingerprint), nonce=nonce)
    return Asked(f"{CALLEE}/phone", jingle)


def commitment_of(phone: Honest) -> bytes:
    [commitment] = [w.commitment for w in phone.said if isinstance(w, Propose | Proceed)]
    assert commitment is not None
    return commitment


def test_no_nonce_leaves_before_the_far_commitment_came() -> None:
    ringing = caller()
    ringing.sees(Dial())
    assert not ringing.has_revealed()
    ringing.sees(proceeds(commit("responder", OTHER_NONCE, [OTHER])))
    assert ringing.has_revealed()

    rung = callee()
    rung.sees(proposes(commit("initiator", NONCE, [ONE])))
    rung.sees(Answer())
    assert not rung.has_revealed()
    rung.sees(offers(ONE, NONCE))
    assert rung.has_revealed()


def test_the_first_commitment_counts() -> None:
    phone = caller()
    phone.sees(Dial())
    phone.sees(proceeds(commit("responder", OTHER_NONCE, [OTHER])))
    forged = Fingerprint("sha-256", ":".join(["66"] * 32))
    phone.sees(proceeds(commit("responder", NONCE, [forged])))
    phone.sees(accepts(forged, NONCE))
    assert phone.call.view().end is End.NOT_SECURE


def test_certificates_that_are_swapped_under_the_honest_commitments_end_both_calls() -> None:
    between = Fingerprint("sha-256", ":".join(["66"] * 32))
    one, other = caller(), callee()
    one.sees(Dial())
    other.sees(proposes(commitment_of(one)))
    other.sees(Answer())
    one.sees(proceeds(commitment_of(other)))
    other.sees(offers(between, NONCE))
    one.sees(accepts(between, OTHER_NONCE))

    assert one.call.view().end is other.call.view().end is End.NOT_SECURE
    assert one.code is other.code is None


def relayed_with_own_commitments(random_: random.Random) -> tuple[str, str]:
    """Both codes, where somebody between has commitments of their own on both legs, and chooses
    the second after all that the first leg told."""
    between = Fingerprint("sha-256", random_.randbytes(32).hex(":").upper())
    one, other = caller(random_.randbytes(16)), callee(random_.randbytes(16))
    to_one = random_.randbytes(16)
    one.sees(Dial())
    one.sees(proceeds(commit("responder", to_one, [between])))
    assert one.has_revealed()
    one.sees(accepts(between, to_one))
    known = one.code
    assert known is not None

    # All of the caller's code is known now; all that can be chosen is the nonce for the callee.
    to_other = random_.randbytes(16)
    other.sees(proposes(commit("initiator", to_other, [between])))
    other.sees(Answer())
    assert not other.has_revealed()
    other.sees(offers(between, to_other))
    assert other.code is not None
    return known, other.code


def test_who_commits_to_certificates_of_their_own_makes_codes_that_differ() -> None:
    random_ = random.Random(3)
    pairs = [relayed_with_own_commitments(random_) for _ in range(300)]
    assert all(known != read for known, read in pairs)


def test_who_sees_the_last_nonce_cannot_choose_another_any_more() -> None:
    # To search for a nonce that makes the codes agree takes the callee's, which comes only once
    # the call is bound to what was promised; what is found then does not open.
    between = Fingerprint("sha-256", ":".join(["66"] * 32))
    other = callee()
    other.sees(proposes(commit("initiator", NONCE, [between])))
    other.sees(Answer())
    found = random.Random(4).randbytes(16)
    other.sees(offers(between, found))
    assert other.call.view().end is End.NOT_SECURE
    assert not other.has_revealed()


@pytest.mark.parametrize("leg", [caller, callee], ids=["caller", "callee"])
def test_who_takes_the_commitments_away_leaves_no_code_to_read(leg: Callable[[], Honest]) -> None:
    phone = leg()
    if phone.me == CALLER:
        phone.sees(Dial())
        phone.sees(proceeds(None))
        phone.sees(accepts(OTHER, OTHER_NONCE))
    else:
        phone.sees(proposes(None))
        phone.sees(Answer())
        phone.sees(offers(ONE, NONCE))
    assert phone.call.state is State.CONNECTING
    assert phone.code is None
