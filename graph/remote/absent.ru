FILTER NOT EXISTS { GRAPH $graph { $subject $predicate ?any } }
