"""Recognition: a channel's weekly leaderboard, and milestones of people and teams."""
