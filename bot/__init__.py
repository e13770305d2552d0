"""Baton, the product: people, leads, calls, quotas, time and SQL. It knows no Slack; `handlers` does."""

__version__ = "0.1.0"
