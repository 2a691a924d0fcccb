"""What operators see and run: health, logs, jobs, commands."""
