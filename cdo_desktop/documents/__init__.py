"""What leaves or enters as a file."""
