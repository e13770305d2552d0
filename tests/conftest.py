"""What every test can ask for."""

from tests.databases import database_url, newest_postgres, newest_sqlite, postgres, store

__all__ = ["database_url", "newest_postgres", "newest_sqlite", "postgres", "store"]
