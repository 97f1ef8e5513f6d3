"""Mapping files: rules written by people."""
