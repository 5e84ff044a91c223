"""What two phones know of one content of pictures: whose it is, who sends, and who pauses.

It begins and ends with the content; what people want lives longer, and is in ``contents``. Each
side is master of its own bit of a content's ``senders`` (XEP-0166 §7.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from twocan.messages import Action, Content, Info, Jingle, Senders

_OTHER = {"initiator": "responder", "responder": "initiator"}


@dataclass(slots=True)
class Agreement:
    """One content of a session in which we are ``role``."""

    content: Content
    """As whoever added it described it."""
    role: str
    ours: bool
    """We added it."""
    sends: bool = False
    """They were told that we send."""
    they_send: bool = False
    told_pause: bool = False
    they_pause: bool = False
    by_mute: bool = False
    """They do not let it be modified: a camera that is off is one that pauses, then."""
    apart: bool = False
    """It has a path of its own: it is not bundled."""
    addresses: int = 0
    """That were taken of them for that path."""

    @property
    def named(self) -> Content:
        """The content without its description, with who sends as far as it was said."""
        return Content(self.content.name, self.content.creator, self._senders)

    @property
    def _senders(self) -> Senders:
        if self.sends is self.they_send:
            return Senders.BOTH if self.sends else Senders.NONE
        return Senders(self.role if self.sends else _OTHER[self.role])

    def settle(self, *, sends: bool, they_send: bool) -> None:
        """Who sends was offered and answered."""
        self.sends, self.they_send = sends, they_send

    def has_us(self, said: Content) -> bool:
        """Whether we are among the senders that were said."""
        return said.senders in (Senders.BOTH, self.role)

    def has_them(self, said: Content) -> bool:
        """Whether they are among the senders that were said."""
        return said.senders in (Senders.BOTH, _OTHER[self.role])

    def among(self, contents: Sequence[Content]) -> Content | None:
        """What those say of this content."""
        return next((content for content in contents if self._is(content)), None)

    def _is(self, other: Content) -> bool:
        # Dino adds contents as if the initiator did, whoever does, and speaks of them as its own:
        # who made them is not asked of theirs.
        made = other.creator == self.content.creator or not self.ours
        return made and other.name == self.content.name

    def mute_instead(self, *, wanted: bool) -> None:
        """They do not let it be modified; ``wanted``: our pictures are to be seen."""
        self.by_mute = self.sends = True
        # They know of no more than a pause. That we send is told as its end.
        self.told_pause |= wanted

    def pause(self, sid: str, pauses: bool) -> Jingle | None:
        """What tells them that we pause or go on (XEP-0167 §8.3), unless they know."""
        if pauses == self.told_pause:
            return None
        self.told_pause = pauses
        return Jingle(
            Action.SESSION_INFO,
            sid,
            info=Info.MUTE if pauses else Info.UNMUTE,
            info_content=self.content.name,
            info_creator=self.content.creator,
        )
