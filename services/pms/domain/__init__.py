"""The rules of selling rooms, pure: no store, no wire, no clock of its own."""
