"""Benches: `make bench` prints figures, and asserts none."""
