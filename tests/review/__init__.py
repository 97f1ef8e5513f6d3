"""Tests of what a reviewer looks at."""
