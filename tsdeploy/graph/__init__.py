"""The dependency graph as people look at it: text, Mermaid, DOT, and a page for the browser."""
