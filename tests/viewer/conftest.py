"""Pages of the viewer belong to people who are signed in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page


def sign_in(page: Page, url: str, role: str = "viewer") -> None:
    """Sign in at a demo as its person of this role, without opening the login page."""
    answer = page.request.post(f"{url}/login/demo", form={"role": role}, max_redirects=0)
    assert answer.status == 303, answer.text()


@pytest.fixture
def page(page: Page) -> Page:
    """A page of a person of the role viewer: signed in at each demo before its first visit there."""
    visit = page.goto
    signed_in: set[str] = set()

    def goto(url: str, **options: Any) -> Any:
        parts = urlsplit(url)
        service = f"{parts.scheme}://{parts.netloc}"
        if service not in signed_in:
            sign_in(page, service)
            signed_in.add(service)
        return visit(url, **options)

    page.goto = goto  # type: ignore[method-assign]
    return page
