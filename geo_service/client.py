"""The Python client, for those who have the service installed; its home is the distribution geo-service-client (`packages/client`)."""

from geo_service_client import (
    Busy,
    Client,
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
