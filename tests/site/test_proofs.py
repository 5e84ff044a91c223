"""Proofs that a phone has its key (RFC 9449): the good ones, and a table of attacks."""

import contextlib
import hmac
import json
from collections.abc import Callable

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm

import forged
from twocan import jws
from twocan import proofs as phone_proofs
from twocan.urls import Url
from twocan_supernode import accounts
from twocan_supernode.site.proofs import (
    MAX_PROOF,
    WINDOW,
    NonceNeeded,
    Nonces,
    Proof,
    ProofError,
    check_proof,
    phone_key,
)

NOW = 1_800_000_000_000
URL = "https://calls.site.example/v1/tokens/refresh"
NONCES = Nonces(bytes(32))
KEY, OTHER = accounts.new_key(), accounts.new_key()
JWK: dict[str, object] = ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
OTHERS_JWK: dict[str, object] = ECAlgorithm.to_jwk(OTHER.public_key(), as_dict=True)
ME = phone_key(JWK).thumbprint
HEADER: dict[str, object] = {"typ": "dpop+jwt", "alg": "ES256", "jwk": JWK}
CLAIMS: dict[str, object] = {"htm": "POST", "htu": URL, "iat": NOW // 1000, "jti": "a" * 16}


def proof(claims: dict[str, object] | None = None, **header: object) -> str:
    return forged.token(KEY, {**HEADER, **header}, {**CLAIMS, **(claims or {})})


def checked(text: str, now: int = NOW, url: str = URL) -> Proof:
    return check_proof(text, "POST", url, NONCES, now)


def holder(text: str, now: int = NOW, url: str = URL) -> str:
    """The thumbprint of the key that the proof proves."""
    return checked(text, now, url).thumbprint


def refusal(text: str, now: int = NOW) -> str:
    with pytest.raises(ProofError) as refused:
        checked(text, now)
    return str(refused.value)


# --- the good ones


def test_a_phone_proves_that_it_has_its_key() -> None:
    assert holder(proof()) == ME


def test_a_proof_that_another_library_makes_is_as_good() -> None:
    made = jwt.encode(CLAIMS, KEY, algorithm="ES256", headers={"typ": "dpop+jwt", "jwk": JWK})
    assert checked(made) == checked(proof())


def test_the_thumbprint_is_that_of_the_rfc() -> None:
    """RFC 9449 §6.1, whose example binds to the key of its §4.1."""
    jwk = {
        "kty": "EC",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        "crv": "P-256",
    }
    assert phone_key(jwk).thumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"


def test_the_proof_of_the_rfc_is_good_at_its_time() -> None:
    """RFC 9449 §4.1, figure 2."""
    text = (
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0V"
        "jNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10Nn"
        "Y5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE"
        "9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA"
        "6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
    )
    url, now = "https://server.example.com/token", 1_562_262_616_000
    assert check_proof(text, "POST", url, NONCES, now).thumbprint == (
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    )


def test_each_proof_is_to_be_spent_once() -> None:
    assert checked(proof()).digest == checked(proof()).digest
    assert checked(proof()).digest != checked(proof({"jti": "b" * 16})).digest


def test_two_phones_with_the_same_jti_do_not_spend_each_others() -> None:
    others = forged.token(OTHER, {**HEADER, "jwk": OTHERS_JWK}, CLAIMS)
    assert checked(others).digest != checked(proof()).digest


@pytest.mark.parametrize("late", [-WINDOW, -1, 0, 1, WINDOW])
def test_a_clock_may_be_five_minutes_off(late: int) -> None:
    assert holder(proof(), NOW + late) == ME


@pytest.mark.parametrize("late", [-WINDOW - 1, WINDOW + 1, 10**15])
def test_beyond_that_it_needs_a_nonce(late: int) -> None:
    now = max(NOW + late, 0)
    with pytest.raises(NonceNeeded):
        checked(proof(), now)
    assert holder(proof({"nonce": NONCES.fresh(now)}), now) == ME


def test_a_nonce_of_another_node_of_the_site_is_as_good() -> None:
    assert holder(proof({"nonce": Nonces(bytes(32)).fresh(NOW)})) == ME


@pytest.mark.parametrize(
    "nonce",
    [
        NONCES.fresh(NOW - WINDOW - 1),
        NONCES.fresh(NOW + 60_000),
        Nonces(b"another secret").fresh(NOW),
        NONCES.fresh(NOW)[:-1],
        NONCES.fresh(NOW) + "A",
        "A" * 32,
    ],
)
def test_a_nonce_that_is_not_fresh_is_asked_for_anew(nonce: str) -> None:
    with pytest.raises(NonceNeeded):
        checked(proof({"nonce": nonce}))


@pytest.mark.parametrize(
    "htu",
    [
        URL,
        "HTTPS://Calls.Site.Example/v1/tokens/refresh",
        "https://calls.site.example:443/v1/tokens/refresh",
        f"{URL}?more",
        f"{URL}#part",
        "https://calls.site.example/v1/x/../tokens/./refresh",
        "https://calls.site.example/v1/t%6Fkens/refresh",
    ],
)
def test_a_url_that_means_the_same_is_the_same(htu: str) -> None:
    assert holder(proof({"htu": htu})) == ME


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://site.example", "https://site.example/", True),
        ("https://site.example/a%2fb", "https://site.example/a%2Fb", True),
        ("https://site.example/a%2Fb", "https://site.example/a/b", False),
        ("https://site.example/a/", "https://site.example/a", False),
        ("https://site.example/a/..", "https://site.example/", True),
        ("https://site.example/../..", "https://site.example/", True),
        ("https://site.example/a//b", "https://site.example/a/b", False),
        ("http://site.example:80/", "http://site.example/", True),
        ("http://[::1]:8000/", "http://[::1]:8000/", True),
        ("https://site.example:80/", "http://site.example/", False),
    ],
)
def test_which_urls_are_the_same(one: str, other: str, same: bool) -> None:
    expected = contextlib.nullcontext() if same else pytest.raises(ProofError, match="htu")
    with expected:
        checked(proof({"htu": one}), url=other)


# --- the attacks

COMPACT = proof()
SIGNED, _, SIGNATURE = COMPACT.rpartition(".")
PUBLIC_PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
PRIVATE_JWK: dict[str, object] = ECAlgorithm.to_jwk(KEY, as_dict=True)
P384_JWK: dict[str, object] = ECAlgorithm.to_jwk(
    generate_private_key(SECP384R1()).public_key(), as_dict=True
)
GOOD_HEADER, GOOD_CLAIMS = json.dumps(HEADER), json.dumps(CLAIMS)


def hs256(secret: bytes) -> str:
    signed = f"{forged.part({**HEADER, 'alg': 'HS256'})}.{forged.part(CLAIMS)}"
    return f"{signed}.{forged.encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"


def jwk_with(**changes: object) -> str:
    return proof(jwk={**JWK, **changes})


ATTACKS: dict[str, tuple[str, str]] = {
    "nothing": ("", "no JWT"),
    "no signature": (f"{SIGNED}.", "no JWT"),
    "alg none": (
        f"{forged.part({**HEADER, 'alg': 'none'})}.{forged.part(CLAIMS)}.",
        "no JWT under ES256",
    ),
    "alg none, with a signature": (proof(alg="none"), "no dpop"),
    "HS256 with the public key": (hs256(PUBLIC_PEM), "no JWT under ES256"),
    "HS256 said, ES256 done": (proof(alg="HS256"), "no dpop"),
    "ES384 said": (proof(alg="ES384"), "no dpop"),
    "no alg": (forged.token(KEY, {"typ": "dpop+jwt", "jwk": JWK}, CLAIMS), "no dpop"),
    "another typ": (proof(typ="JWT"), "no dpop"),
    "no typ": (forged.token(KEY, {"alg": "ES256", "jwk": JWK}, CLAIMS), "no dpop"),
    "critical extension": (proof(crit=["exp"]), "extensions"),
    "detached payload": (proof(b64=False), "extensions"),
    "key of somebody else": (proof(jwk=OTHERS_JWK), "not signed"),
    "no key": (forged.token(KEY, {"alg": "ES256", "typ": "dpop+jwt"}, CLAIMS), "no key"),
    "key by reference": (proof(jwk="https://site.example/key"), "no key"),
    "private key inside": (proof(jwk=PRIVATE_JWK), "private part"),
    "symmetric key": (proof(jwk={"kty": "oct", "k": "AAAA"}), "no public EC key"),
    "another curve": (proof(jwk=P384_JWK), "no public EC key"),
    "point off the curve": (jwk_with(y=JWK["x"]), "no point"),
    "the zero point": (jwk_with(x="A" * 43, y="A" * 43), "no point"),
    "x with padding": (jwk_with(x=f"{JWK['x']}="), "key's x"),
    "x of 31 bytes": (jwk_with(x="A" * 42), "key's x"),
    "x is a number": (jwk_with(x=7), "key's x"),
    "a certificate": (jwk_with(x5c=["AAAA"]), "fields besides"),
    "a key for encrypting": (jwk_with(use="enc"), "not meant"),
    "a key for another algorithm": (jwk_with(alg="HS256"), "not meant"),
    "signature in DER": (f"{SIGNED}.{forged.encoded(forged.der(KEY, SIGNED))}", "no JWT"),
    "signature of zeros": (f"{SIGNED}.{'A' * 86}", "not signed"),
    "signature of another text": (f"{forged.part(HEADER)}.{forged.part({})}.{SIGNATURE}", "not si"),
    "padding": (f"{COMPACT}==", "no JWT"),
    "line break": (f"{COMPACT}\n", "no JWT"),
    "four parts": (f"{COMPACT}.{SIGNATURE}", "no JWT"),
    "another method": (proof({"htm": "GET"}), "htm"),
    "the method in small letters": (proof({"htm": "post"}), "htm"),
    "no method": (proof({"htm": None}), "no htm"),
    "another path": (proof({"htu": "https://calls.site.example/v1/launches"}), "htu"),
    "another host": (proof({"htu": "https://evil.example/v1/tokens/refresh"}), "htu"),
    "another scheme": (proof({"htu": URL.replace("https", "http")}), "htu"),
    "another port": (proof({"htu": URL.replace("example/", "example:444/")}), "htu"),
    "a user in front": (proof({"htu": URL.replace("calls", "calls@calls")}), "htu"),
    "a host within a path": (proof({"htu": URL.replace("//", "//evil.example\\@")}), "htu"),
    "port that is none": (proof({"htu": URL.replace("example/", "example:x/")}), "htu"),
    "not a URL": (proof({"htu": "v1/tokens/refresh"}), "htu"),
    "htu of 10,000 letters": (proof({"htu": URL + "/" * 3_000}), "4096|htu"),
    "no time": (proof({"iat": None}), "iat"),
    "time as text": (proof({"iat": str(NOW // 1000)}), "iat"),
    "true as time": (proof({"iat": True}), "iat"),
    "negative time": (proof({"iat": -1}), "iat"),
    "time without end": (
        forged.token(KEY, HEADER, GOOD_CLAIMS.replace(str(NOW // 1000), "1e999")),
        "iat",
    ),
    "no jti": (proof({"jti": None}), "jti"),
    "jti of 15": (proof({"jti": "a" * 15}), "jti"),
    "jti of 129": (proof({"jti": "a" * 129}), "jti"),
    "jti that is no text": (proof({"jti": 12345678901234567}), "jti"),
    "jti with a zero byte": (proof({"jti": "a" * 16 + "\0"}), "jti"),
    "nonce that is no text": (proof({"nonce": 7}), "nonce"),
    "jwk twice": (
        forged.token(KEY, GOOD_HEADER[:-1] + f', "jwk": {json.dumps(OTHERS_JWK)}}}', CLAIMS),
        "twice",
    ),
    "jti twice": (forged.token(KEY, HEADER, GOOD_CLAIMS[:-1] + ', "jti": "b"}'), "twice"),
    "claims that are a list": (forged.token(KEY, HEADER, "[]"), "no JSON object"),
    "claims that are no JSON": (forged.token(KEY, HEADER, "{'htm': 'POST'}"), "no JSON"),
    "a number that JSON has not": (forged.token(KEY, HEADER, '{"iat": NaN}'), "no number"),
    "nested a thousand times": (forged.token(KEY, HEADER, "[" * 1500), "no JSON"),
    "too long": (proof({"more": "a" * MAX_PROOF}), "4096"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_without_a_word_of_it(attack: str) -> None:
    text, why = ATTACKS[attack]
    said = refusal(text)
    assert any(each in said for each in why.split("|")), said
    assert not any(each and each in said for each in text.split("."))
    assert str(JWK["x"]) not in said


def test_the_other_of_the_two_signatures_is_spent_with_the_first() -> None:
    """ECDSA's (r, n - s) is as good as (r, s): whoever makes it has no second proof."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    signature = jwt.utils.base64url_decode(SIGNATURE)
    r, s = signature[:32], int.from_bytes(signature[32:])
    twin = f"{SIGNED}.{forged.encoded(r + (order - s).to_bytes(32))}"
    assert twin != COMPACT
    assert checked(twin).digest == checked(COMPACT).digest


def test_a_key_is_written_in_one_way() -> None:
    """43 letters are 258 bits: had the last two a say, one key had four thumbprints."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    x = str(JWK["x"])
    twin = x[:-1] + letters[letters.index(x[-1]) + 1]
    with pytest.raises(ProofError, match="key's x"):
        phone_key({**JWK, "x": twin})


def test_what_exports_add_to_a_key_does_not_matter() -> None:
    more = {"kid": "1", "ext": True, "key_ops": ["verify"], "alg": "ES256", "use": "sig"}
    assert phone_key({**JWK, **more}).thumbprint == phone_key(JWK).thumbprint


# --- whatever comes

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def _quiet(act: Callable[[], object]) -> None:
    try:
        act()
    except ProofError:
        return


@settings(deadline=None)
@given(st.text(max_size=200) | st.from_regex(r"[\w-]{1,40}\.[\w-]{1,40}\.[\w-]{86}"))
def test_no_text_does_anything_but_be_refused(text: str) -> None:
    refusal(text)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["typ", "alg", "jwk", "crit", "kid"]), json_values),
    st.dictionaries(st.sampled_from(["htm", "htu", "iat", "jti", "nonce"]), json_values),
)
def test_no_header_and_no_claims_do_either(
    header: dict[str, object], claims: dict[str, object]
) -> None:
    _quiet(lambda: checked(forged.token(KEY, {**HEADER, **header}, {**CLAIMS, **claims})))


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["kty", "crv", "x", "y", "d", "alg"]), json_values))
def test_no_key_does_either(jwk: dict[str, object]) -> None:
    _quiet(lambda: phone_key({**JWK, **jwk}))


@settings(deadline=None)
@given(st.integers(0, len(COMPACT) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_no_letter_of_a_proof_can_be_changed(where: int, letter: str) -> None:
    changed = COMPACT[:where] + letter + COMPACT[where + 1 :]
    if changed != COMPACT:
        refusal(changed)


@settings(deadline=None)
@given(st.integers(0, 2**63), st.integers(0, WINDOW))
def test_a_nonce_is_good_for_five_minutes(made: int, later: int) -> None:
    assert NONCES.good(NONCES.fresh(made), made + later)
    assert not NONCES.good(NONCES.fresh(made), made + WINDOW + 1 + later)


def test_nothing_of_the_secret_is_shown() -> None:
    assert "secret" not in repr(Nonces(b"secret"))


# --- the phone's own


def test_the_phones_proof_is_good() -> None:
    key = jws.new_key()
    made = phone_proofs.proof(key, "POST", Url(URL), NOW / 1000, "a" * 16, NONCES.fresh(NOW))
    assert holder(made) == jws.thumbprint(key) == phone_key(jws.public_half(key)).thumbprint


def test_the_phone_takes_our_nonces() -> None:
    assert phone_proofs.is_nonce(NONCES.fresh(NOW))
