"""From a live ThoughtSpot into a git folder."""
