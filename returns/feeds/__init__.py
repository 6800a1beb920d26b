"""The council's own files, as often as it likes to send them: its children, and the people who work with them.

What the files hold and how a row is read. What becomes of a row is written in `returns.services.feeds`; the columns
are explained in docs/feeds.md.
"""
