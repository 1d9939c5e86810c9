"""Parts of the web server: headers, compression, size limits, the menu, static files and the service worker."""
