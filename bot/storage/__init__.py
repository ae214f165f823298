"""What survives: the journal, the outbox and the pictures, in SQLite or PostgreSQL."""
