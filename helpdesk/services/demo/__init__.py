"""The demo: Northfold, a small investment company, its knowledge, its team, a usual afternoon."""

INBOX_KEY = "northfold-demo"
BUSINESS_KEY = "northfold-business"
"""The inbox for companies, whose people keep office hours: closed at the first start."""
