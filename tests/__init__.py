"""The tests. Run them with `python3 -m helpdesk test`."""
