"""The gateway's ends towards stores and other services."""
