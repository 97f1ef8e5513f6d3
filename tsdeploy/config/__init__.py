"""Project and environment files, and secrets by reference."""
