"""Webhooks to the outside only, however the address is written."""

import socket

import httpx
import pytest

from geo_service import outbound
from geo_service.domain.errors import InvalidInput

NOT_PUBLIC_4 = (
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.88.99.1",
    "168.63.129.16",
)
NOT_PUBLIC_6 = (
    "::127.0.0.1", "::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1",
    "2a02:a03f::5efe:10.0.0.1", "2a02:a03f::200:5efe:10.0.0.1", "2002:808:808::5efe:10.0.0.1", "2002:a00:1::5efe:8.8.8.8", "fe80::5efe:8.8.8.8",
    "::ffff:0:10.0.0.1", "64:ff9b::168.63.129.16", "2001:0:1::1", "2001:db8::1", "3fff::1", "fec0::1", "fe80::1", "ff02::1", "ff0e::1", "100::1", "5f00::1", "4000::1", "::", "::ffff:10.0.0.1",
)  # fmt: skip
"""However a private address is written, and what no receiver has."""
PUBLIC = (
    "8.8.8.8",
    "2a02:a03f::1",
    "2606:4700::1111",
    "64:ff9b::8.8.8.8",
    "::ffff:8.8.8.8",
    "2002:808:808::1",
    "2a02:a03f::5efe:8.8.8.8",
    "2a02:a03f::5eff:10.0.0.1",
    "168.63.129.17",
)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/hook",
        "/hook",
        "https://",
        "https://example.org:port/",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https://example.org:0/",
        "https://example.org/a\r\nHost: other",
        "https://example\n.org/",
        "https://example.org/a b",
        "https://example.org\\@127.0.0.1/",
        "https://a..b/",
        "https://.example.org/",
        f"https://{'a' * 64}.org/",
        f"https://{'.'.join(['a' * 60] * 5)}/",
        "https://-a.org/",
        "https://exa%6dple.org/",
        "https://2130706433/",
        "https://0177.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://0x/",
        "https://127.0.0.1./",
        "https://8.8.8.8./",
        "https://①②⑦.0.0.1/",
        "https://127。0。0。1/",
        "https://example.1/",
    ],
)
def test_what_is_no_web_address_is_refused_everywhere(url: str) -> None:
    with pytest.raises(InvalidInput):
        outbound.check(url, allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
        "https://localhost./",
        "https://any.localhost/",
        *(f"https://[{address}]/" for address in NOT_PUBLIC_6),
        *(f"https://{address}/" for address in NOT_PUBLIC_4),
    ],
)
def test_private_networks_and_plain_http_need_permission(url: str) -> None:
    with pytest.raises(InvalidInput):
        outbound.check(url, allow_private=False)
    outbound.check(url, allow_private=True)


def test_a_public_https_address_is_fine() -> None:
    outbound.check("https://example.org:8443/hook?key=1", allow_private=False)


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "127.1"])
def test_a_name_that_turns_out_to_be_private_is_refused_when_it_is_looked_up(host: str) -> None:
    with pytest.raises(outbound.PrivateAddress):
        outbound.addresses(f"https://{host}/", allow_private=False)


def test_the_address_to_connect_to_is_numeric() -> None:
    assert set(outbound.addresses("http://localhost:8080/", allow_private=True)) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_one_in_every_way_to_write_it(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    outbound.check(f"https://{host}/", allow_private=False)


def answering(*addresses: str) -> list[tuple[object, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]


@pytest.mark.parametrize("address", [*NOT_PUBLIC_4, *NOT_PUBLIC_6])
def test_a_name_that_means_such_an_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answering(address))
    with pytest.raises(outbound.PrivateAddress):
        outbound.addresses("https://example.org/", allow_private=False)


@pytest.mark.parametrize("found", [("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8")])
def test_of_several_addresses_none_may_be_private(
    found: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answering(*found))
    with pytest.raises(outbound.PrivateAddress):
        outbound.addresses("https://example.org/", allow_private=False)


def test_names_of_other_alphabets_and_names_with_a_last_dot_are_fine() -> None:
    for url in (
        "https://münchen.example/",
        "https://example.org./",
        "https://a_b.example.org/",
        "https://1a.2b/",
        "https://localhost.example/",
        "https://1.example/",
    ):
        outbound.check(url, allow_private=False)


@pytest.mark.parametrize("reached", [httpx.ConnectError, httpx.ConnectTimeout])
def test_of_several_addresses_the_next_is_tried_and_connecting_takes_no_longer(
    reached: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network is ours: the first address does not answer, as that of a name with IPv6 on a machine without."""
    tried: list[tuple[str, float, str]] = []

    def connect(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        known = request.extensions
        tried.append((request.url.host, known["timeout"]["connect"], known["sni_hostname"]))
        assert request.headers["host"] == "xn--mnchen-3ya.example"
        if request.url.host == "8.8.8.8":
            raise reached("no")
        return httpx.Response(200, text="the second")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answering("8.8.8.8", "9.9.9.9"))
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", connect)
    transport = outbound.CheckedTransport(allow_private=False)
    with httpx.Client(transport=transport, timeout=10) as client:
        assert client.get("https://münchen.example/").text == "the second"
    name = "xn--mnchen-3ya.example"
    assert tried == [("8.8.8.8", 5, name), ("9.9.9.9", 5, name)]
