"""Internet addresses: which are public, and how a host is spelled."""

from __future__ import annotations

import ipaddress

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_V4_COMPATIBLE = ipaddress.ip_network("::/96")


def is_public(text: str) -> bool:
    """Whether an address is one of the public internet's, looked at through every disguise.

    `ipaddress.is_global` alone lets multicast, ``::127.0.0.1``, NAT64 and 6to4 forms of private
    addresses and site-local ones pass (Python 3.11, security.md §4.6).
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    inner = _disguised(address)
    if inner is not None:
        return all(is_public(str(one)) for one in inner)
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or (isinstance(address, ipaddress.IPv6Address) and _is_internal_v6(address))
    )


def _disguised(address: IpAddress) -> tuple[ipaddress.IPv4Address, ...] | None:
    """The IPv4 addresses that packets to this IPv6 address end up at, if it is such a one."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    return None


def _is_internal_v6(address: ipaddress.IPv6Address) -> bool:
    return address.is_site_local or address.scope_id is not None or address in _V4_COMPATIBLE


def plain_host(host: str) -> str:
    """A host in one spelling: lower case, IDNA, without the final dot.

    :raises ValueError: it is none.
    """
    if not host:
        raise ValueError("no host")
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    host = host.encode("idna").decode("ascii").lower().rstrip(".")
    if not host:
        raise ValueError("no host")
    if host.rpartition(".")[2].isdigit() or host.rpartition(".")[2].startswith("0x"):
        # "127.1" and "2130706433" are names to nobody, and 127.0.0.1 to the C library.
        return str(ipaddress.IPv4Address(host))
    return host
