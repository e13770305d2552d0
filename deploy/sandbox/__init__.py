"""A small Slack on this machine: for the demo, for tests over the wire, for pictures."""
