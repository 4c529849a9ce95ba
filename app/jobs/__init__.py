"""What runs outside a request: the worker, and the functions it calls by name, which load by id and call one
service. Not here: what a job does (the services) and who asks for it (reactions.py)."""
