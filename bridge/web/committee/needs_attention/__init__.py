"""Failed deliveries, failed emails and account questions."""
