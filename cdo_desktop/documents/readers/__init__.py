"""Files from outside, read in a bounded child process."""
