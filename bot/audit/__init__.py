"""The audit log: who changed what of whom, or of the workspace, from what to what."""
