"""Who gets the next lead: a rule that can be replayed, and that says of everybody why or why not."""
