"""What Insights say in words, and where the marks of their charts lie."""
