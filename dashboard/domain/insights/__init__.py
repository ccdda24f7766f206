"""Statistics of many runs: percentiles, shares, intervals, and whether something has changed."""
