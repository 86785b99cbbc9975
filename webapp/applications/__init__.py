"""The applicant's own pages: a self-check is handed in here, and its way through the office is followed."""
