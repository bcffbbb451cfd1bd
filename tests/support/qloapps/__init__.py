"""A stand-in for QloApps 1.6.1: its web service with its quirks, over HTTP, for tests and for trying things by hand."""
