"""Words and vectors: folding and analysis per script, the label index, the encoder."""
