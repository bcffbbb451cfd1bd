"""People who work at the hotel: who they are, what they may do, and what they did. Shared by console and admin API."""
