"""What each error code means, why it matters, and what to do: one Markdown page a code, shipped with the package."""
