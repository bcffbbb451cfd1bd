"""What the domain's ports stand on: the sentence encoder, phone numbers, the model on disk."""
