"""Where everything is kept: the database, its keys, its schema in steps, and one actor's unit of work."""
