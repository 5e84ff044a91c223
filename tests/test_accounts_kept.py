"""Accounts that last: in a keyring that is one, through its failures, and never anywhere else."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError, PasswordSetError

from twocan.account import Account, AccountError
from twocan.desk.accounts import INDEX, Accounts
from twocan.desk.safe import PART, SERVICE, STORES, Safe
from twocan.desk.state import Known

SECRET = "never-to-be-shown"
ME = Account("somebody@site.example", SECRET, is_token=True)
OTHER = Account("other@provider.example", SECRET + "2", is_token=False, host="127.0.0.1", port=5223)
NAME = "Demo keyring"


class Ring(KeyringBackend):
    """A keyring in memory, which can be told to fail at what it is asked."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.items: dict[str, str] = {}
        self.longest = 10**9
        self.fail: Callable[[str, str], None] = lambda verb, item: None

    def get_password(self, service: str, username: str) -> str | None:
        self._asked("get", service, username)
        return self.items.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._asked("set", service, username)
        if len(password.encode("utf-16-le")) > self.longest:
            raise PasswordSetError(password)
        self.items[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._asked("delete", service, username)
        if username not in self.items:
            raise PasswordDeleteError("no such password")
        del self.items[username]

    def _asked(self, verb: str, service: str, username: str) -> None:
        assert service == SERVICE
        self.fail(verb, username)


@pytest.fixture
def ring() -> Ring:
    return Ring()


@pytest.fixture(autouse=True)
def nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert SECRET not in caplog.text


def accounts(ring: Ring) -> Accounts:
    """Those that a program finds which has just started."""
    return Accounts(Safe(ring, NAME))


def failing(error: Exception, *verbs: str, item: str | None = None) -> Callable[[str, str], None]:
    def fail(verb: str, username: str) -> None:
        if verb in verbs and item in (None, username):
            raise error

    return fail


NEWER = replace(ME, secret=SECRET + "3")


# --- A new token ---------------------------------------------------------------------------------


def test_a_new_token_lasts_and_nothing_else_changes(ring: Ring) -> None:
    before = accounts(ring)
    kept = before.keep(ME, site="site.example", name="Demo person")
    before.renew(NEWER)

    after = accounts(ring)
    after.renew(ME)
    after.renew(NEWER)
    assert accounts(ring).load(ME.address) == NEWER
    assert accounts(ring).list() == (kept,)


def test_nobody_is_known_by_a_new_token(ring: Ring) -> None:
    """It may come just after the person had the account forgotten."""
    known = accounts(ring)
    known.keep(ME)
    known.forget(ME.address)
    known.renew(NEWER)
    for account in (known, accounts(ring)):
        assert account.list() == ()
        with pytest.raises(AccountError):
            account.load(ME.address)


def test_a_new_token_of_an_account_for_this_run_is_for_this_run(ring: Ring) -> None:
    here = Accounts(None)
    here.renew(NEWER)
    assert here.list() == ()
    here.keep(ME)
    here.renew(NEWER)
    assert here.load(ME.address) == NEWER

    ring.fail = failing(KeyringLocked(), "set")
    locked = accounts(ring)
    locked.keep(ME)
    locked.renew(NEWER)
    assert locked.load(ME.address) == NEWER
    assert ring.items == {}


def test_a_new_token_that_cannot_be_kept_leaves_the_older_one(ring: Ring) -> None:
    known = accounts(ring)
    known.keep(ME)
    ring.fail = failing(KeyringLocked(), "set")
    known.renew(NEWER)
    assert known.problem is not None
    assert "new token" in known.problem
    ring.fail = failing(RuntimeError(), "nothing")
    assert known.load(ME.address) == accounts(ring).load(ME.address) == ME


# --- In a keyring -------------------------------------------------------------------------------


def test_an_account_lasts(ring: Ring) -> None:
    before = accounts(ring)
    kept = before.keep(ME, site="site.example", name="Demo person")
    before.keep(OTHER)

    after = accounts(ring)

    assert kept == Known(ME.address, "site.example", "Demo person", NAME)
    assert after.list() == (kept, Known(OTHER.address, stored=NAME))
    assert (after.load(ME.address), after.load(OTHER.address)) == (ME, OTHER)
    assert (after.stores, before.problem, after.problem) == (NAME, None, None)


def test_a_new_token_takes_the_place_of_the_old_one(ring: Ring) -> None:
    accounts(ring).keep(ME, site="site.example", name="Demo person")
    newer = Account(ME.address, SECRET + "-newer", is_token=True)

    known = accounts(ring).keep(newer)

    assert known == Known(ME.address, "site.example", "Demo person", NAME)
    assert accounts(ring).list() == (known,)
    assert accounts(ring).load(ME.address) == newer


def test_a_forgotten_account_leaves_nothing(ring: Ring) -> None:
    one = accounts(ring)
    one.keep(ME)
    one.keep(OTHER)
    one.forget(ME.address)
    assert [known.address for known in accounts(ring).list()] == [OTHER.address]
    with pytest.raises(AccountError, match="not known any more: sign in again"):
        one.load(ME.address)

    one.forget(OTHER.address)
    one.forget("nobody@site.example")

    assert accounts(ring).list() == ()
    assert set(ring.items) == {INDEX}
    assert one.problem is None


def test_no_secret_is_in_a_repr(ring: Ring) -> None:
    one = accounts(ring)
    one.keep(ME)
    assert SECRET not in repr(one) + repr(vars(one)) + repr(one.list())


# --- Long ones ----------------------------------------------------------------------------------

LONG = Account(ME.address, SECRET + "x" * 5 * PART, is_token=True)


def test_what_windows_takes_is_enough_for_any_token(ring: Ring) -> None:
    ring.longest = 2560
    accounts(ring).keep(LONG)
    assert accounts(ring).load(ME.address) == LONG
    assert len(ring.items) > 5


def test_many_accounts_fit_too(ring: Ring) -> None:
    ring.longest = 2560
    one = accounts(ring)
    for number in range(40):
        one.keep(Account(f"{number}-{'x' * 60}@site.example", SECRET, is_token=True))
    assert len(accounts(ring).list()) == 40


def test_a_shorter_one_leaves_no_parts_of_a_longer_one(ring: Ring) -> None:
    one = accounts(ring)
    one.keep(LONG)
    one.keep(ME)
    assert set(ring.items) == {INDEX, ME.address}
    one.keep(LONG)
    one.forget(ME.address)
    assert set(ring.items) == {INDEX}


@pytest.mark.parametrize("name", [f"{ME.address} 3", ME.address])
def test_what_was_cut_short_is_not_taken_for_a_secret(ring: Ring, name: str) -> None:
    accounts(ring).keep(LONG)
    ring.fail = failing(OSError(), "set", item=name)
    newer = Account(ME.address, SECRET + "y" * 5 * PART, is_token=True)
    assert accounts(ring).keep(newer).stored is None
    ring.fail = failing(OSError())

    with pytest.raises(AccountError, match="sign in again"):
        accounts(ring).load(ME.address)
    accounts(ring).keep(newer)
    assert accounts(ring).load(ME.address) == newer


@pytest.mark.parametrize("item", ["", "2", "0:00000000:x", "1:0000:x", "9" * 5000 + ":00000000:x"])
def test_items_that_are_not_ours_are_no_secrets(ring: Ring, item: str) -> None:
    ring.items[ME.address] = item
    with pytest.raises(AccountError, match="sign in again"):
        accounts(ring).load(ME.address)


def test_an_account_that_another_version_wrote_is_told_of_in_a_line(ring: Ring) -> None:
    Safe(ring, NAME).write(ME.address, "{}")
    with pytest.raises(AccountError, match=f"what {NAME} has of {ME.address} needs"):
        accounts(ring).load(ME.address)


@pytest.mark.expects_log
@pytest.mark.parametrize(
    "text", ["{", "5", "[5]", '["x"]', "[{}]", '[{"address": 5}]', '[{"address": "x"}]', "null"]
)
def test_a_list_that_is_broken_is_begun_anew(ring: Ring, text: str) -> None:
    Safe(ring, NAME).write(INDEX, text)
    one = accounts(ring)
    assert one.list() == ()
    one.keep(ME)
    assert accounts(ring).load(ME.address) == ME
    assert [known.address for known in accounts(ring).list()] == [ME.address]


# --- Without a keyring, or with one that fails --------------------------------------------------


def test_without_a_keyring_an_account_lives_for_this_run() -> None:
    one = Accounts(None)

    known = one.keep(ME, site="site.example")

    assert known == Known(ME.address, "site.example", stored=None)
    assert (one.stores, one.problem, one.list()) == (None, None, (known,))
    assert one.load(ME.address) == ME
    assert one.keep(ME, name="Demo person").site == "site.example"
    one.forget(ME.address)
    assert one.list() == ()
    one.close()


FAILURES = [
    (KeyringLocked(SECRET), f"{NAME} is locked: unlock it and try again"),
    (PasswordSetError(SECRET), f"{NAME} does not work (PasswordSetError)"),
    (RuntimeError(SECRET), f"{NAME} does not work (RuntimeError)"),
    (TimeoutError(SECRET), f"{NAME} does not answer"),
    (ConnectionResetError(SECRET), f"{NAME} does not work (ConnectionResetError)"),
]


def dismissed() -> InitError:
    error = InitError(SECRET)
    error.__cause__ = type("PromptDismissedException", (Exception,), {})()
    return error


@pytest.mark.parametrize(
    ("error", "why"), [*FAILURES, (dismissed(), f"{NAME} is locked: unlock it and try again")]
)
def test_a_keyring_that_fails_leaves_the_account_for_this_run(
    ring: Ring, error: Exception, why: str
) -> None:
    ring.fail = failing(error, "get", "set", "delete")
    one = accounts(ring)

    known = one.keep(ME, site="site.example")

    assert known == Known(ME.address, "site.example", stored=None)
    assert one.problem == f"{why}; {ME.address} is known for this run alone"
    assert one.load(ME.address) == ME
    assert one.list() == (known,)
    assert one.problem == f"the accounts that are kept cannot be read: {why}"
    with pytest.raises(AccountError) as refused:
        one.load(OTHER.address)
    assert str(refused.value) == f"the account {OTHER.address} cannot be read: {why}"
    assert refused.value.__cause__ is None


def test_a_keyring_that_works_again_keeps_what_it_has(ring: Ring) -> None:
    accounts(ring).keep(OTHER)
    one = accounts(ring)
    ring.fail = failing(KeyringLocked(), "get", "set")
    assert one.list() == ()
    one.keep(ME)

    ring.fail = failing(KeyringLocked())

    assert one.keep(ME).stored == NAME
    assert one.problem is None
    both = (Known(OTHER.address, stored=NAME), Known(ME.address, stored=NAME))
    assert one.list() == accounts(ring).list() == both


def test_a_new_secret_that_cannot_be_kept_is_good_for_this_run(ring: Ring) -> None:
    one = accounts(ring)
    one.keep(ME)
    newer = Account(ME.address, SECRET + "-newer", is_token=True)
    ring.fail = failing(PasswordSetError(), "set")

    assert one.keep(newer).stored is None

    assert one.load(ME.address) == newer
    assert one.list() == (Known(ME.address),)
    assert accounts(ring).load(ME.address) == ME


def test_what_cannot_be_forgotten_is_said(ring: Ring) -> None:
    one = accounts(ring)
    one.keep(ME)
    ring.fail = failing(PasswordDeleteError(SECRET), "delete")

    one.forget(ME.address)

    why = f"the account {ME.address} is not forgotten: {NAME} does not work (PasswordDeleteError)"
    assert one.problem == why
    assert one.list() == (Known(ME.address, stored=NAME),)


# --- A keyring that never answers ---------------------------------------------------------------


class Silent(Ring):
    """It answers once it is let go."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let_go = threading.Event(), threading.Event()
        self.fail = self._wait

    def _wait(self, verb: str, item: str) -> None:
        self.asked.set()
        self.let_go.wait()


@pytest.fixture
def silent() -> Iterator[Silent]:
    silent = Silent()
    yield silent
    silent.let_go.set()


def test_it_is_not_waited_for_for_ever_and_not_asked_again(silent: Silent) -> None:
    one = Accounts(Safe(silent, NAME, within=0.05))

    assert one.keep(ME).stored is None
    assert one.problem == f"{NAME} does not answer; {ME.address} is known for this run alone"
    threads = threading.active_count()
    assert one.list() == (Known(ME.address),)
    assert threading.active_count() == threads


def test_it_is_asked_again_once_it_answered(silent: Silent) -> None:
    safe = Safe(silent, NAME, within=0.05)
    one = Accounts(safe)
    before = threading.enumerate()
    one.keep(ME)
    [asking] = set(threading.enumerate()) - set(before)

    silent.let_go.set()
    asking.join()
    safe._patience._within = 40.0

    assert one.keep(ME).stored == NAME


def test_whoever_closes_does_not_wait_for_it(silent: Silent) -> None:
    one = Accounts(Safe(silent, NAME))
    known: list[Known] = []
    keeping = threading.Thread(target=lambda: known.append(one.keep(ME)))
    keeping.start()
    silent.asked.wait()

    one.close()
    keeping.join()

    assert known == [Known(ME.address)]
    assert one.keep(OTHER).stored is None


# --- Which keyring there is ---------------------------------------------------------------------

FIND = """
import json
from twocan.desk.accounts import Accounts
found = Accounts.find()
print(json.dumps([found.stores, found.problem]))
"""


def run(script: str, **environment: str) -> str:
    lean = {"PATH": os.environ["PATH"], "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=lean | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["null", "fail", "chainer"])
def test_a_keyring_that_keeps_nothing_is_none(name: str, tmp_path: Path) -> None:
    klass = "ChainerBackend" if name == "chainer" else "Keyring"
    backend = f"keyring.backends.{name}.{klass}"
    said = run(FIND, PYTHON_KEYRING_BACKEND=backend, HOME=str(tmp_path))
    assert json.loads(said) == [None, None]


def test_a_file_in_plain_text_is_no_keyring(tmp_path: Path) -> None:
    (tmp_path / "plaintext.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 20\n"
        "    get_password = set_password = lambda *what: None\n"
    )
    environment = {"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}
    said = run(FIND, PYTHON_KEYRING_BACKEND="plaintext.Keyring", **environment)
    assert json.loads(said) == [None, None]
    assert json.loads(run("import plaintext\n" + FIND, **environment)) == [None, None]


def test_a_system_without_a_keyring_has_none(tmp_path: Path) -> None:
    assert json.loads(run(FIND, HOME=str(tmp_path))) == [None, None]


def test_a_keyring_that_is_configured_but_not_there_is_none(tmp_path: Path) -> None:
    said = run(FIND, PYTHON_KEYRING_BACKEND="keyring.backends.gone.Keyring", HOME=str(tmp_path))
    stores, problem = json.loads(said)
    assert stores is None
    assert problem == (
        "the keyring does not work (ModuleNotFoundError); accounts are known for this run alone"
    )


def test_the_stores_are_those_of_keyring() -> None:
    folder = Path(sys.modules["keyring.backend"].__file__ or "").parent / "backends"
    there = {path.stem for path in folder.iterdir()}
    assert {name.rpartition(".")[2] for name in STORES} <= there


def test_stores_of_other_systems_are_not_looked_for(tmp_path: Path) -> None:
    loaded = "import sys; from twocan.desk.safe import Safe; Safe.find(); print(*sys.modules)"
    modules = run(loaded, HOME=str(tmp_path)).split()
    assert "keyring.backends.SecretService" in modules
    assert {"keyring.backends.macOS", "keyring.backends.Windows"}.isdisjoint(modules)


def test_keyring_is_loaded_when_it_is_needed() -> None:
    ask = "import sys, twocan.desk.accounts; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", ask], check=False).returncode == 0


# --- The real Secret Service --------------------------------------------------------------------

SECRET_SERVICE = ("dbus-run-session", "gnome-keyring-daemon")

needs_secret_service = pytest.mark.skipif(
    not all(map(shutil.which, SECRET_SERVICE)), reason="needs dbus-run-session and gnome-keyring"
)

WITH_KEYRING = """
import subprocess, sys
from jeepney import MatchRule
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

came = MatchRule(type="signal", sender=message_bus.bus_name, member="NameOwnerChanged")
came.add_arg_condition(0, "org.freedesktop.secrets")
serve = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
with open_dbus_connection() as bus:
    bus.send_and_get_reply(message_bus.AddMatch(came))
    with bus.filter(came) as comings:
        ring = subprocess.Popen(serve, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        ring.stdin.write(b"a password")
        ring.stdin.close()
        bus.recv_until_filtered(comings, timeout=30)
try:
    for script in sys.argv[1:]:
        subprocess.run([sys.executable, "-c", script], check=True)
finally:
    ring.terminate()
    ring.wait()
"""

KEEP = """
from test_accounts_kept import *

class PlainText(Ring):
    priority = 20  # which keyring itself would take

one = Accounts.find()
assert one.stores == "GNOME Keyring", one.stores
assert one.keep(LONG, site="site.example", name="Demo person").stored == "GNOME Keyring"
assert one.keep(OTHER).stored == "GNOME Keyring"
assert one.problem is None
"""

LOAD = """
from test_accounts_kept import *
one = Accounts.find()
assert [known.address for known in one.list()] == [ME.address, OTHER.address]
assert (one.load(ME.address), one.load(OTHER.address)) == (LONG, OTHER)
one.forget(ME.address)
assert one.problem is None
"""

FORGOTTEN = """
from test_accounts_kept import *
one = Accounts.find()
assert [known.address for known in one.list()] == [OTHER.address]
one.forget(OTHER.address)
import secretstorage
with secretstorage.dbus_init() as bus:
    items = list(secretstorage.get_default_collection(bus).get_all_items())
    assert [item.get_attributes()["username"] for item in items] == [INDEX], items
"""

UNWANTED = """
from test_accounts_kept import *
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
assert Accounts.find().stores is None
"""

LOCKED = """
from test_accounts_kept import *
import secretstorage
assert Accounts.find().keep(ME).stored == "GNOME Keyring"
with secretstorage.dbus_init() as bus:
    secretstorage.get_default_collection(bus).lock()
one = Accounts.find()
assert one.keep(OTHER).stored is None
why = "GNOME Keyring is locked: unlock it and try again"
assert one.problem == f"{why}; {OTHER.address} is known for this run alone", one.problem
assert one.load(OTHER.address) == OTHER
"""
# Nobody can be asked to unlock it there, which is as good as a person who does not.


BARE = """
from test_accounts_kept import *
one = Accounts.find()
assert one.stores == "GNOME Keyring", one.stores
assert one.list() == ()
assert one.problem is None, one.problem
"""
# Making a keyring would be asked of somebody, who would have to choose a password.


@needs_secret_service
def test_from_one_start_to_the_next_in_a_real_keyring(tmp_path: Path) -> None:
    on_a_bus(tmp_path, WITH_KEYRING, KEEP, LOAD, FORGOTTEN, UNWANTED, LOCKED)
    assert SECRET not in "".join(path.read_text(errors="replace") for path in files(tmp_path))


@needs_secret_service
def test_who_has_kept_nothing_is_asked_for_nothing(tmp_path: Path) -> None:
    on_a_bus(tmp_path, WITH_KEYRING.replace('"--unlock", ', ""), BARE)


def on_a_bus(tmp_path: Path, *scripts: str) -> None:
    """Run the first script on a session bus of its own, and have it run the others."""
    (tmp_path / "run").mkdir(mode=0o700)
    bus = subprocess.Popen(
        ["dbus-run-session", "--", sys.executable, "-c", *scripts],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parent),
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = bus.communicate()
    except BaseException:
        # All of it at once, the bus and the keyring as well.
        os.killpg(bus.pid, signal.SIGKILL)
        bus.communicate()
        raise
    assert bus.returncode == 0, said


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
