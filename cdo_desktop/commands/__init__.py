"""The work of the program without a window."""
