"""The schemas of requests, validated at the edge. `api/serializers.py` builds the answers."""
