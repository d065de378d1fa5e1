"""Other formats to triples and back: pure functions that lose nothing without a word, a file or a folder for each.

`read_x(text, base, file) -> Mapped` maps what a file says, and `write_x(triples, ...)` writes it out again: the text of a
file, or for ESCO, which has several, their texts by name. `read_skos` begins at triples, because SKOS may stand in any
syntax of RDF. A mapping uses the vocabulary of ontology/schema/ and the standards beneath it; what a format says beyond that keeps the
format's own properties, so that reading what was written gives the same graph.
"""
