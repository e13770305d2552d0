"""The week, told: what managers, reps and marketing read without having asked, and what `/digest` shows."""
