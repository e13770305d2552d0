"""Absence: who is away, from when until when, and why (which only they, their manager and operations see)."""
