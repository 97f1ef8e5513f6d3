"""What happens to requests on their way: rate limits, faults, latency, and the log of them all."""
