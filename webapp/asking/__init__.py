"""Asking: the interview and the one-page form, and how answers travel with the page instead of being kept here."""
