"""The project: settings, addresses, the Celery app, the embedded stack; and what every mechanism shares."""
