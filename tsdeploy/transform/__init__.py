"""Source documents and mapping to the documents of one environment. Pure, no I/O."""
