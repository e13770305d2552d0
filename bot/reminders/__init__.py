"""What Baton reminds people of: the day's calls, what they promised, the week ahead. Each at a moment of their own."""
