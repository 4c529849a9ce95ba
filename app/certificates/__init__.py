"""Certificates (职称证书): numbering, issue, the PDF, and the public verification.
Not here: the PDF's typesetting (gateways/documents) and the approval that comes first (meetings)."""
