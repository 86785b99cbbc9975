"""Telling: a diagnosis in plain words, what to bring and what to do, on a page, on paper and as a message."""
