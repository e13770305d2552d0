"""When something is to be done next: one table of jobs, and the ticks that look into it."""
