"""Which network addresses a link from an answer may lead to: those of the public Internet."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_CLOSED_V4 = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
            *("192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",  # Azure's metadata service
        ),
    )
)
# The rest of IPv6 is unassigned, local, or embeds an IPv4 address (mapped, NAT64).
_OPEN_V6 = ip_network("2000::/3")
_CLOSED_V6 = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


def is_public(text: str) -> bool:
    """Whether it is an address that anybody on the Internet could reach."""
    address = _read(text)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    if isinstance(address, IPv6Address):
        return address in _OPEN_V6 and not any(address in network for network in _CLOSED_V6)
    return False


def is_own(text: str) -> bool:
    """Whether it is this computer's own loopback address."""
    address = _read(text)
    return address is not None and address.is_loopback


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
