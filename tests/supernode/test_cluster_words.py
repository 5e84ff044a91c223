"""A node's place in a cluster, without any Erlang: its command line, its files, and its words."""

import socket
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from twocan_supernode import cluster
from twocan_supernode.__main__ import main
from twocan_supernode.cluster import Apart, Cluster, again, members, why_ended
from twocan_supernode.errors import SupernodeError, UsageError
from twocan_supernode.installation import Installation
from twocan_supernode.state import State

HERE, OTHER = IPv4Address("127.0.0.1"), IPv4Address("127.0.0.2")
ERLANG = Installation(Path("/e"), Path("/e/erts-1"), Path("/e/lib"))
DATABASE = Path("/state/ejabberd/db")


def prepared(folder: Path, place: Cluster | None = None) -> State:
    state = State(folder)
    folder.mkdir(exist_ok=True)
    (place or Cluster(HERE, free_port())).prepare(state)
    return state


def free_port() -> int:
    with socket.create_server((str(HERE), 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def after(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


# --- the command


def test_a_node_that_is_alone_has_no_name(tmp_path: Path) -> None:
    words = ERLANG.command(tmp_path)
    assert words[-2:] == ["-s", "ejabberd"]
    assert not {"-name", "-proto_dist", "-erl_epmd_port", "-eval"} & {*words}


def test_a_node_of_a_cluster_listens_at_its_address_alone_over_tls(tmp_path: Path) -> None:
    words = ERLANG.command(tmp_path, Cluster(HERE, 5299).arguments(tmp_path))
    assert after(words, "-name") == "ejabberd@127.0.0.1"
    assert after(words, "-proto_dist") == "inet_tls"
    assert after(words, "-ssl_dist_optfile") == str(tmp_path / "cluster.conf")
    assert after(words, "-start_epmd") == "false"
    assert after(words, "-erl_epmd_port") == "5299"
    assert after(words, "inet_dist_use_interface") == "{127,0,0,1}"
    assert words.index("-eval") < words.index("-s"), "ejabberd starts once all is there"
    assert "-setcookie" not in words


def test_what_it_does_at_its_start_is_said_in_erlang(tmp_path: Path) -> None:
    alone, joins = Cluster(HERE), Cluster(HERE, join=OTHER, without=(IPv4Address("127.0.0.3"),))
    assert "{'Join', none}, {'Without', []}" in after(alone.arguments(tmp_path), "-eval")
    said = after(joins.arguments(tmp_path), "-eval")
    assert "{'Join', 'ejabberd@127.0.0.2'}, {'Without', ['ejabberd@127.0.0.3']}" in said
    assert again(joins) == alone
    assert again(None) is None


# --- the files


def test_what_is_shared_is_made_once_and_its_own_at_each_start(tmp_path: Path) -> None:
    state = prepared(tmp_path / "state")
    shared = {file: file.read_bytes() for file in (state.folder / "cluster").iterdir()}
    own = (state.ejabberd / "cluster.pem").read_bytes()
    prepared(state.folder)
    assert {file.name for file in shared} == {"ca.pem", "ca-key.pem", "cookie"}
    assert {file: file.read_bytes() for file in (state.folder / "cluster").iterdir()} == shared
    assert (state.ejabberd / "cluster.pem").read_bytes() != own
    for file in (*shared, *state.ejabberd.iterdir()):
        assert file.stat().st_mode & 0o777 == 0o600, file
    for folder in (state.folder / "cluster", state.ejabberd):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_the_cookie_is_where_erlang_looks_for_it(tmp_path: Path) -> None:
    state = prepared(tmp_path / "state")
    cookie = Cluster(HERE).cookie(state)
    assert len(cookie) >= 43
    home = Path(ERLANG.environment(state.ejabberd)["HOME"])
    assert (home / ".erlang.cookie").read_text() == cookie
    assert cookie != Cluster(HERE).cookie(prepared(tmp_path / "other"))


def test_a_certificate_is_for_both_ends_and_for_its_address(tmp_path: Path) -> None:
    """Erlang compares the address with the names, and TLS wants purposes for either end."""
    state = prepared(tmp_path / "state")
    authority = x509.load_pem_x509_certificate((state.folder / "cluster/ca.pem").read_bytes())
    own = x509.load_pem_x509_certificate((state.ejabberd / "cluster.pem").read_bytes())
    own.verify_directly_issued_by(authority)
    extensions = own.extensions
    purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [*purposes] == [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    assert [*names] == [x509.DNSName("127.0.0.1"), x509.IPAddress(HERE)]
    assert own.not_valid_after_utc > datetime.now(UTC)


def test_a_certificate_for_clients_is_none_for_nodes(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.issue_certificate([HERE])
    served = x509.load_pem_x509_certificate(state.certificate.read_bytes())
    purposes = served.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [*purposes] == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_both_ends_want_a_certificate_of_the_cluster(tmp_path: Path) -> None:
    state = prepared(tmp_path / 'the "state" \\ é')
    said = (state.ejabberd / "cluster.conf").read_bytes()
    assert said.isascii()
    server, client = said.decode().splitlines()
    for end in (server, client):
        assert "{verify, verify_peer}" in end
        assert "{versions, ['tlsv1.3']}" in end
        assert '/the \\x{22}state\\x{22} \\x{5c} \\x{e9}/cluster/ca.pem"}' in end
    assert "{fail_if_no_peer_cert, true}" in server


# --- the words


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("away ejabberd@127.0.0.2", "the node at 127.0.0.2 does not answer: does it run"),
        ("alone nonode@nohost", f"what is in {DATABASE} is of a node that ran alone or under"),
        ("own ejabberd@127.0.0.2", f"what is in {DATABASE} is of a cluster without 127.0.0.2: to"),
        ("refused ejabberd@127.0.0.2", "the node at 127.0.0.2 could not be joined: the end of"),
        ("runs ejabberd@127.0.0.2", "the node at 127.0.0.2 runs: stop it before this one starts"),
        (
            "waits ejabberd@127.0.0.2 ejabberd@127.0.0.3",
            "this node waits for 127.0.0.2 or 127.0.0.3, which may have gone on after it stopped: ",
        ),
        (
            "apart ejabberd@127.0.0.2",
            "this node and 127.0.0.2 had lost each other: it starts again, with their tables",
        ),
    ],
)
def test_why_it_ended_is_said_in_words(said: str, told: str) -> None:
    ended = why_ended(f"something else\ntwocan-cluster: {said}\nand more", DATABASE)
    assert str(ended).startswith(told)
    assert isinstance(ended, Apart) == said.startswith("apart")


def test_each_reason_of_the_script_has_words() -> None:
    script = cluster._SCRIPT.read_text()
    reasons = {part.split('"')[0] for part in script.split('End("')[1:]}
    assert reasons == cluster._WORDS.keys()


@pytest.mark.parametrize("tail", ["", "twocan-cluster: ", "he said twocan-cluster: away a@b"])
def test_what_says_nothing_of_the_cluster_is_no_reason(tail: str) -> None:
    assert why_ended(tail, DATABASE) is None


def test_whose_tables_they_are_is_in_the_schema(tmp_path: Path) -> None:
    assert members(tmp_path) == []
    (tmp_path / "schema.DAT").write_bytes(b"\0nonode@nohost\0")
    assert members(tmp_path) == []
    (tmp_path / "schema.DAT").write_bytes(b"\0ejabberd@10.0.0.12l\0ejabberd@10.0.0.1w\0")
    assert members(tmp_path) == ["10.0.0.1", "10.0.0.12"]


# --- what keeps it from starting


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with (
        socket.create_server((str(HERE), 0)) as taken,
        pytest.raises(SupernodeError, match=r"^cannot listen on 127\.0\.0\.1, port \d+, for the"),
    ):
        prepared(tmp_path, Cluster(HERE, taken.getsockname()[1]))


def test_an_address_of_another_machine(tmp_path: Path) -> None:
    with pytest.raises(SupernodeError, match=r"^cannot listen on 203\.0\.113\.1, port 5210, for "):
        prepared(tmp_path, Cluster(IPv4Address("203.0.113.1")))


@pytest.mark.parametrize("there", [[], ["sites"], ["cluster"]])
def test_to_join_it_needs_what_the_others_have(tmp_path: Path, there: list[str]) -> None:
    if "sites" in there:
        State(tmp_path).add_site("near.example")
    if "cluster" in there:
        (tmp_path / "cluster").mkdir()
    with pytest.raises(UsageError, match=r"copy sites/, cluster/, ca\.pem and ca-key\.pem there"):
        prepared(tmp_path, Cluster(HERE, free_port(), join=OTHER))
    assert not (tmp_path / "ejabberd").exists()


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (["--join", "127.0.0.2"], "--cluster-port, --join and --without need --cluster"),
        (["--without", "127.0.0.2"], "--cluster-port, --join and --without need --cluster"),
        (["--cluster-port", "5210"], "--cluster-port, --join and --without need --cluster"),
        (["--cluster", "224.0.0.1"], "224.0.0.1 is no IPv4 address at which other nodes reach one"),
        (["--cluster", "::1"], "::1 is no IPv4 address at which other nodes reach one"),
        (
            ["--cluster", "127.0.0.1", "--join", "fd00::1"],
            "fd00::1 is no IPv4 address at which other nodes reach one",
        ),
        (
            ["--cluster", "127.0.0.1", "--without", "127.0.0.1"],
            "--join and --without mean other nodes, and 127.0.0.1 is this one",
        ),
        (["--cluster", "127.0.0.1", "--cluster-port", "0"], "--cluster-port 0 is no port"),
    ],
)
def test_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], complaint: str
) -> None:
    assert main(["run", "--state", str(tmp_path / "state"), *wrong]) == 2
    assert capsys.readouterr().err.startswith(f"twocan-supernode: {complaint}")
    assert not (tmp_path / "state").exists()
