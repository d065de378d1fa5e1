"""HTTP routes: each file one subject, each handler a few lines around one call of the core."""
