"""What the gateway knows of messages, turns and delivery. Pure: no I/O, no wall clock, no protobuf."""
