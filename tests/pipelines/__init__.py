"""Tests of the pipelines that are written for CI systems."""
