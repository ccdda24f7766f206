"""Patterns of the styleguide: made-up runs, read and rendered as real ones are."""
