"""The demo: Northfold, a small investment company, its knowledge, its team, a usual afternoon."""

INBOX_KEY = "northfold-demo"
