"""`manage.py serve`: the processes that make a Runboard, started, watched and ended together."""
