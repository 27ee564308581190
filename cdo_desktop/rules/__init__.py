"""Pure functions on plain values: the office's own rules."""
