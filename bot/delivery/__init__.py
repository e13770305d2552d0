"""Everything that Baton says unasked: the ledger of what is to be said, and the sender that sees to it."""
