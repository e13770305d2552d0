"""App Home: what one person sees of their day, their place in the team, and the people around them."""
