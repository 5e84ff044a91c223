"""``twocan call LINK``: the link of a site's button brings the account, and says whom to call."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from call_site import CallSite
from calling import Person, person
from commanding import Command, run, twocan
from running import Supernode
from twocan.jws import new_key, public_half
from whole.conftest import SITES

SOUND = ("--microphone", "tone:440", "--speaker", "null")


async def goes_through(
    link: str, callee: Person, environment: Mapping[str, str] | None = None
) -> Command:
    """A call by this link is made, taken, heard at both ends, and hung up there."""
    async with twocan("call", link, *SOUND, environment=environment) as calling:
        incoming = await callee.rings()
        incoming.answer()
        await calling.event("first-audio")
        await callee.ear.hears(440.0)
        incoming.hang_up()
        assert await calling.ended() == (0, "")
    return calling


async def test_whom_the_link_is_for_is_called(supernode: Supernode, tmp_path: Path) -> None:
    account = supernode.mint(f"clicker {tmp_path}", SITES[0])
    del account["ca"]
    friend = supernode.mint(f"friend {tmp_path}", SITES[0])
    launch = {
        "account": account,
        "caller": {"name": "Clicker"},
        "callee": {"address": friend["address"], "name": "Friend"},
    }
    authority = {"SSL_CERT_FILE": str(supernode.ca)}
    async with CallSite.serving(launch) as site, person(friend) as callee:
        calling = await goes_through(site.link, callee, environment=authority)
    assert (calling.report["outcome"], calling.report["peer"]) == ("completed", friend["address"])
    assert len(site.codes) == 1


async def test_a_site_on_this_machine_names_its_authority_and_renews_a_token_that_is_over(
    supernode: Supernode, tmp_path: Path
) -> None:
    clicker = f"renewed {tmp_path}"
    over = supernode.mint(clicker, SITES[0], valid=timedelta(seconds=-1))
    good = supernode.mint(clicker, SITES[0])
    friend = supernode.mint(f"friend {tmp_path}", SITES[0])
    async with CallSite.serving() as site, person(friend) as callee:
        site.says = {
            "account": {**over, "refresh": {"url": site.refresh, "token": "a-refresh-token"}},
            "caller": {"address": over["address"]},
            "callee": {"address": friend["address"]},
        }
        site.renews, site.nonce = {"token": good["token"]}, "a-nonce"
        await goes_through(site.link, callee)
    assert site.refreshed == ["a-refresh-token"]


async def test_a_file_whose_token_is_over_is_renewed_and_left_as_it_is(
    supernode: Supernode, tmp_path: Path
) -> None:
    answerer, key = f"answerer {tmp_path}", new_key()
    over = supernode.mint(answerer, SITES[0], valid=timedelta(seconds=-1))
    file = tmp_path / "answerer.json"
    async with CallSite.serving() as site:
        site.keys.append(public_half(key))
        site.renews = {"token": supernode.mint(answerer, SITES[0])["token"], "refresh_token": "b"}
        renewable = {"refresh": {"url": site.refresh, "token": "a"}, "key": json.loads(key)}
        file.write_text(json.dumps({**over, **renewable}))
        before = file.read_bytes()
        async with twocan("answer", "--account", file, "--echo") as answering:
            await answering.event("ready")
    assert (site.refreshed, file.read_bytes()) == (["a"], before)


async def test_a_link_that_was_used_is_refused_and_not_repeated() -> None:
    async with CallSite.serving() as site:
        code, said, calling = await run("call", site.link, *SOUND)
    assert code == 3
    assert "does not know this link any more" in said
    assert calling.report["reason"] == "not-signed-in"
    assert site.codes[0] not in said + json.dumps(calling.report)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--account", "somebody.json"), "a link brings its account: leave out --account"),
        (("--report", "/nonexistent/report.json"), "its folder does not exist"),
        (("--window",), "a link goes alone into the window"),
    ],
)
async def test_what_is_typed_wrong_does_not_cost_the_code(more: tuple[str, ...], why: str) -> None:
    async with CallSite.serving() as site:
        code, said, _ = await run("call", site.link, "--microphone", "silence", *more)
    assert code == 2
    assert why in said
    assert site.codes == []


async def test_no_launch_link_is_called_by_its_words() -> None:
    code, said, _ = await run("call", "twocan:launch?code=a-one-time-code_0123", *SOUND)
    assert code == 2
    assert said == "twocan: this link does not say redeem=\n"
