"""Alembic migrations; each runs inside the transaction that store.schema opened."""
