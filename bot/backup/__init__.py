"""Everything that is stored, in one file, and back: on the same kind of database or the other one."""
