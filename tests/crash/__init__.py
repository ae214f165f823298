"""The real process, killed at random and at nasty instants again and again: `python -m tests.crash`."""
