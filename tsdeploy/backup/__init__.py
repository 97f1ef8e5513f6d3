"""A live ThoughtSpot into a branch of its own, night after night, and back."""
