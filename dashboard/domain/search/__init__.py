"""Full-text search: texts into tokens, the words of the box, and where they hit."""
