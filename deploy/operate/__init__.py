"""What operators do by hand: back up, restore, look into the stores, read the metrics."""
