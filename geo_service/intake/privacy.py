"""Personal data that people write into free text does not come in."""

from __future__ import annotations

import re

_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Belgian numbers as people write them: with +32 or a leading 0, in groups. Bare digits are ids.
_PHONE = re.compile(
    r"(?<![\w/.])(?:\+32|0032|0)[ .]?(?:\(0\))?\d{1,3}[ ./-]{1,3}\d{2,3}(?:[ .-]?\d{2}){2}(?!\w)"
)


def without_contacts(text: str) -> str:
    """The text with e-mail addresses and telephone numbers taken out."""
    return _PHONE.sub("[tel.]", _E_MAIL.sub("[e-mail]", text))
