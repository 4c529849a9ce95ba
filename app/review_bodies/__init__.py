"""Review bodies (系列、评委会、职改办): their tree and powers, and their campaigns with windows, fees and texts.
Not here: the work on applications (reviews) and meetings (meetings)."""
