"""Every table, as SQLAlchemy Core.

`facts` holds works, repairs and the ground as their sources state them, `findings` the claims and conflicts that follow, `rules` rules and parameters,
`days` for which day these were computed, `coordination` what people arrange, `access` keys, subscriptions and deliveries, `accounts` the people who sign
in, `letters` the e-mails to citizens, `ldes` the event streams for other systems.
"""

from geo_service.store.tables.access import (
    api_keys,
    deliveries,
    feed_epoch,
    feed_links,
    idempotency_keys,
    mails,
    rate_counts,
    subscriptions,
)
from geo_service.store.tables.accounts import (
    audit,
    department_views,
    second_factors,
    sessions,
    sign_in_attempts,
    sign_in_flows,
    sign_in_links,
    sign_in_steps,
    users,
)
from geo_service.store.tables.base import STORAGE_SRID, metadata
from geo_service.store.tables.base_map import base_shapes, base_tiles
from geo_service.store.tables.city import city
from geo_service.store.tables.coordination import (
    attachments,
    claim_files,
    holds,
    joint_projects,
    requests,
    works_contacts,
)
from geo_service.store.tables.days import fact_clock, recomputations
from geo_service.store.tables.facts import (
    buildings,
    ground,
    organisations,
    owner_groups,
    owner_prefixes,
    pavement_sections,
    phases,
    repairs,
    reporters,
    streets,
    works,
)
from geo_service.store.tables.findings import alerts, claims, conflict_events, conflicts, phase_digs
from geo_service.store.tables.ldes import ldes_heads, ldes_members
from geo_service.store.tables.letters import street_letters
from geo_service.store.tables.projects import building_projects, project_contacts, project_files
from geo_service.store.tables.reports import duplicates, photos, report_messages, report_updates
from geo_service.store.tables.rules import calendars, certainties, parameters, reliabilities, rules
from geo_service.store.tables.sources import (
    feeds,
    import_rejections,
    imports,
    renumberings,
    source_changes,
    source_records,
)

__all__ = [
    "STORAGE_SRID",
    "alerts",
    "api_keys",
    "attachments",
    "audit",
    "base_shapes",
    "base_tiles",
    "building_projects",
    "buildings",
    "calendars",
    "certainties",
    "city",
    "claim_files",
    "claims",
    "conflict_events",
    "conflicts",
    "deliveries",
    "department_views",
    "duplicates",
    "fact_clock",
    "feed_epoch",
    "feed_links",
    "feeds",
    "ground",
    "holds",
    "idempotency_keys",
    "import_rejections",
    "imports",
    "joint_projects",
    "ldes_heads",
    "ldes_members",
    "mails",
    "metadata",
    "organisations",
    "owner_groups",
    "owner_prefixes",
    "parameters",
    "pavement_sections",
    "phase_digs",
    "phases",
    "photos",
    "project_contacts",
    "project_files",
    "rate_counts",
    "recomputations",
    "reliabilities",
    "renumberings",
    "repairs",
    "report_messages",
    "report_updates",
    "reporters",
    "requests",
    "rules",
    "second_factors",
    "sessions",
    "sign_in_attempts",
    "sign_in_flows",
    "sign_in_links",
    "sign_in_steps",
    "source_changes",
    "source_records",
    "street_letters",
    "streets",
    "subscriptions",
    "users",
    "works",
    "works_contacts",
]
