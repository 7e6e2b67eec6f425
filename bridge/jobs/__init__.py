"""When work runs: scheduler, runs, requests, locks."""
