"""Codes of a second factor: of an app whose clock is off, and on paper however they are typed."""

import pyotp
import pytest

from geo_service.accounts import codes

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = 1_796_040_000.0


@pytest.mark.parametrize(
    ("later_s", "is_good"), [(-61, False), (-30, True), (0, True), (29, True), (30, True), (61, False)]
)
def test_a_clock_may_be_half_a_minute_off(later_s: int, is_good: bool) -> None:
    code = pyotp.TOTP(SECRET).at(NOON)
    assert (codes.step_of(SECRET, code, now=NOON + later_s) == NOON // 30) is is_good


def test_a_code_on_paper_is_read_however_it_is_typed() -> None:
    paper = codes.new_paper_codes()
    assert len(set(paper)) == codes.PAPER_CODES
    assert codes.paper_hash(f" {paper[0].upper().replace('-', ' ')} ") == codes.paper_hash(paper[0])
    assert len({codes.paper_hash(one) for one in paper}) == codes.PAPER_CODES
