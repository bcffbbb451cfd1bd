"""Real processes that die at the worst moment; what was promised must still hold."""
