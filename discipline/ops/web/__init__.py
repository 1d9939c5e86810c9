"""What every answer passes: headers, compression, limits of size, static files and the service worker."""
