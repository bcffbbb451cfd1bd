"""QloApps 1.6.1 behind the backend port: its web service for rooms and bookings, our own books for what it lacks."""
