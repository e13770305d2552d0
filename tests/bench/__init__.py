"""Measurements: `make bench` prints them, nothing asserts on them."""
