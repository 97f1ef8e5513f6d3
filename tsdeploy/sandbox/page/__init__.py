"""The web page of a sandbox: what is in it, and what was asked of it."""
