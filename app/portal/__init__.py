"""The doors of the site: the public home with what everybody may ask there, and the home of each role.
Not here: anything that they lead to, and the homes of unit and body, which count what waits for review (reviews)."""
