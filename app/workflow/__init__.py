"""The journey of an application as pure tables: states, who may do what in which of them, and under which guards.
Not here: Flask, SQLAlchemy, the clock, and what follows from a move (see app/reactions.py)."""
