"""The wire: the sandbox and the bot as processes, and a driver that uses them as people do."""
