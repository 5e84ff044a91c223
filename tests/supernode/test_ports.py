"""Which ports a node takes."""

import socket
from dataclasses import astuple, replace

from twocan_supernode.ports import Ports

HOST = "127.0.0.1"


def test_what_is_wished_for_and_free_is_taken() -> None:
    wish = Ports.free(HOST, [])
    assert Ports.free(HOST, [wish]) == wish


def test_of_two_wishes_the_first_that_is_free_counts() -> None:
    first, second = Ports.free(HOST, []), Ports.free(HOST, [])
    with socket.create_server((HOST, first.xmpp)):
        assert Ports.free(HOST, [first, second]) == replace(first, xmpp=second.xmpp)


def test_what_is_taken_is_replaced_and_the_rest_kept() -> None:
    wish = Ports.free(HOST, [])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((HOST, wish.stun))
        got = Ports.free(HOST, [wish])
    assert got.stun != wish.stun
    assert replace(got, stun=wish.stun) == wish


def test_no_two_services_share_a_port() -> None:
    wish = Ports(xmpps=0, xmpp=0, https=0, stun=0, ws=0)
    same = Ports.free(HOST, [wish]).xmpps
    got = Ports.free(HOST, [Ports(same, same, same, same, same)])
    assert len({got.xmpps, got.xmpp, got.https, got.ws}) == 4
    assert 0 not in astuple(got)
