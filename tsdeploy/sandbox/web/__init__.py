"""HTTP: the server, declared arguments, error bodies, sessions."""
