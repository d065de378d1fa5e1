"""Documentation from the schema and the shapes: Markdown and pictures, the same in the repository and in the portal.

`read` turns Turtle into a `Vocabulary`, `site.write` turns that into texts; neither touches a file.
"""
