"""The ontology: OWL classes and properties, SKOS schemes, shapes, rules and the names Python uses."""
