"""Whether a person meets the conditions of a series and level: rules judged, said in words, kept by the office.
Not here: the tables and files of the rules (catalogue), what a section holds (applications/qualifying)."""
