"""Words to entities: passages, the vector index, ranking, explained recommendation, evaluation."""
