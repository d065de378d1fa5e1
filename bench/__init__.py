"""The benchmark table: what Kesher costs, side by side in one run with the bare engine beneath it."""
