"""The pms service: what the hotel can sell, at what price, and the promise that no room is sold twice."""
