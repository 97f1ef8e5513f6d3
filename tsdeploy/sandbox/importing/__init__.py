"""TML import: who an object is, what it refers to, what is wrong with it, and what is written."""
