"""Mapping files of other ThoughtSpot tools: read into one model, written from it."""
