"""A node's folder: what is in it, and how each thing gets there once, and whole or not at all.

::

    lock                 held by the run that uses the folder, and by its ejabberd
    node.json            the current run, or the last one: its pid, host and ports
    events.sock          where a run tells the site API what was said of calls
    site.sqlite          the site API's database, unless it has another
    ca.pem  ca-key.pem   the node's certificate authority
    node.pem             its certificate and key, made anew at each start, or the operator's own
    turn-secret          what TURN passwords are made from
    sites/NAME/          secret (addresses), key.pem (signs tokens), public.jwk (for ejabberd),
                         settings.json (what the site set)
    cluster/             ca.pem, ca-key.pem, cookie: by which nodes of a cluster know each other
    ejabberd/            ejabberd.yml, inetrc, db/, log/, api.sock (its commands),
                         messages/ (pipes: what people send each other passes through),
                         .erlang.cookie, cluster.pem, cluster.conf (its own part of a cluster)

All of it is for its owner's eyes only.
"""

import json
import os
import secrets
import shutil
import tempfile
from dataclasses import asdict, dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from twocan_supernode import accounts, certificates
from twocan_supernode.certificates import Authority, key_pem
from twocan_supernode.errors import UsageError
from twocan_supernode.ports import Ports


@dataclass(frozen=True, slots=True)
class Site:
    """One site, and the folder of its secrets."""

    name: str
    folder: Path

    @property
    def public_jwk(self) -> Path:
        return self.folder / "public.jwk"

    def secret(self) -> bytes:
        return (self.folder / "secret").read_bytes()

    def key(self) -> EllipticCurvePrivateKey:
        key = load_pem_private_key((self.folder / "key.pem").read_bytes(), password=None)
        if not isinstance(key, EllipticCurvePrivateKey):
            raise TypeError("a site's key is an elliptic-curve key")
        return key


@dataclass(frozen=True, slots=True)
class Node:
    """Where a node is reached."""

    pid: int
    host: str
    ports: Ports


class State:
    """The folder of one node."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.ca = self.folder / "ca.pem"
        self.certificate = self.folder / "node.pem"
        self.ejabberd = self.folder / "ejabberd"
        self._sites = self.folder / "sites"

    def sites(self) -> list[Site]:
        """The sites there are, by name."""
        if not self._sites.is_dir():
            return []
        return [Site(folder.name, folder) for folder in sorted(self._sites.iterdir())]

    def site(self, name: str) -> Site:
        """The site of that name, or UsageError."""
        sites = {site.name: site for site in self.sites()}
        if name not in sites:
            known = f"the sites there are {', '.join(sites)}" if sites else "it has no sites"
            raise UsageError(f"no site {name} in {self.folder}: {known}")
        return sites[name]

    def add_site(self, name: str) -> None:
        """Makes a site's secret and key; a site that exists keeps its own."""
        if (self._sites / name).exists():
            return
        self._sites.mkdir(mode=0o700, exist_ok=True)
        key = accounts.new_key()
        partial = Path(tempfile.mkdtemp(dir=self.folder, prefix=".site-"))
        try:
            write_private(partial / "secret", accounts.new_secret())
            write_private(partial / "key.pem", key_pem(key))
            write_private(partial / "public.jwk", accounts.public_jwk(key).encode())
            partial.rename(self._sites / name)
        except BaseException:
            shutil.rmtree(partial)
            raise

    def issue_certificate(self, addresses: list[IPv4Address | IPv6Address]) -> None:
        """Makes a new certificate for every site and address; the authority is made once."""
        names = ["localhost", *(site.name for site in self.sites())]
        write_private(self.certificate, self._authority().issue(names, addresses))

    def authority(self) -> Path | None:
        """The file of the node's own authority if its certificate is by that one, and None if it is
        by one that systems know; or if no node ran yet."""
        try:
            certificate, ca = self.certificate.read_bytes(), self.ca.read_bytes()
        except FileNotFoundError:
            return None
        return self.ca if certificates.is_by(certificate, ca) else None

    def _authority(self) -> Authority:
        key = self.folder / "ca-key.pem"
        if self.ca.exists():
            return Authority.load(self.ca.read_bytes(), key.read_bytes())
        authority = Authority.new()
        write_private(key, authority.key_pem())
        write_private(self.ca, authority.certificate_pem())
        return authority

    def turn_secret(self) -> str:
        """What TURN passwords are made from; kept, so that a restart does not void them."""
        file = self.folder / "turn-secret"
        if not file.exists():
            write_private(file, secrets.token_urlsafe(32).encode())
        return file.read_text()

    def note(self, node: Node) -> None:
        """Says where the node is reached from now on."""
        write_private(self.folder / "node.json", json.dumps(asdict(node)).encode())

    def node(self) -> Node | None:
        """The current run or the last one; None when there was none yet."""
        file = self.folder / "node.json"
        if not file.exists():
            return None
        noted = json.loads(file.read_text())
        return Node(noted["pid"], noted["host"], Ports(**noted["ports"]))

    def last_start(self) -> tuple[int, int] | None:
        """Another one after each start of a node; None when there was none yet. A cheap look."""
        try:
            noted = (self.folder / "node.json").stat()
        except FileNotFoundError:
            return None
        return noted.st_mtime_ns, noted.st_ino


def write_private(file: Path, content: bytes) -> None:
    """Writes a file that only its owner reads: whole, or not at all. Raises OSError."""
    descriptor, partial = tempfile.mkstemp(dir=file.parent, prefix=".")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(partial).replace(file)
    except BaseException:
        Path(partial).unlink()
        raise
