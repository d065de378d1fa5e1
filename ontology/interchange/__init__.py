"""Other formats to triples and back: pure functions that lose nothing without a word, a file or a folder for each.

`read_x(text, base, file) -> Mapped` maps what a file says (`read_skos` and `read_oak` begin at triples, which may come
from any syntax of RDF), and `write_x(triples, ...)` gives its text again, or several by name for ESCO, which has
several files. A mapping uses the vocabulary of ontology/schema/ and the standards beneath it; what a format says beyond
that keeps the format's own properties, so that reading what was written gives the same graph.
"""
