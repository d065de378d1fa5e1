"""The outside: settings, composition root, HTTP routes, command line, portal pages."""
