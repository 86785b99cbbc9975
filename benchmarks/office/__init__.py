"""The office at its full size: 55,000 households with 164,000 people, on SQLite and on PostgreSQL."""
