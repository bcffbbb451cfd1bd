"""Runs the whole mesh on one machine, without Docker and without root: stores, migrations, services."""
