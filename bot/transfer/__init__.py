"""Files in and out: tables that whoever runs Baton brings along, and takes home."""
