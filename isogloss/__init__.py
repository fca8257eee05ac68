"""Isogloss: an open knowledge graph of AI standards and of the terms they use."""

__all__ = ["__version__"]

__version__ = "0.1.0"
