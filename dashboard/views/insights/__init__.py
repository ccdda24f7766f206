"""Insights: a page for each question, under the filters of the list."""
