"""The session service: conversations, the guests who hold them, and what was said."""
