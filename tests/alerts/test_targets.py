"""Webhooks to the outside only, however the address is written."""

import pytest

from geo_service.alerts import targets
from geo_service.domain.errors import InvalidInput


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/hook",
        "/hook",
        "https://",
        "https://example.org:port/",
        "https://user:secret@example.org/",
        "https://example.org/#part",
    ],
)
def test_what_is_no_web_address_is_refused_everywhere(url: str) -> None:
    with pytest.raises(InvalidInput):
        targets.check(url, allow_private=True)


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
    ],
)
def test_private_networks_and_plain_http_need_permission(url: str) -> None:
    with pytest.raises(InvalidInput):
        targets.check(url, allow_private=False)
    targets.check(url, allow_private=True)


def test_a_public_https_address_is_fine() -> None:
    targets.check("https://example.org:8443/hook?key=1", allow_private=False)


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "127.1"])
def test_a_name_that_turns_out_to_be_private_is_refused_when_it_is_looked_up(host: str) -> None:
    with pytest.raises(targets.TargetRefused):
        targets.resolve(f"https://{host}/", allow_private=False)


def test_the_address_to_connect_to_is_numeric() -> None:
    assert targets.resolve("http://localhost:8080/", allow_private=True) in {"127.0.0.1", "::1"}
