"""The command ``twocan-supernode site-settings``: shows and changes what ``settings`` keeps."""

import argparse
import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path

from twocan_supernode import accounts
from twocan_supernode.commands import audited, database
from twocan_supernode.errors import UsageError
from twocan_supernode.site import settings
from twocan_supernode.site.limits import Rate, rate
from twocan_supernode.site.settings import SettingsError, SiteSettings, Webhook
from twocan_supernode.state import State

HELP = "show or change a site's settings"
DESCRIPTION = (
    "Show or change where a site's pages are, where it is told about calls, and its limits. What "
    "is not named stays as it is. A new webhook's secret is printed this once. A node and a site "
    "API that run take up what changed; a new site is served from the node's next start on."
)
_KEPT = "(kept)"
_LIMITS = ("launches", "tokens")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command, and ``handler`` as its ``command``."""
    parser.set_defaults(command=handler)
    parser.add_argument(
        "--state", type=Path, required=True, metavar="DIR", help="the node's folder"
    )
    parser.add_argument("--site", type=_site, required=True, metavar="NAME", help="which site")
    parser.add_argument(
        "--new", action="store_true", help="make the site if there is none of that name"
    )
    _add_origins(parser)
    _add_webhook(parser)
    parser.add_argument(
        "--limit",
        type=_limit,
        action="append",
        default=[],
        metavar="NAME=COUNT/SECONDSs:BURST",
        help="how often one person may ask, launches or tokens: launches=30/60s:10 is 30 a minute, "
        "10 at once",
    )
    parser.add_argument("--show", action="store_true", help="change nothing, show what is set")
    database.add_option(parser)


def _add_origins(parser: argparse.ArgumentParser) -> None:
    origins = parser.add_mutually_exclusive_group()
    origins.add_argument(
        "--origin",
        action="append",
        metavar="URL",
        help="where its pages come from, again for each, instead of those there were: "
        "https://site.example",
    )
    origins.add_argument("--no-origin", action="store_true", help="it has no pages any more")


def _add_webhook(parser: argparse.ArgumentParser) -> None:
    webhook = parser.add_mutually_exclusive_group()
    webhook.add_argument("--webhook", metavar="URL", help="what is told about each call")
    webhook.add_argument("--no-webhook", action="store_true", help="nothing is told any more")
    parser.add_argument(
        "--new-webhook-secret",
        action="store_true",
        help="sign with a new secret, and for now with the one before as well",
    )


def handler(options: argparse.Namespace) -> None:
    """Does it, and says what is set now as one JSON object. Raises SupernodeError, OSError."""
    state = State(options.state)
    new = options.new and options.site not in [site.name for site in state.sites()]
    before = SiteSettings() if new else SiteSettings.load(_folder(state, options.site))
    try:
        after = _changed(before, options)
    except SettingsError as error:
        raise UsageError(str(error)) from None
    if options.show and (new or after != before):
        raise UsageError("--show changes nothing: leave out either it or the changes")
    if new or after != before:
        _save(state, after, _differences(after, before, new=new), options)
    sys.stdout.write(json.dumps(_shown(after, before), indent=2) + "\n")


def _folder(state: State, name: str) -> Path:
    try:
        return state.site(name).folder
    except UsageError as error:
        raise UsageError(f"{error}; --new makes it") from None


def _save(
    state: State, settings: SiteSettings, actions: list[str], options: argparse.Namespace
) -> None:
    state.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # First: nothing is changed of which the audit does not know.
    asyncio.run(_note(actions, options))
    state.add_site(options.site)
    settings.save(state.site(options.site).folder)


async def _note(actions: list[str], options: argparse.Namespace) -> None:
    async with audited.store(options) as store:
        for action in actions:
            await store.note(audited.entry(options, action, audited.now()))


def _differences(after: SiteSettings, before: SiteSettings, *, new: bool) -> list[str]:
    """What the audit says was done."""
    webhooks = [each.webhook for each in (after, before)]
    urls, secrets = ([getattr(each, what, None) for each in webhooks] for what in ("url", "secret"))
    said = {
        "site.made": new,
        "settings.origins": after.origins != before.origins,
        "settings.webhook": urls[0] != urls[1],
        "settings.webhook-secret": None not in secrets and secrets[0] != secrets[1],
        "settings.limits": after.limits != before.limits,
    }
    return [action for action, done in said.items() if done]


def _changed(before: SiteSettings, options: argparse.Namespace) -> SiteSettings:
    origins = before.origins
    if options.origin or options.no_origin:
        origins = tuple(dict.fromkeys(map(settings.normal_origin, options.origin or [])))
    limits = replace(before.limits, **dict(options.limit))
    return SiteSettings(origins, _webhook(before.webhook, options), limits)


def _webhook(before: Webhook | None, options: argparse.Namespace) -> Webhook | None:
    if options.no_webhook:
        return None
    if before is None and options.webhook is None:
        if options.new_webhook_secret:
            raise UsageError("the site has no webhook to make a secret for: name it by --webhook")
        return None
    if before is None:
        return Webhook(options.webhook, settings.new_secret())
    url = options.webhook or before.url
    if options.new_webhook_secret:
        return Webhook(url, settings.new_secret(), before.secret)
    return replace(before, url=url)


def _shown(after: SiteSettings, before: SiteSettings) -> dict[str, object]:
    """What is set, without secrets but for one that was made just now."""
    shown = after.as_dict()
    if after.webhook is not None:
        old = None if before.webhook is None else before.webhook.secret
        secret = _KEPT if after.webhook.secret == old else after.webhook.secret
        shown["webhook"] = {"url": after.webhook.url, "secret": secret}
    return shown


def _site(text: str) -> str:
    if not accounts.is_site_name(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no lower-case domain name")
    return text


def _limit(text: str) -> tuple[str, Rate]:
    name, _, typed = text.partition("=")
    if name not in _LIMITS:
        raise argparse.ArgumentTypeError(f"{text!r} is no limit such as launches=30/60s:10")
    try:
        return name, rate(typed)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None
