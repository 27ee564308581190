"""Database tables only."""
