"""The hotel's own chat page: anonymous visitors, Server-Sent Events, the same inbox and outbox as every channel."""
