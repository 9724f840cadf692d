"""Replaying real records in their order, and holding what the service finds to an independent computation."""
