"""The workspace as a whole: its settings, and the list that sets it up."""
