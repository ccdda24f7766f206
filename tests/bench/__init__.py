"""`make bench`: what a view costs, beside a bare Django view in the same run."""
