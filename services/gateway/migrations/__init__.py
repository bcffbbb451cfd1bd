"""The gateway's own migration history."""
