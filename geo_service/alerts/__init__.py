"""Outgoing alerts: the gap-free feed, its subscriptions, and the webhooks that deliver it."""
