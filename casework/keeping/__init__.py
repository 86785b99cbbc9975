"""Looking after what is kept: copies and their way back, new keys, whether all is whole, and what must go in time."""
