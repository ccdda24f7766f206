"""What many runs say together: the runs that Insights are of, and what their figures need."""
