"""What people and AIs try, and what comes of it: one test for each promise of SECURITY.md."""
