"""The verbs. Every write goes through `unit_of_work`; what only reads never writes."""
