"""The dialogue, pure: no network, no environment, no clock but the one it is handed."""
