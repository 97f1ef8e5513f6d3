"""Objects of the source paired with those of the target: from other tools, from the server, and the way back."""
