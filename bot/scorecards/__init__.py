"""Figures as people read them: whose they are, who may see them, and beside those of the period before."""
