"""Running Baton: logging, health."""
