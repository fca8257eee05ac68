"""Finding things by name, identifier and facet: an SQLite FTS5 index that is sealed with the snapshot."""
