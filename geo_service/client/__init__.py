"""The Python client: works, repairs, conflicts and advice as GeoDataFrames, over HTTP."""

from geo_service.client.client import Client, ClientError

__all__ = ["Client", "ClientError"]
