"""Signatures in JSON, held to the keys of RFCs and to a library that others wrote."""

import contextlib
import hmac
import json
import subprocess
import sys

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jwt.utils import base64url_decode, base64url_encode

from twocan.jws import (
    LONGEST,
    JwsError,
    new_key,
    private_key,
    public_half,
    public_key,
    sign,
    thumbprint,
    unproven,
    verified,
)
from twocan.proofs import is_nonce, proof
from twocan.urls import Url

# RFC 7515 §A.3.1.
RFC_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
}
KIND = "demo+jwt"
KEY = private_key(RFC_KEY)
NAMES_KEY = public_key(RFC_KEY)


def test_what_is_signed_is_verified_here_and_elsewhere() -> None:
    key = new_key()
    token = sign({"typ": KIND, "kid": "1"}, {"sub": "k2m@site.example", "exp": 2**31}, key)

    assert verified(token, public_key(json.loads(key)), KIND)["sub"] == "k2m@site.example"
    elsewhere = jwt.decode_complete(token, jwt.PyJWK(public_half(key)), algorithms=["ES256"])
    assert elsewhere["payload"] == {"sub": "k2m@site.example", "exp": 2**31}
    assert elsewhere["header"] == {"alg": "ES256", "typ": KIND, "kid": "1"}


def test_what_others_signed_is_verified() -> None:
    token = jwt.encode({"name": "Demo Ann"}, jwt.PyJWK(RFC_KEY), headers={"typ": KIND})
    assert verified(token, NAMES_KEY, KIND) == {"name": "Demo Ann"}


def test_a_thumbprint_is_of_the_public_half_alone() -> None:
    # RFC 7638 §3.1 has RSA only; this is RFC 9449 §6.1's, of the key in its §4.1.
    key = {
        "kty": "EC",
        "crv": "P-256",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        "use": "sig",
    }
    assert thumbprint(public_key(key)) == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    assert thumbprint(KEY) == thumbprint(NAMES_KEY)


def test_every_key_is_another_and_one_of_p_256() -> None:
    one, other = new_key(), new_key()
    assert thumbprint(one) != thumbprint(other)
    assert set(public_half(one)) == {"crv", "kty", "x", "y"}
    assert private_key(json.loads(one)) == one


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({"typ": "other+jwt"}, KEY),
        ({}, KEY),
        ({"typ": KIND, "crit": ["exp"], "exp": 1}, KEY),
        ({"typ": KIND, "alg": "none"}, KEY),
        ({"typ": KIND, "alg": "HS256"}, KEY),
        ({"typ": KIND}, new_key()),
    ],
)
def test_another_kind_another_algorithm_another_key(header: dict[str, object], key: str) -> None:
    with pytest.raises(JwsError):
        verified(sign(header, {"sub": "somebody"}, key), NAMES_KEY, KIND)


def test_a_public_key_is_no_shared_secret() -> None:
    said = sign({"typ": KIND, "alg": "HS256"}, {}, KEY).rpartition(".")[0]
    digest = hmac.digest(NAMES_KEY.encode(), said.encode(), "sha256")
    for signature in (digest, digest + digest):
        forged = f"{said}.{base64url_encode(signature).decode()}"
        refused(forged)


def refused(token: str) -> None:
    with pytest.raises(JwsError):
        verified(token, NAMES_KEY, KIND)


@pytest.mark.parametrize("at", ["header", "claims", "signature"])
def test_whatever_is_changed_is_noticed(at: str) -> None:
    token = sign({"typ": KIND}, {"sub": "somebody"}, KEY)
    parts = dict(zip(("header", "claims", "signature"), token.split("."), strict=True))
    parts[at] = ("A" if parts[at][10] != "A" else "B").join((parts[at][:10], parts[at][11:]))
    with pytest.raises(JwsError):
        verified(".".join(parts.values()), NAMES_KEY, KIND)


def test_a_signature_is_written_in_one_way() -> None:
    said, _, letters = sign({"typ": KIND}, {}, KEY).rpartition(".")
    signature = base64url_decode(letters)
    for longer in (signature[:32] + b"\0" + signature[32:], signature + b"\0"):
        refused(f"{said}.{base64url_encode(longer).decode()}")


@settings(deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"[\w-]{0,40}(\.[\w-]{0,40}){0,4}", fullmatch=True))
def test_what_is_no_token_is_said_to_be_none(text: str) -> None:
    refused(text)
    with contextlib.suppress(JwsError):
        assert isinstance(unproven(text), dict)


def test_a_token_that_is_too_long_is_not_read() -> None:
    token = sign({"typ": KIND}, {"sub": "a" * LONGEST}, KEY)
    with pytest.raises(JwsError, match="is not a token"):
        verified(token, NAMES_KEY, KIND)


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        [],
        "key",
        {},
        {**RFC_KEY, "kty": "RSA"},
        {**RFC_KEY, "crv": "P-384"},
        {**RFC_KEY, "x": 5},
        {**RFC_KEY, "x": RFC_KEY["x"] + "A"},
        {**RFC_KEY, "y": RFC_KEY["y"][:-1] + "="},
        {**RFC_KEY, "y": None},
    ],
)
def test_what_is_no_key_is_refused(jwk: object) -> None:
    for read in (public_key, private_key):
        with pytest.raises(JwsError):
            read(jwk)


def test_a_private_key_has_a_private_half() -> None:
    with pytest.raises(JwsError, match='no "d"'):
        private_key(public_half(KEY))


def test_a_key_whose_parts_do_not_belong_together_signs_nothing() -> None:
    for wrong in ({"d": RFC_KEY["x"]}, {"x": "A" * 43}, {"d": "_" * 43}):
        with pytest.raises(JwsError):
            sign({}, {}, private_key({**RFC_KEY, **wrong}))
    with pytest.raises(JwsError, match="not on the curve"):
        verified(sign({"typ": KIND}, {}, KEY), public_key({**RFC_KEY, "x": "A" * 43}), KIND)


# --- Proofs of possession -----------------------------------------------------------------------


def test_a_proof_names_the_request_and_has_the_key_in_it() -> None:
    url = Url("https://calls.site.example:8443/v1/tokens/refresh?a=b")
    shown = proof(KEY, "POST", url, 1700000000.9, "once", "a-nonce")

    said = jwt.decode_complete(shown, jwt.PyJWK(public_half(KEY)), algorithms=["ES256"])
    assert said["header"] == {"typ": "dpop+jwt", "alg": "ES256", "jwk": public_half(KEY)}
    assert said["payload"] == {
        "jti": "once",
        "htm": "POST",
        "htu": "https://calls.site.example:8443/v1/tokens/refresh",
        "iat": 1700000000,
        "nonce": "a-nonce",
    }
    assert "nonce" not in unproven(proof(KEY, "POST", url, 1.0, "once"))
    assert RFC_KEY["d"] not in shown


def test_what_a_server_may_have_said_in_a_proof() -> None:
    assert all(map(is_nonce, ("a", "eyJ7S_zG.eyJH0-Z.HX4w-7v", "a" * 512)))
    assert not any(map(is_nonce, ("", 'a"b', "a b", "a\\b", "ä", "a\n", "a" * 513)))


def test_the_phone_needs_no_library_for_it() -> None:
    code = (
        "import sys; from twocan.jws import *; from twocan.desk import redeeming;"
        "loaded = {'cryptography', 'jwt'} & set(sys.modules); new_key();"
        "print(loaded, 'jwt' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "set() False\n"
