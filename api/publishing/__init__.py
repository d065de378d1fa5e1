"""The public dataset as a whole, for those who take it away: what is in it, counted, and all of it as files."""
