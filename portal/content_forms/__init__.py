"""A typed document as a form: schema, binding of submitted values, widgets, choices, labels."""
