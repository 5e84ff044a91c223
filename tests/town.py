"""A desk in a town in memory: its neighbours are phones with real media, in the same loop.

For tests of the desk, and of the whole window: there the town lives on the phone's thread.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from talking import HIGH, Side
from twocan.account import Account
from twocan.desk.accounts import Accounts
from twocan.desk.desk import Desk, Over
from twocan.desk.equipment import Equipment
from twocan.desk.freshness import Renew
from twocan.desk.history import History
from twocan.desk.invitations import Redeem
from twocan.desk.redeeming import Launch
from twocan.desk.settings import Settings
from twocan.desk.settings_file import SettingsFile
from twocan.desk.state import DeskView, Trial
from twocan.links import LaunchLink
from twocan.signalling import Exchange, Extension, Reach, Weather
from twocan.states import State

if TYPE_CHECKING:
    from twocan.media.pictures.canvas import Canvas

T = TypeVar("T")

ME, NEIGHBOUR, OTHER = "me@site.example", "neighbour@site.example", "other@site.example"
ACCOUNT = Account(ME, "a made-up token", is_token=True)
PITCH = 440.0
SETTINGS = Settings(
    microphone=f"tone:{PITCH:.0f}", speaker="null", ringer="null", camera="pattern:160x90@30"
)
"""Nothing that needs a device."""
HEARS_WITHIN = 20.0


class Session(Extension):
    """The desk's own, which a test can put out of reach."""

    def __init__(self, exchange: Exchange, address: str) -> None:
        super().__init__(exchange, address)
        self.renew: Renew | None = None
        """What it would come back by, which it never does: see ``reached``."""
        exchange.admit(self)

    def reached(self, reach: Reach) -> None:
        assert self._listener is not None
        self._listener.reach_changed(reach)

    async def close(self) -> None:
        self._exchange.leave(self.address)

    def renew_by(self, renew: Renew) -> None:
        self.renew = renew


class Town:
    """Opens the desk, and has neighbours move in. All of it in the loop where the desk is opened.

    ``hindrances``: what the next attempts to sign in fail with, one after the other.
    """

    def __init__(self, settings: Settings = SETTINGS, *, given: Account | None = ACCOUNT) -> None:
        self.settings = SettingsFile(None)
        self.settings.save(settings)
        self.given = given
        self.accounts = Accounts(None)
        self.history = History(None)
        self.hindrances: list[Exception] = []
        self.entered: list[Account] = []
        self.session: Session | None = None
        self.redeem: Redeem = nothing_to_redeem
        self.over: Over | None = None
        self.neighbours: dict[str, Side] = {}
        self.exchange: Exchange | None = None

    async def open_desk(
        self,
        tell: Callable[[DeskView], None],
        far: "Callable[[Canvas], None]" = lambda canvas: None,
        near: "Callable[[Canvas], None]" = lambda canvas: None,
    ) -> Desk:
        """The town's desk, open."""
        self._exchange()
        desk: Desk | None = None

        def tried(trial: Trial) -> None:
            assert desk is not None
            desk.trial_changed(trial)

        equipment = Equipment(self.settings.load(), far=far, near=near, changed=tried)
        desk = Desk(
            tell,
            equipment,
            settings=self.settings,
            history=self.history,
            accounts=lambda: self.accounts,
            given=self.given,
            enter=self._enter,
            redeem=lambda link: self.redeem(link),
            over=self.over,
        )
        await desk.open()
        return desk

    def move_in(self, address: str = NEIGHBOUR, pitch: float = HIGH) -> Side:
        """A neighbour with a phone: a tone, an ear, a lens and an eye."""
        side = Side(self._exchange(), f"{address}/phone", pitch)
        self.neighbours[address] = side
        return side

    def delay(self, seconds: float) -> None:
        """Have whatever is said take so long, each way, from now on. On any thread."""
        assert self.exchange is not None
        self.exchange.weather = Weather(delay=(seconds, seconds))

    async def hangs_up(self) -> None:
        """Until the neighbours' calls are over, because the desk has told them so."""
        async with asyncio.timeout(HEARS_WITHIN):
            for side in self.neighbours.values():
                for line in side.phone.lines:
                    await line.ended.wait()

    async def close(self) -> None:
        """Put the neighbours' phones down."""
        for side in self.neighbours.values():
            await side.phone.close()

    def _exchange(self) -> Exchange:
        if self.exchange is None:
            self.exchange = Exchange(asyncio.get_running_loop().call_later)
        return self.exchange

    async def _enter(self, account: Account) -> Session:
        if self.hindrances:
            raise self.hindrances.pop(0)
        self.entered.append(account)
        self.session = Session(self._exchange(), f"{account.address}/desk{len(self.entered)}")
        return self.session


async def nothing_to_redeem(link: LaunchLink) -> Launch:
    raise AssertionError(f"no link is expected: {link.site}")


class Watch:
    """What a desk showed; a test waits for what it wants to see."""

    def __init__(self) -> None:
        self.views: list[DeskView] = []
        self._news = asyncio.Event()

    def __call__(self, view: DeskView) -> None:
        self.views.append(view)
        self._news.set()

    @property
    def now(self) -> DeskView:
        return self.views[-1]

    async def sees(self, is_so: Callable[[DeskView], object]) -> DeskView:
        """Until it is so."""
        while not is_so(self.now):
            self._news.clear()
            await self._news.wait()
        return self.now

    async def call(self, state: State) -> str:
        """The id of a call in that state, once there is one."""
        view = await self.sees(lambda view: state in states(view))
        return next(call.sid for call in view.calls if call.state is state)


def states(view: DeskView) -> Sequence[State]:
    return [call.state for call in view.calls]
