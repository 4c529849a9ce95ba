"""The same city as for reviews."""

from tests.reviews.conftest import answered, story  # noqa: F401
