"""One module an outside format: files in, records out."""
