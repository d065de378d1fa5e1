"""A store behind a SPARQL 1.1 endpoint: the graph store and the door for queries, spoken over HTTP."""
