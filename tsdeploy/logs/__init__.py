"""What a run says of itself: events on the standard ``logging``, where they are written, and the report of a crash."""
