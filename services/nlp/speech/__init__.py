"""Voice notes to words and words to voice notes: an optional extra of the service."""
