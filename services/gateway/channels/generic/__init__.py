"""Any other channel, attached from outside by signed webhooks in both directions."""
