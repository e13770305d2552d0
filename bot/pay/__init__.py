"""Commission: plans, the lines they pay, and the statement that adds them up to the cent."""
