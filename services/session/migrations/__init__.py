"""The history of the schema `session`."""
