"""The W3C's SPARQL suites, run through our HTTP endpoint beside the bare engine, and the report on them."""
