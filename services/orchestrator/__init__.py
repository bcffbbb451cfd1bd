"""The conversation: what to do and what to say next. Contract: protos/hotel/orchestrator/v1."""
