"""Works, repairs, conflicts and advice of a geo_service as GeoDataFrames, over HTTP."""

from geo_service_client.client import Client
from geo_service_client.errors import (
    Busy,
    ClientError,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyRequests,
    Unreachable,
)

__all__ = [
    "Busy",
    "Client",
    "ClientError",
    "InvalidInput",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "TooManyRequests",
    "Unreachable",
]
