"""What templates are rendered with: one environment per language, inline styles and scripts, shared fragments."""
