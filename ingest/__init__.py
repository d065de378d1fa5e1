"""World to triples: readers, description, curation, the one writer and its ledger."""
