"""Who works with the system: accounts, roles, areas, and what each may do."""
