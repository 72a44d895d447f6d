"""Scripts for the people who work on the desk."""
