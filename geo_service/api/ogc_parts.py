"""What every route of `/ogc` needs: its root, the collection of its path, and a document as JSON or as a page."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from geo_service.api import ogc_pages, ogc_query, route_scopes, serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.identity import SignedIn
from geo_service.domain import scopes
from geo_service.domain.errors import NotAllowed, NotFound
from geo_service.domain.permissions import PERMISSIONS, can
from geo_service.ogc.editing import EDITINGS
from geo_service.ogc.links import JSON
from geo_service.store import keys
from geo_service.store.features import FEATURES, FeatureType

PATH = "/ogc"
ONLY_FORM = ("f",)


def feature_type(collection: str, who: SignedIn) -> FeatureType:
    """The collection of this id. Raises NotFound, NotAllowed."""
    if collection not in FEATURES:
        raise NotFound("no_collection", given=collection[:60], known=list(FEATURES))
    entry = FEATURES[collection]
    if not can(who, entry.action):
        raise NotAllowed("role_may_not", role=who.role, roles=list(PERMISSIONS[entry.action]))
    return entry


TypeDep = Annotated[FeatureType, Depends(feature_type)]


def feature_id(feature: str) -> UUID:
    """The id of the path. Raises NotFound: every feature has a UUID."""
    try:
        return UUID(feature)
    except ValueError as error:
        raise NotFound("no_feature", given=feature[:60]) from error


FeatureId = Annotated[UUID, Depends(feature_id)]


def root(ctx: ContextDep) -> str:
    """Where OGC API begins."""
    return f"{ctx.settings.base_url}{PATH}"


RootDep = Annotated[str, Depends(root)]


def readable(who: keys.Principal) -> list[FeatureType]:
    """The collections that this reader may see: by role, and by the scopes of a key."""
    return [one for one in FEATURES.values() if can(who, one.action) and _in_scope(who, one)]


def _in_scope(who: keys.Principal, type_: FeatureType) -> bool:
    need = route_scopes.need("GET", f"{PATH}/collections/{type_.id}")
    return need is None or scopes.allow(who.scopes, need)


def methods(who: keys.Principal, type_: FeatureType) -> list[str]:
    """What this reader may do with the features of the collection beside reading them."""
    editing = EDITINGS.get(type_.id)
    need = route_scopes.need("POST", f"{PATH}/collections/{type_.id}/items")
    if editing is None or not can(who, editing.action):
        return []
    return list(editing.methods) if need is None or scopes.allow(who.scopes, need) else []


def document(
    request: Request, ctx: Context, title: str, content: dict[str, Any], media_type: str = JSON
) -> Response:
    """A document as JSON, or as a page for people."""
    if ogc_query.wants_page(request):
        return ogc_pages.document(request, ctx, title, content)
    return serializers.answer(content, headers={"Vary": "Accept, Accept-Language"}, media_type=media_type)
