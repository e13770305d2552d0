"""People: who they are, what they do in the team, where and when they work."""
