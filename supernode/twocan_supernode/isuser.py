"""Tells ejabberd which shadow accounts exist: all that look like one.

Run by ejabberd as its external authentication program, alone and without this package, so it
imports only what every Python has. ejabberd asks it about the sites that it serves and no other.
It knows no passwords: signing in takes a token. Without it a person who signs in by token would
exist only while online, and messages sent to them at other times would come back instead of being
kept.

Protocol (ejabberd developer guide, "External Authentication"): two bytes of length, then
``operation:user:server[:password]``; the answer is ``00 02 00 01`` for yes, ``00 02 00 00`` for no.
"""

import re
import struct
import sys
from typing import BinaryIO

# 20 bytes in base32 (accounts.address_of; a test holds the two together).
_SHADOW_ID = re.compile(rb"[a-z2-7]{32}")


def exists(question: bytes) -> bool:
    """The answer to one question; every operation but ``isuser`` is refused."""
    operation, _, rest = question.partition(b":")
    return operation == b"isuser" and bool(_SHADOW_ID.fullmatch(rest.partition(b":")[0]))


def answer(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answers until ejabberd closes the pipe."""
    while len(header := questions.read(2)) == 2:
        question = questions.read(*struct.unpack(">H", header))
        answers.write(struct.pack(">HH", 2, exists(question)))
        answers.flush()


if __name__ == "__main__":
    answer(sys.stdin.buffer, sys.stdout.buffer)
