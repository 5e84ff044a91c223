"""What `make bench SUITE=site` takes for granted: its sums, what it asks and refuses, its cores."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

# After all else: nothing there is to stand in the way of a module of the same name.
sys.path.append(str(Path(__file__).parents[1] / "bench"))

import processes
import served
import served_programs
import wrk
from rows import Suite, is_minimum
from served_programs import SITE, Site
from twocan_supernode.site import links
from twocan_supernode.site.bodies import Launch, Redemption, ShadowAccount
from twocan_supernode.site.proofs import phone_key
from twocan_supernode.store import url_of
from twocan_supernode.store.tables import keys, redeemed

SAID = """Running 6s test @ http://127.0.0.1:1/
  32 requests in 6.00s
figure answered 6000.000000
figure late 0.000000
figure wrong {wrong}
figure lost {lost}
figure seconds 4.000000
figure p50_ms 12.500000
figure p99_ms 44.000000
words {words}
"""


# --- What wrk says -------------------------------------------------------------------------------


def said(wrong: int = 0, lost: int = 0, words: str = "") -> str:
    return SAID.format(wrong=wrong, lost=lost, words=words)


def test_a_rate_is_of_the_time_in_which_something_was_asked() -> None:
    load = wrk.understood(said())
    assert load == wrk.Load(6000, 0, 4.0, 12.5, 44.0)
    assert load.per_second == 1500


def test_one_refusal_spoils_a_run_and_is_repeated() -> None:
    words = '429 {"detail": "too many: wait 1 s"}'
    with pytest.raises(
        processes.Failed, match="2 of 6000 requests were refused, the first with"
    ) as (failed):
        wrk.understood(said(wrong=2, words=words))
    assert words in str(failed.value)


def test_a_lost_answer_spoils_a_run() -> None:
    with pytest.raises(processes.Failed, match="3 requests had no answer, 6000 had one"):
        wrk.understood(said(lost=3))


def test_a_wrk_that_says_something_else_is_quoted() -> None:
    with pytest.raises(processes.Failed, match=r"did not say what it found: unable to connect"):
        wrk.understood("unable to connect\n")


# --- What is asked -------------------------------------------------------------------------------


def asked(case: str, names: Sequence[str]) -> list[Any]:
    return [json.loads(body) for body in served.CASES[case].bodies(names)]


def test_nobody_is_asked_for_twice() -> None:
    names = [links.new_code() for _ in range(3)]
    people = [ShadowAccount.model_validate(body).person for body in asked("accounts", names)]
    launches = asked("launches", names)
    assert all(Launch.model_validate(body) for body in launches)
    called = [body[party]["person"] for body in launches for party in ("caller", "callee")]
    assert len(set(people)) == 3
    assert len(set(called)) == 6


def test_each_code_is_shown_with_the_key_of_a_phone() -> None:
    names = [links.new_code() for _ in range(served._KEYS + 1)]
    redemptions = [Redemption.model_validate(body) for body in asked("redeems", names)]
    assert [one.code for one in redemptions] == names
    shown = {phone_key(one.key.model_dump()).thumbprint for one in redemptions}
    assert len(shown) == served._KEYS


def test_a_case_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASES", " redeems, launches")
    assert served._chosen("CASES", tuple(served.CASES)) == ["redeems", "launches"]
    monkeypatch.setenv("WHO", "nobody")
    with pytest.raises(SystemExit, match="WHO: there is no nobody; there is framework, twocan, "):
        served._chosen("WHO", served.WHO)


def test_more_in_a_second_is_better() -> None:
    assert is_minimum("per_second")
    assert not is_minimum("p99_ms")


# --- Where it runs -------------------------------------------------------------------------------


def test_what_is_measured_has_a_core_to_itself() -> None:
    before = os.sched_getaffinity(0)
    if len(before) == 1:
        pytest.skip("there is but one core")
    with processes.one_core_free() as core:
        assert os.sched_getaffinity(0) == before - {core}
    assert os.sched_getaffinity(0) == before


def test_a_machine_with_one_core_is_not_enough() -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        with pytest.raises(processes.Failed, match="it takes two cores"), processes.one_core_free():
            pass
    finally:
        os.sched_setaffinity(0, before)


def test_a_disk_that_is_only_memory_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    if not os.path.ismount("/dev/shm"):  # noqa: S108
        pytest.skip("there is no folder in memory")
    assert served._filesystem(Path("/dev/shm/somewhere")) == "tmpfs"  # noqa: S108
    assert "is in memory: no disk is measured" in capsys.readouterr().err


# --- A whole run ---------------------------------------------------------------------------------

with_wrk = pytest.mark.skipif(not wrk.is_there(), reason="wrk comes with `make bench`")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("bench") / "state"
    with served_programs.site(folder, url_of(folder), max(os.sched_getaffinity(0))) as site:
        yield site


def test_it_asks_with_as_many_keys_as_a_site_may_have(site: Site) -> None:
    assert len(set(site.headers)) == 2
    assert site.count(select(func.count()).where(keys.c.site == SITE)) == 2
    assert all(header.partition("tck_")[2] not in repr(site) for header in site.headers)


def test_it_runs_on_one_core(site: Site) -> None:
    threads = Path(f"/proc/{site.pid}/task").iterdir()
    assert {len(os.sched_getaffinity(int(thread.name))) for thread in threads} == {1}


@with_wrk
def test_every_code_is_redeemed_once_and_then_no_more(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = site.codes(10)
    monkeypatch.setattr(Site, "codes", lambda *_: prepared)
    case = served.CASES["redeems"]

    load, cpu_us = served.once(case, site, 0.5)

    # wrk looks at the first one, and does not send it.
    assert (load.answered, load.late) == (9, 0)
    assert site.count(case.stored) == 9
    assert load.seconds < 2
    assert cpu_us > 0
    with pytest.raises(processes.Failed, match="were refused, the first with 410"):
        served.once(case, site, 0.5)


@with_wrk
def test_an_answer_that_is_not_in_the_database_spoils_the_run(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Site, "codes", lambda *_: [links.new_code() for _ in range(9)])
    elsewhere = replace(served.CASES["launches"], stored=select(func.count(redeemed.c.digest)))
    with pytest.raises(processes.Failed, match="launches gave 8 answers, and 0 are in the datab"):
        served.once(elsewhere, site, 0.5)


@with_wrk
def test_the_framework_answers_an_empty_object() -> None:
    with served_programs.bare(max(os.sched_getaffinity(0))) as bare:
        load, _ = served.once(served.CASES["accounts"], bare, 0.5)
    assert load.answered > 10
    assert load.seconds == pytest.approx(0.5, abs=0.4)


def test_its_figures_have_the_names_of_the_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "once", lambda *_: (wrk.Load(1000, 0, 1.0, 5.0, 60.0), 400.0))
    suite, server = Suite("site"), served_programs.Bare("http://127.0.0.1:1", 1)
    served._measure(suite, "launches", {"framework": server, "twocan": server})
    rows = {(row.who, row.metric): (row.value, row.budget) for row in suite.rows}
    expected = {
        ("twocan", "per_second"): (1000, 1500),
        ("twocan", "p99_ms"): (60, 50),
        ("framework", "p50_ms"): (5, None),
    }
    assert expected.items() <= rows.items()
    assert suite.table().count("under") == suite.table().count("over") == 1
