"""A guest's line to the hotel, one file a channel: what its provider would post, and what the hotel sent over it."""
