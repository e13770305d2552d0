"""Running Baton: logs, metrics, traces."""
