"""What admins do, a file a noun. Every change leaves an entry in the audit log beside it."""
