"""The release against what is live."""
