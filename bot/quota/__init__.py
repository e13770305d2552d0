"""Targets and where one stands against them."""
