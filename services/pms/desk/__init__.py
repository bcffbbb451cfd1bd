"""What can be asked of the hotel: the use cases, over the ports and without a word of protobuf."""
