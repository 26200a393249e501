"""From the table of articles to a release: shards, card, statistics, manifest, and the check of all of it."""
