"""Leads: possible buyers, from where they come until an account executive has them."""
