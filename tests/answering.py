"""A phone that runs, for tests of those who hand their links to it: it hears them on a thread."""

import select
import socket
import threading
from types import TracebackType
from typing import Self

from twocan.handover import Claim, Hearing, wire


class Answering:
    """Answers whoever knocks at ``claim``, one after the other, from entering to leaving.

    ``busy``: somebody talks on it. ``asked``: what was wanted so far. Asked to end, it does.
    """

    def __init__(self, claim: Claim, *, busy: bool = False) -> None:
        self._claim, self._busy = claim, busy
        self.asked: list[wire.Request] = []
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop.close()
        self._thread.join()
        self._stopped.close()
        self._claim.close()

    def _run(self) -> None:
        while True:
            ready, _, _ = select.select([self._claim.listening, self._stopped], [], [])
            if self._stopped in ready:
                return
            guest, _ = self._claim.listening.accept()
            with guest:
                guest.settimeout(5)
                hearing = self._claim.hearing(guest)
                if hearing is not None and self._answer(guest, hearing):
                    break
        self._claim.close()

    def _answer(self, guest: socket.socket, hearing: Hearing) -> bool:
        """Whether this is the end."""
        try:
            while hearing.request is None:
                if not (said := guest.recv(7)):
                    return False
                guest.sendall(hearing.hear(said))
        except wire.Rubbish as rubbish:
            guest.sendall(self._claim.rejection(rubbish))
            return False
        self.asked.append(hearing.request)
        what = self._claim.answer(hearing.request, busy=self._busy)
        guest.sendall(wire.answer(what))
        return what == wire.DONE and hearing.request.wanted != wire.SHOW
