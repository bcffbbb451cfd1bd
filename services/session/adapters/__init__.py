"""The service's stores, its cache, and its contract in protobuf."""
