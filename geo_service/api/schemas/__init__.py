"""The shapes of requests, checked at the edge. What comes back is built in `api/serializers.py`."""
