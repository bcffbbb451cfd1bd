"""The channels: each one folder behind one port."""
