"""The faces: HTTP, pages, linked data."""
