"""What Backroom costs in time and memory, measured by `make bench`; none of it is a test."""
