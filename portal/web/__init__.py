"""What entry points share of a request: clock, language, catalogue, rendering, navigation, errors, security."""
