"""What answers SPARQL: one interface, several engines."""
