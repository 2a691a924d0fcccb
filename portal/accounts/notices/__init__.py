"""What people learn about accounts: mail to whom it concerns, notes for the other administrators."""
