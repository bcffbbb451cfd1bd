"""The orchestrator's ports over the other services' contracts, and in memory."""
