"""How much Baton says unasked, and to whom less of it does more."""
