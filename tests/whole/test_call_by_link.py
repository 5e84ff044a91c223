"""``twocan call LINK``: the link of a site's button brings the account, and says whom to call."""

import json
from pathlib import Path

import pytest

from call_site import CallSite
from commanding import run, twocan
from running import Supernode
from whole.conftest import SITES

QUIET = ("--microphone", "tone:440", "--speaker", "null", "--for", "0.5")


async def test_whom_the_link_is_for_is_called(supernode: Supernode, tmp_path: Path) -> None:
    account = supernode.mint(f"clicker {tmp_path}", SITES[0])
    del account["ca"]
    friend = supernode.mint(f"friend {tmp_path}", SITES[0])
    file = tmp_path / "friend.json"
    file.write_text(json.dumps(friend))
    launch = {
        "account": account,
        "caller": {"name": "Clicker"},
        "callee": {"address": friend["address"], "name": "Friend"},
    }
    authority = {"SSL_CERT_FILE": str(supernode.ca)}
    async with (
        CallSite.serving(launch) as site,
        twocan("answer", "--account", file, "--echo", "--calls", "1") as answering,
    ):
        await answering.event("ready")
        code, said, calling = await run("call", site.link, *QUIET, environment=authority)
        assert (code, said) == (0, "")
        assert await answering.ended() == (0, "")
    assert (calling.report["outcome"], calling.report["peer"]) == ("completed", friend["address"])
    assert len(site.codes) == 1


async def test_a_link_that_was_used_is_refused_and_not_repeated() -> None:
    async with CallSite.serving() as site:
        code, said, calling = await run("call", site.link, *QUIET)
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
    code, said, _ = await run("call", "twocan:launch?code=a-one-time-code_0123", *QUIET)
    assert code == 2
    assert said == "twocan: this link does not say redeem=\n"
