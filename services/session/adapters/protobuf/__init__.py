"""The contract in protobuf: messages to domain values and back. Nothing else in the service knows messages."""
