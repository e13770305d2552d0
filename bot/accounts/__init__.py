"""Accounts and contacts: the companies on the other side, and the people in them."""
