"""The doors of the site: the public home, and the home of each role. Not here: anything that they lead to."""
