"""Engine, transactions and migrations."""
