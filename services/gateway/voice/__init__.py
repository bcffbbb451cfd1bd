"""Voice notes of guests as words, before their turn is handed on."""
