"""Where triples live: the embedded store, the caged evaluation of foreign queries, result formats."""
