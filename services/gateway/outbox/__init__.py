"""From stored replies to the channels."""
