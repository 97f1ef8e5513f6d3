"""What a cluster remembers: one SQLite database, and one small class per thing remembered."""
