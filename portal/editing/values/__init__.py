"""Values are changed once, with a day and a basis, after everybody saw where they are used."""
