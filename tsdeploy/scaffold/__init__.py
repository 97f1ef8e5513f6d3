"""The files that a repository begins with: written from a few answers, and never over what is there."""
