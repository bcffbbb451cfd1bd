"""Staff's stores in PostgreSQL, and the services they read."""
