"""How people type: words, days, lengths and names, read the same way by every command."""
