"""What each language of the site needs: formats of numbers, money, days and times."""
