"""One module a published config: functions from rows of the ARTICLES table to the config's table."""
