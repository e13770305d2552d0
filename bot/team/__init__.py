"""The team: who does what, where they stand, and what each role is for."""
