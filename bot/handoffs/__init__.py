"""Hand-offs: one gives, another takes, and both see where it stands."""
