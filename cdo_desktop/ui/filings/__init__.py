"""备案办理: what becomes of every filing from its form to the shelf."""
