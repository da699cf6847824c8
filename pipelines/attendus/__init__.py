"""Who has not delivered: the cadence of each contract against the deliveries, month by month."""
