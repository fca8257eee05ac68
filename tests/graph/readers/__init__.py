"""Readers of outside formats, tried on files that others made."""
