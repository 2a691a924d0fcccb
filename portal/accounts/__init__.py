"""Staff alone have accounts: who they are, what they may do, what they did; a door to the web like views and forms."""
