"""Every table, imported so that relations by name and migrations find them."""

import app.accounts.models
import app.announcements.models
import app.applications.models
import app.audit.models
import app.catalogue.models
import app.certificates.models
import app.exports.models
import app.files.models
import app.identities.models
import app.meetings.models
import app.messages.models
import app.payments.models
import app.personal_data.models
import app.public_notices.models
import app.review_bodies.models
import app.reviews.models
import app.units.models  # noqa: F401
