"""Filters of lists of runs, as a query string gives them."""
