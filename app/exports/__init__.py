"""What a grid shows, to take away as xlsx or csv: small lists at once, large ones by the worker, for their asker alone.
Not here: which rows and columns a grid has (the grids), and official forms (gateways.documents)."""
