"""The roles of people and of API keys. What each may do stands in `permissions`."""

from __future__ import annotations

from typing import Literal, get_args

# A partner is an outside organisation: it reads its own works and the conflicts that touch them, and nothing on repairs.
# A reporter is a site on which citizens report (FixMyStreet, the city's own form): it files reports over Open311 and may do nothing else.
Role = Literal["viewer", "workshop", "utilities_desk", "coordinator", "partner", "reporter", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
