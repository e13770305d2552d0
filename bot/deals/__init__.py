"""Deals: what may be bought, how far it is, what became of it; and the customers that come of them."""
