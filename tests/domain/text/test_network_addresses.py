"""Which addresses a link may lead to."""

import pytest

from dashboard.domain.text.network_addresses import is_own, is_public


@pytest.mark.parametrize(
    "address",
    ["52.219.80.1", "1.1.1.1", "172.15.0.1", "100.128.0.1", "2600:1f16::1", "2a00:1450::200e"],
)
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"),
        *("192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "224.0.0.1"),
        *("255.255.255.255", "198.18.0.1", "192.0.0.192", "168.63.129.16"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:1.1.1.1", "::127.0.0.1", "64:ff9b::7f00:1"),
        *("2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "", "localhost", "0x7f.1"),
    ],
)
def test_all_others_are_closed(address: str) -> None:
    assert not is_public(address)


def test_this_computer() -> None:
    assert is_own("127.0.0.1")
    assert is_own("::1")
    assert not is_own("10.0.0.1")
    assert not is_own("localhost")
