"""What is answered, as pydantic models, for the OpenAPI document alone: see ``answers``."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

Presence = Literal["free", "in-a-call", "away", "unreachable"]


class PublicKey(BaseModel):
    """The public JWK of the site: cards (names that the site vouches for) are checked with it."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    alg: Literal["ES256"]
    use: Literal["sig"]


class SignedIn(BaseModel):
    """A person's address, and a token with which a page signs in as them for five minutes."""

    address: str
    token: str
    expires: datetime
    websocket: str
    names_key: PublicKey


class ADevice(BaseModel):
    id: str
    presence: Literal["free", "in-a-call", "away"]
    since: int | None = Field(description="Since when, in ms since 1970.")


class Whereabouts(BaseModel):
    """Whether a person can be called, and on what."""

    address: str
    presence: Presence
    devices: list[ADevice]


class Presences(BaseModel):
    """By the IDs that were asked about."""

    presence: dict[str, Presence]


class Addressed(BaseModel):
    address: str


class ADownload(BaseModel):
    url: str
    size: int


class Launched(BaseModel):
    """``link`` rings when it is opened within two minutes; ``page`` helps who has no phone yet."""

    link: str
    page: str
    expires: datetime
    caller: Addressed
    callee: Addressed
    downloads: dict[str, ADownload] = Field(description="By platform, such as linux-x86_64.")


class Server(BaseModel):
    host: str
    port: int


class RefreshBy(BaseModel):
    url: str
    token: str


class PhoneAccount(BaseModel):
    """With what a phone signs in, and how it gets the next token."""

    address: str
    token: str
    expires: datetime
    servers: list[Server]
    host: str
    port: int
    refresh: RefreshBy
    card: str
    names_key: PublicKey
    ca: str | None = None


class Named(BaseModel):
    address: str
    name: str | None = None
    picture: str | None = None


class Redeemed(BaseModel):
    """Who signs in, and whom they call (or, with ``answer``, which call they answer)."""

    account: PhoneAccount
    caller: Named
    callee: Named
    video: bool
    reason: str | None = None
    answer: str | None = None


class Refreshed(BaseModel):
    """The next token, and what it goes with. The old refresh token is good until it expires."""

    token: str
    expires: datetime
    refresh_token: str
    servers: list[Server]
    card: str
    names_key: PublicKey


class WrongField(BaseModel):
    field: str
    detail: str


class ProblemDocument(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[WrongField] | None = None


class Health(BaseModel):
    status: Literal["ok"]
