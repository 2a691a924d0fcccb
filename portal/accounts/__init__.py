"""Staff alone have accounts: identity, permissions, audit log; an entry point to the web like views and forms."""
