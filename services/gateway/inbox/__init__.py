"""From stored messages to answered turns."""
