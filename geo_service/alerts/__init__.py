"""Alerts out: the gap-free feed, subscriptions to it, and webhooks that deliver it."""
