"""系统: units, holidays, settings and what the program is."""
