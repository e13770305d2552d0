"""Where Baton is installed: each workspace's tokens, sealed, and what becomes of its rows once it is gone."""
