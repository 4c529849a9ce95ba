"""The demonstration: an invented city, made by the services as people would have made it, day after day up to now.
Not here: anything that the platform needs; in production the command refuses."""
