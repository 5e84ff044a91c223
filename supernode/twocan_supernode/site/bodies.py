"""What is asked, as pydantic models: they check what comes in, and tell the OpenAPI document of it.

Types are strict, and a field that is not known is wrong.
"""

import unicodedata
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)
from pydantic_core import PydanticCustomError

LONGEST_ID = 200
LONGEST_NAME = 100
LONGEST_PICTURE = 2048
LONGEST_REASON = 200
LONGEST_CALL = 200
MOST_ASKED = 100
"""People in one question about presence."""

# Marks, embeddings, overrides and isolates of direction (UAX #9 2): with them the words of one
# person can be made to look like those of another, or like the program's.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKING = {"Cc", "Cs", "Zl", "Zp"}
_UNSEEN = {"C", "Z"}


def _id(text: str) -> str:
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        raise PydanticCustomError("characters", "has a control character")
    if "\ufffd" in text:
        raise PydanticCustomError("characters", "has U+FFFD: it was not sent as UTF-8")
    return text


def _words(text: str) -> str:
    for letter in text:
        if letter in _DIRECTION or unicodedata.category(letter) in _BREAKING:
            raise PydanticCustomError("characters", "has a control character or mark of direction")
    if all(unicodedata.category(letter)[0] in _UNSEEN for letter in text):
        raise PydanticCustomError("characters", "has nothing that can be seen")
    return text


def _picture(text: str) -> str:
    try:
        found = urlsplit(text)
        whole = found.scheme == "https" and found.hostname and found.port != 0
    except ValueError:
        whole = False
    if not (whole and text.isascii() and text.isprintable()) or set(text) & set(' "<>\\^`{|}'):
        raise PydanticCustomError("picture", "is no https:// URL")
    if "@" in found.netloc:
        raise PydanticCustomError("picture", "names a user (@)")
    return text


PersonId = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=LONGEST_ID),
    AfterValidator(_id),
    Field(description="The person's ID at the site, taken as it is.", examples=["ann"]),
]
Name = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=LONGEST_NAME),
    AfterValidator(_words),
    Field(description="What people call them.", examples=["Ann"]),
]
Picture = Annotated[
    str,
    StringConstraints(strict=True, max_length=LONGEST_PICTURE),
    AfterValidator(_picture),
    Field(
        description="An https:// URL of a picture of them.",
        examples=["https://site.example/ann.jpg"],
    ),
]
Reason = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=LONGEST_REASON),
    AfterValidator(_words),
    Field(description="What the call is about.", examples=["The bicycle"]),
]
CallId = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=LONGEST_CALL),
    AfterValidator(_id),
    Field(
        description="The ID (sid) of a call that rings at the callee, who opens the link to "
        "answer it.",
        examples=["3f1d0a52"],
    ),
]


class _Asked(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Somebody(_Asked):
    """A person of the site."""

    person: PersonId
    name: Name | None = None
    picture: Picture | None = None


def _form(value: Any) -> str:
    return "<id>" if isinstance(value, str) else "<person>"


Party = Annotated[
    Annotated[PersonId, Tag("<id>")] | Annotated[Somebody, Tag("<person>")],
    Discriminator(_form),
    Field(description="A person's ID, or who they are."),
]


class ShadowAccount(_Asked):
    """Whom the site wants to sign in."""

    person: PersonId
    name: Name
    picture: Picture | None = None


class Launch(_Asked):
    """Who calls whom."""

    caller: Party
    callee: Party
    video: bool = False
    reason: Reason | None = None
    answer: CallId | None = None


class PhoneKey(BaseModel):
    """A phone's public key as a JWK (RFC 7517); see ``proofs.phone_key``."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
    y: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class Redemption(_Asked):
    """A code, and the key that will prove who redeemed it."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,128}$")]
    key: PhoneKey


class Refreshing(_Asked):
    """The refresh token that came with the account, or with the last refresh."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=8192)]
