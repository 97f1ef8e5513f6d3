"""Validate, publish, verify, record."""
