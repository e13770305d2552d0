"""Activity: what a rep did today, one line at a time."""
