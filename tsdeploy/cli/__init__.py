"""The commands; they call the library and render what it returns."""
