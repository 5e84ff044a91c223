"""A route of Starlette's that the log and the figures can name, as those of FastAPI can be."""

from starlette.routing import Match, Route
from starlette.types import Scope


class NamedRoute(Route):
    """Says to whoever is around the app that it was met."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        return match, {**found, "route": self}
