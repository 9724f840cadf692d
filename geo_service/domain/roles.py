"""Who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Role = Literal["viewer", "workshop", "utilities_desk", "coordinator", "partner", "reporter", "admin"]
ROLES: tuple[str, ...] = get_args(Role)

# A partner is an outside organisation: it reads its own works and the conflicts that touch them, and nothing on repairs.
# A reporter is a site on which citizens report (FixMyStreet, the city's own form): it files reports over Open311 and may do nothing else.
MAY_READ_REPAIRS = ("viewer", "workshop", "utilities_desk", "coordinator", "admin")
MAY_WRITE_REPAIRS = ("workshop", "coordinator", "admin")
MAY_FILE_REPORTS = ("reporter", "workshop", "coordinator", "admin")
MAY_WRITE_WORKS = ("utilities_desk", "coordinator", "admin")
MAY_IMPORT = ("workshop", "utilities_desk", "coordinator", "admin")
"""Each what it may write: the workshop repairs, the utilities desk works; ground is the coordinator's."""
MAY_CANCEL_IMPORTS = ("utilities_desk", "admin")
"""Of others; whoever asked for an import may cancel it."""
MAY_IMPORT_GROUND = ("coordinator", "admin")
MAY_DECIDE_RENUMBERED: Mapping[str, tuple[str, ...]] = {
    "works": MAY_WRITE_WORKS,
    "repairs": ("workshop", "utilities_desk", "coordinator", "admin"),
}
"""Whether a record under a new id is one that was there: a programme of repairs comes in at the utilities desk as well."""
MAY_CHANGE_RULES = ("coordinator", "admin")
MAY_OVERRIDE = ("coordinator", "admin")
MAY_SUBSCRIBE = ("utilities_desk", "workshop", "coordinator", "partner", "admin")
MAY_SEE_REPORTER = ("workshop", "coordinator", "admin")
MAY_READ_AUDIT = ("admin",)
