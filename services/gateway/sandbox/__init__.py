"""A stand-in for the Graph API that records instead of sending. Development only."""
