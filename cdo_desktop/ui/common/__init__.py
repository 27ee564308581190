"""Widgets written once for every tab."""
