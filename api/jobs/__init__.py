"""Jobs: what somebody has sent is kept, waits its turn, and is ingested by this process, the one that writes."""
