"""How two ends of a connection prove to each other that they know a key, which nobody sees (pure).

Only where the system does not say who is at the other end: it costs the loading of OpenSSL. Each
end says a number that was never used (a nonce), and proves itself by an HMAC (RFC 2104, SHA-256)
over both: a proof is good for this one connection, and for one of the two roles.
"""

KEY_BYTES, NONCE_BYTES, PROOF_BYTES = 32, 16, 32


def proof_of_phone(key: bytes, asker: bytes, phone: bytes) -> bytes:
    """What the phone that runs proves itself with. ``asker`` and ``phone``: their nonces."""
    return _proof(key, b"twocan, the phone" + asker + phone)


def proof_of_asker(key: bytes, asker: bytes, phone: bytes) -> bytes:
    """What a second start proves itself with."""
    return _proof(key, b"twocan, the asker" + asker + phone)


def _proof(key: bytes, about: bytes) -> bytes:
    import hmac

    return hmac.digest(key, about, "sha256")
