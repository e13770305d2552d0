"""What people see: pure functions from results to Block Kit. Nothing here reads a clock or a store."""
