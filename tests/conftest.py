"""What every test can ask for, and what holds for all of them."""

from hypothesis import HealthCheck, settings

from tests.databases import database_url, newest_postgres, newest_sqlite, postgres, store

__all__ = ["database_url", "newest_postgres", "newest_sqlite", "postgres", "store"]

# No test asserts on time: a property that takes long on a busy machine holds all the same.
settings.register_profile("baton", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("baton")
