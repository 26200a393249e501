"""
The review page: people correct labels in a browser, and what they decide comes back as gold.

    release ─load→ store (SQLite: queue, versions, events) ─app→ browser ─events→ store ─verdicts→ gold, agreement

The server reads and writes the store alone and imports neither the pipeline nor Arrow; a process of its own loads the
release into the store and ends.
"""
