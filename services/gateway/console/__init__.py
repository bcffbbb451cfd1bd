"""Pages for staff: the queue, a conversation, the day's stays, figures. Rendered here, kept live by events."""
