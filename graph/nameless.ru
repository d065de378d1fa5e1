# Takes out or puts in statements with blank nodes, which DELETE DATA cannot name and INSERT DATA names anew. In each row
# an address stands for the node; the function gives the node back.
$verb { $pattern }
WHERE {
  VALUES (?subject ?predicate ?object ?graph) { $rows }
  BIND(<$node>(?subject) AS ?s)
  BIND(<$node>(?object) AS ?o)
}
