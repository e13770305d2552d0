"""What people may ask of the data about them: have it, all of it, and have it erased."""
