"""The application for tools that look for one: `flask …` and a WSGI server of one's own choice."""

import os

from app import create_app
from config import load

app = create_app(load(os.environ))
