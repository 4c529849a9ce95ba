"""Figures over many applications: counts by state, series, level, unit and day.
Not here: the grids, which count for themselves."""
