"""How people, teams, territories and sources do: the figures of the trade, drawn from what was recorded."""
