"""Programs that check what is deployed. They are fetched from package indexes and nothing depends on them."""
