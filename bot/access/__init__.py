"""Who may do what: the roles of the trade, the person who acts, and one table of rights."""
