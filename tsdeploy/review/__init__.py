"""What a reviewer looks at. Nothing is imported here: processes that only help to read need little of it."""
