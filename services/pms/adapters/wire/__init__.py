"""Protobuf messages to the domain's values and back; the only place that knows both."""
