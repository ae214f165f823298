"""How words reach Discord: what is said is written to the outbox first and marked as posted after."""
