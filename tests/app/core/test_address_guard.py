import ipaddress
import socket

import pytest

from app.core.address_guard import AddressGuard, guarded_create_connection, is_public
from app.core.http_errors import AddressRefusedError, ConnectError, TooSlowError
from tests.support.hostile_server import answer, serve_raw

# The IANA special-purpose registries for IPv4 and IPv6, and the multicast blocks.
REGISTRIES = """
0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
192.0.0.0/24 192.0.0.0/29 192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32 192.0.0.171/32
192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.88.99.2/32 192.168.0.0/16
192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32
224.0.0.0/4 ::1/128 ::/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64
2001::/23 2001::/32 2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32
2001:4:112::/48 2001:10::/28 2001:20::/28 2001:30::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48
3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8 ::/96 ::ffff:0:0:0/96
"""


def edges(block: str) -> list[str]:
    network = ipaddress.ip_network(block)
    middle = network[network.num_addresses // 2]
    return [str(network[0]), str(middle), str(network[-1])]


@pytest.mark.parametrize("block", REGISTRIES.split())
def test_first_middle_and_last_address_of_every_special_block_are_refused(block):
    verdicts = {address: is_public(address) for address in edges(block)}

    assert not any(verdicts.values()), verdicts


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "145.0.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:67c:2e8::1",
        "2606:4700::1111",
        "2a00:1450::1",
        "2c00::1",
    ],
)
def test_ordinary_addresses_pass(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "::ffff:127.0.0.1",
        "::ffff:0.0.0.0",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::1",
        "::ffff:0:127.0.0.1",
        "2a00:1450::5efe:7f00:1",
        "fe80::1%eth0",
        "2a00:1450::200:5efe:a00:1",
        "",
        "0",
        "127.1",
        "localhost",
        "2130706433",
        "0x7f.1",
    ],
)
def test_addresses_that_carry_another_one_or_are_none_are_refused(address):
    assert not is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "10.0.0.5", "169.254.169.254"])
def test_literals_of_inner_addresses_are_refused_before_a_socket_opens(host):
    with pytest.raises(AddressRefusedError):
        guarded_create_connection(host, 80, timeout=1)


@pytest.mark.parametrize("host", ["0", "127.1", "2130706433", "0x7f.1", "localhost"])
def test_other_spellings_of_this_machine_are_refused_after_resolving(host):
    with pytest.raises(AddressRefusedError):
        guarded_create_connection(host, 80, timeout=2)


def test_a_host_with_a_public_and_a_private_answer_is_refused():
    guard = AddressGuard(resolve=lambda _host, _port: ["93.184.215.14", "127.0.0.1"])

    with pytest.raises(AddressRefusedError) as caught:
        guard.connect("evil.test", 80, timeout=1)

    assert caught.value.code == "address_refused"
    assert "127.0.0.1" in str(caught.value.cause)


def test_the_second_answer_of_a_rebinding_name_server_is_never_asked_for():
    asked = []

    def rebind(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with serve_raw(lambda _request: [answer()]) as honest:
        guard = AddressGuard(allow_private=True, resolve=rebind)
        connection = guard.connect("rebind.test", honest.port, timeout=2)
        peer = connection.getpeername()
        connection.close()

    assert peer == ("127.0.0.1", honest.port)
    assert asked == ["rebind.test"]


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1"])  # noqa: S104 # refused
def test_a_laboratory_reaches_loopback_but_no_metadata_service(address):
    guard = AddressGuard(allow_private=True, resolve=lambda _host, _port: [address])

    with pytest.raises(AddressRefusedError):
        guard.connect("lab.test", 80, timeout=1)


def test_the_next_address_is_tried_when_one_does_not_answer():
    with serve_raw(lambda _request: [answer()]) as server:
        guard = AddressGuard(True, lambda _host, _port: ["::1", "127.0.0.1"])
        connection = guard.connect("two.test", server.port, timeout=2)
        peer = connection.getpeername()[0]
        connection.close()

    assert peer == "127.0.0.1"


def test_a_name_server_that_never_answers_costs_no_more_than_the_time_given():
    release = socket.socketpair()
    guard = AddressGuard(resolve=lambda _host, _port: [str(release[1].recv(1))])

    with pytest.raises(TooSlowError):
        guard.connect("slow.test", 80, timeout=0.2)

    release[0].send(b"x")
    release[0].close()
    release[1].close()


def test_an_unknown_name_is_told_apart():
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(ConnectError) as caught:
        AddressGuard(resolve=unknown).connect("nowhere.test", 80, timeout=1)

    assert caught.value.code == "name_unknown"
