"""The schema's versions, one file each, applied in order by Alembic when the database is opened."""
