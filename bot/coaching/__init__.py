"""Coaching: one-to-ones, feedback and kudos, the review that comes of them, and training."""
