"""The pictures of one call, both ways: what the voice is to its sound."""

from collections.abc import Callable, Sequence

from aiortc import RTCDtlsTransport

from twocan import events
from twocan.events import Event
from twocan.media.adaptation import Report
from twocan.media.descriptions import PictureCodecs
from twocan.media.pictures.figures import SightFigures
from twocan.media.pictures.picture import Camera, Screen
from twocan.media.pictures.picture_rtp import Arrived, PictureRtp
from twocan.media.pictures.receiving.watching import Heard, Watching
from twocan.media.pictures.sending.sending import Sending
from twocan.messages import HeaderExtension


class Sight:
    """A content of pictures, from its description to its end. ``report`` is told what happens."""

    def __init__(
        self,
        name: str,
        cname: str,
        open_camera: Callable[[], Camera | None],
        report: Callable[[Event], None],
        heard: Heard,
        let_voice_wait: Callable[[float], None],
    ) -> None:
        self.name = name
        """Of the content."""
        self._report = report
        self._rtp = PictureRtp(cname, self)
        self._sending = Sending(self._rtp, open_camera, self._troubled)
        self._watching = Watching(self._rtp, heard, let_voice_wait, self._first_picture)

    @property
    def ssrcs(self) -> tuple[int, int]:
        """Of what we send, and of what we send again."""
        return self._rtp.ssrc, self._rtp.rtx_ssrc

    @property
    def quality(self) -> float | None:
        """How good the far side's pictures look now, 1 to 5; None as long as there are none."""
        return self._watching.quality

    def warm(self) -> None:
        """Open the camera, which takes its time, while the way is found: both agreed by now."""
        self._sending.warm()

    def start(
        self,
        transport: RTCDtlsTransport,
        screen: Screen,
        codecs: PictureCodecs,
        extensions: Sequence[HeaderExtension],
        ssrcs: Sequence[int],
    ) -> None:
        """The way is open. ``ssrcs``: the streams that the far side announced."""
        self._rtp.begin(transport, self.name, codecs, extensions, ssrcs)
        self._sending.start(codecs)
        self._watching.start(codecs, screen)

    def flow(self, *, showing: bool, watching: bool) -> None:
        """Send what the camera sees, and show what comes, or not."""
        self._sending.show(showing)
        self._watching.watch(watching)

    def figures(self) -> SightFigures:
        """What they came to so far."""
        return SightFigures(self._sending.figures(), self._watching.figures())

    async def close(self) -> None:
        """Send and show nothing more; the camera is closed at once."""
        self._sending.show(on=False)
        await self._watching.close()
        await self._sending.close()
        await self._rtp.close()

    # What the wire tells (picture_rtp.Listener)

    def arrived(self, arrived: Arrived) -> None:
        self._watching.arrived(arrived)

    def reported(self, report: Report) -> None:
        self._sending.reported(report)

    def missed(self, sequences: Sequence[int]) -> None:
        self._sending.missed(sequences)

    def key_wanted(self) -> None:
        self._sending.key_wanted()

    def estimated(self, bitrate: int) -> None:
        self._sending.estimated(bitrate)

    def _first_picture(self) -> None:
        self._report(events.FirstPicture())

    def _troubled(self, problem: str | None) -> None:
        self._report(events.CameraTrouble(problem))
