"""The gateway: guests' channels on one side, the conversation on the other. Nothing lost, nothing twice."""
