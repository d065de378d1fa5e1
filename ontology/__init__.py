"""What things mean: schema, shapes, starter knowledge, named questions, domain types and errors."""
