"""The outside world, one folder each: a protocol, its errors, and one file per technology.
Not here: when to send, charge, keep or print something (services), and what a person is told (views)."""
