"""Refuses private and reserved addresses at the moment of connecting (security.md A4).

A name is resolved once, every address it has is judged, and the connection goes to an address
that was judged: there is no second look-up that a hostile name server could answer differently.

Only ordinary global unicast passes. Everything in the IANA special-purpose registries is refused
(RFC 6890 and its updates), also the few blocks there that are globally reachable, because no
server lives in them. Addresses that carry an IPv4 address inside (IPv4-mapped and -compatible,
NAT64, 6to4, Teredo, SIIT, ISATAP) are refused whatever they carry: a name on the public internet
has no use for them, and each of them has been a way around such a guard before. The tables are
written out, since `ipaddress.is_global` changed its mind between versions of Python.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.core.http_errors import AddressRefusedError, ConnectError, TooSlowError

Resolver = Callable[[str, int], list[str]]

# IANA IPv4 Special-Purpose Address Registry, and multicast (RFC 5771)
REFUSED_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network, RFC 791
        "10.0.0.0/8",  # private, RFC 1918
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
        "127.0.0.0/8",  # loopback, RFC 1122
        "169.254.0.0/16",  # link local and cloud metadata, RFC 3927
        "172.16.0.0/12",  # private, RFC 1918
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.31.196.0/24",  # AS112, RFC 7535
        "192.52.193.0/24",  # AMT, RFC 7450
        "192.88.99.0/24",  # 6to4 relay, RFC 7526
        "192.168.0.0/16",  # private, RFC 1918
        "192.175.48.0/24",  # AS112, RFC 7534
        "198.18.0.0/15",  # benchmarks, RFC 2544
        "198.51.100.0/24",  # documentation, RFC 5737
        "203.0.113.0/24",  # documentation, RFC 5737
        "224.0.0.0/4",  # multicast, RFC 5771
        "240.0.0.0/4",  # reserved and broadcast, RFC 1112, RFC 8190
    )
)

# The only block from which unicast addresses are given out (RFC 4291); the rest is refused.
GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")

# IANA IPv6 Special-Purpose Address Registry, as far as it lies within 2000::/3
REFUSED_V6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, AMT, benchmarks, RFC 2928
        "2001:db8::/32",  # documentation, RFC 3849
        "2002::/16",  # 6to4, RFC 3056
        "2620:4f:8000::/48",  # AS112, RFC 7534
        "3ffe::/16",  # 6bone, returned, RFC 3701
        "3fff::/20",  # documentation, RFC 9637
    )
)

# What a laboratory may reach besides: this machine and the networks around it.
LABORATORY = (
    ipaddress.ip_network("127.0.0.0/8"),
    ipaddress.ip_network("10.0.0.0/8"),
    ipaddress.ip_network("172.16.0.0/12"),
    ipaddress.ip_network("192.168.0.0/16"),
    ipaddress.ip_network("::1/128"),
    ipaddress.ip_network("fc00::/7"),
)

_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # the interface id says "IPv4 inside", RFC 5214
_LOOKUPS = threading.BoundedSemaphore(64)


def is_public(address: str) -> bool:
    """Whether `address` (an IP literal) is ordinary global unicast; False for what is not one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in block for block in REFUSED_V4)
    if parsed not in GLOBAL_UNICAST_V6 or any(parsed in block for block in REFUSED_V6):
        return False
    return (int(parsed) >> 32) & 0xFFFFFFFF not in _ISATAP


def is_laboratory(address: str) -> bool:
    """Whether `address` is this machine or a private network (never link local or metadata)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in block for block in LABORATORY if block.version == parsed.version)


def resolve_host(host: str, port: int) -> list[str]:
    """Ask the system for every address of `host`, in the order of preference (RFC 6724).

    Raises `socket.gaierror` when the name is unknown.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class AddressGuard:
    """Opens connections to public addresses only, or also to nearby ones in a laboratory."""

    allow_private: bool = False
    resolve: Resolver = resolve_host
    socket_class: type[socket.socket] = field(default=socket.socket)

    def connect(self, host: str, port: int, *, timeout: float) -> socket.socket:
        """Return a connected socket to `host`, all of it within `timeout` seconds.

        Raises AddressRefusedError when any address of the host may not be reached, ConnectError
        when none answers, TooSlowError when the time passed.
        """
        deadline = time.monotonic() + timeout
        addresses = self.check(host, port, timeout=timeout)
        failure = "no address"
        for left, address in _count_down(addresses):
            seconds = (deadline - time.monotonic()) / left
            if seconds <= 0:
                break
            try:
                return self._open(address, port, seconds)
            except OSError as error:
                failure = f"{address}: {error}"
        if time.monotonic() >= deadline:
            raise TooSlowError(f"connecting to {host}:{port}: {failure}")
        raise ConnectError(f"connecting to {host}:{port}: {failure}")

    def check(self, host: str, port: int, *, timeout: float) -> list[str]:
        """Resolve `host` once and return its addresses, all of which may be reached."""
        addresses = _resolve_within(self.resolve, host, port, timeout)
        refused = [address for address in addresses if not self._allows(address)]
        if refused:
            raise AddressRefusedError(f"{host} is {', '.join(refused)}")
        return addresses

    def _allows(self, address: str) -> bool:
        return is_public(address) or (self.allow_private and is_laboratory(address))

    def _open(self, address: str, port: int, seconds: float) -> socket.socket:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        connection = self.socket_class(family, socket.SOCK_STREAM)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(seconds)
            connection.connect((address, port))
        except BaseException:
            connection.close()
            raise
        return connection


def guarded_create_connection(
    host: str, port: int, *, timeout: float, allow_private: bool = False
) -> socket.socket:
    """Return a connected socket to `host`; see `AddressGuard.connect` for the errors."""
    return AddressGuard(allow_private=allow_private).connect(host, port, timeout=timeout)


def _count_down(addresses: list[str]) -> Iterator[tuple[int, str]]:
    """Yield each address with the number still to try, so that the time is shared fairly."""
    for index, address in enumerate(addresses):
        yield len(addresses) - index, address


def _resolve_within(resolve: Resolver, host: str, port: int, timeout: float) -> list[str]:
    """Run the look-up in a thread of its own, since a name server may let us wait for minutes.

    The thread is a daemon (a stopping server does not wait for it) and their number is bounded.
    """
    if is_literal(host):
        return [host.strip("[]")]
    answers: list[list[str]] = []
    failures: list[str] = []

    def look_up() -> None:
        try:
            answers.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            failures.append(str(error))
        finally:
            _LOOKUPS.release()

    if not _LOOKUPS.acquire(timeout=timeout):
        raise TooSlowError(f"too many look-ups before {host}")
    thread = threading.Thread(target=look_up, name="resolve", daemon=True)
    thread.start()
    thread.join(timeout)
    if failures:
        raise ConnectError(f"{host}: {failures[0]}", code="name_unknown")
    if not answers:
        raise TooSlowError(f"looking up {host}")
    if not answers[0]:
        raise ConnectError(f"{host}: no address", code="name_unknown")
    return answers[0]


def is_literal(host: str) -> bool:
    """Whether `host` is an IP address in its canonical form, with or without brackets."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
