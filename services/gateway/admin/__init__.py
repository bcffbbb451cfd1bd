"""The admin API under /admin/v1: the same rights as in the console, for programs."""
