"""The Python client, for those who have the service installed; its home is the distribution geo-service-client (`packages/client`)."""

from geo_service_client import *  # noqa: F403
from geo_service_client import __all__ as __all__
