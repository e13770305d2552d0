"""Slack's side of Baton: payloads, Block Kit, ids. It knows no SQL; `bot` does."""
