"""Where people stand: what targets, achievements, working days, pipeline and pay come to together."""
