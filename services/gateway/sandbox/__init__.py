"""Stand-ins for the channels' APIs that record instead of sending. Development only."""
